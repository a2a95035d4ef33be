import type { MaybePromise } from '../../lib/store.js'
import { settle } from '../../lib/when.js'
import { writeTimeout } from '../table/store.js'
import { type Connection, rollback } from './connection.js'
import { patiently } from './patience.js'

/** A store's part in a transaction. */
export interface Member {
  /** All parts have been committed. */
  committed(): void
  /** It is over, whether committed or rolled back. */
  ended(): void
}

/**
 * One transaction of the database, in which several stores may have a part: what they write lasts together or not at
 * all.
 */
export interface SqlTransaction {
  join(member: Member): void
  /** Commits when the last of the members says so. */
  commit(member: Member): MaybePromise<void>
  /** Rolls everything back, for all members. */
  abort(): void
  /** Ends it if SQLite has rolled it back by itself, as it does when the disk is full. */
  checkAlive(): void
}

/** The transaction that has just begun on the connection. */
export function sqlTransaction(connection: Connection, over: () => void): SqlTransaction {
  const members = new Set<Member>()
  const undecided = new Set<Member>()
  let ended = false

  function end(): void {
    if (ended) return
    ended = true
    over()
    for (const member of members) member.ended()
  }

  function abort(): void {
    if (ended) return
    rollback(connection)
    end()
  }

  return {
    join(member) {
      members.add(member)
      undecided.add(member)
    },
    commit(member) {
      undecided.delete(member)
      if (undecided.size > 0) return undefined
      return settle(
        () => patiently(() => connection.run('COMMIT'), { timeout: writeTimeout }),
        () => {
          for (const each of members) each.committed()
          end()
        },
        error => {
          abort()
          throw error
        },
      )
    },
    abort,
    checkAlive() {
      if (!connection.database.inTransaction) end()
    },
  }
}
