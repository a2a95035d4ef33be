import { join } from 'node:path'
import Database from 'better-sqlite3'
import { keptFolder } from './json-file/folder.js'

/** Where the databases of a spec are, and a path in it for the next. */
export function files() {
  const folder = keptFolder()
  let made = 0
  const newPath = () => join(folder, `${made++}.db`)
  return {
    folder,
    newPath,
    /** Where another program has made a database with this SQL. */
    existing: (sql: string) => executed(newPath(), sql),
  }
}

/** Lets another program do this with a database. */
export function executed(path: string, sql: string): string {
  const database = new Database(path)
  database.exec(sql)
  database.close()
  return path
}

/** What another program reads in a database. */
export function rowsOf(path: string, sql: string, ...parameters: unknown[]): unknown[][] {
  const database = new Database(path, { readonly: true })
  const rows = database
    .prepare(sql)
    .raw()
    .all(...parameters)
  database.close()
  return rows as unknown[][]
}

export function columnsOf(path: string): unknown[] {
  return rowsOf(path, "SELECT name FROM pragma_table_info('objects')").flat()
}
