import { createRequire } from 'node:module'

// the one that the library uses, which is compiled already
const Database = createRequire(new URL('../../package.json', import.meta.url))('better-sqlite3')

/** Opens a database by better-sqlite3 alone, as lasting and as distrustful as the store does. */
export function openRaw(path) {
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('fullfsync = ON')
  database.pragma('trusted_schema = OFF')
  database.pragma('cell_size_check = ON')
  return database
}

/** What the table of a store looks like, as the statements that make the same in another database. */
export function schemaOf(path) {
  const database = new Database(path, { readonly: true })
  const statements = database.prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL').pluck().all()
  const columns = database.prepare("SELECT name FROM pragma_table_info('users')").pluck().all()
  database.close()
  return { statements, columns }
}
