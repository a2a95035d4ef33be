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
