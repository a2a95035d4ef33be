import Database from 'better-sqlite3'

/** Called around each statement that changes something: what it throws is thrown by the statement. */
export interface StatementHook {
  before?(sql: string, database: Database.Database): void
  after?(sql: string, database: Database.Database): void
}

/** Watches the statements of all databases that are opened while the work is done. */
export async function watching<R>(hook: StatementHook, work: () => R | Promise<R>): Promise<R> {
  const { prepare } = Database.prototype
  Database.prototype.prepare = function (this: Database.Database, sql: string) {
    const statement = prepare.call(this, sql)
    const run = statement.run as (...cells: unknown[]) => Database.RunResult
    return Object.assign(statement, {
      run: (...cells: unknown[]) => {
        hook.before?.(sql, this)
        const result = run.apply(statement, cells)
        hook.after?.(sql, this)
        return result
      },
    })
  } as typeof prepare
  try {
    return await work()
  } finally {
    Database.prototype.prepare = prepare
  }
}

/** All SQL that is given to SQLite while the work is done. */
export function sqlOf(work: () => void): string[] {
  const { prototype } = Database
  const { prepare, exec } = prototype
  const texts: string[] = []
  prototype.prepare = function (this: typeof prototype, sql: string) {
    texts.push(sql)
    return prepare.call(this, sql)
  } as typeof prepare
  prototype.exec = function (this: typeof prototype, sql: string) {
    texts.push(sql)
    return exec.call(this, sql)
  } as typeof exec
  try {
    work()
  } finally {
    prototype.prepare = prepare
    prototype.exec = exec
  }
  return texts
}
