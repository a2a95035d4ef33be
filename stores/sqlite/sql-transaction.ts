import { isStoreError, StoreError } from '../../lib/errors.js'
import type { Coordinator, MaybePromise, TransactionGroup } from '../../lib/store.js'
import { settle } from '../../lib/when.js'
import { writeTimeout } from '../table/store.js'
import { type Connection, rollback } from './connection.js'
import type { InDoubt } from './in-doubt.js'
import { patiently } from './patience.js'
import { markStart, type Preparation, prepare, unrecord } from './prepare.js'
import type { RowChange } from './redo.js'
import type { Note } from './write.js'

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
  /** Takes down a change, if the transaction may have to be prepared. */
  readonly note: Note | undefined
  /** Is it being prepared, so that it cannot be read from? */
  readonly preparing: boolean
  join(member: Member): void
  /** Prepares when the last of the members says so. */
  prepare(member: Member): MaybePromise<void>
  /** Commits when the last of the members says so. */
  commit(member: Member): MaybePromise<void>
  /** Rolls everything back, for all members. */
  abort(): void
  /** Aborts, unless it is prepared: then it is in doubt. */
  leave(): void
  /** Ends it if SQLite has rolled it back by itself, as it does when the disk is full. */
  checkAlive(): void
}

export interface SqlTransactionParts {
  readonly connection: Connection
  readonly group: TransactionGroup | undefined
  readonly inDoubt: InDoubt
  /** Called when it has ended. */
  over(): void
}

/** The transaction that has just begun on the connection. */
export function sqlTransaction({ connection, group, inDoubt, over }: SqlTransactionParts): SqlTransaction {
  const members = new Set<Member>()
  const unprepared = new Set<Member>()
  const undecided = new Set<Member>()
  const changes: RowChange[] = []
  const note = (change: RowChange) => void changes.push(change)
  let state: 'open' | 'preparing' | 'aborting' | 'prepared' | 'ended' = 'open'
  let preparation: Preparation | undefined
  if (group) markStart(connection)

  /** The members that have committed, and wait for the others. */
  const waiting: { resolve(): void; reject(error: unknown): void }[] = []

  function end(reason: () => unknown = aborted): void {
    if (state === 'ended') return
    state = 'ended'
    over()
    for (const member of members) member.ended()
    for (const each of waiting.splice(0)) each.reject(reason())
  }

  function abort(reason?: () => unknown): void {
    // who is preparing ends it himself, when he gets to it
    if (state === 'preparing') state = 'aborting'
    if (state === 'aborting' || state === 'ended') return
    rollback(connection)
    if (preparation) unrecord(preparation)
    end(reason)
  }

  function prepareAll(coordinator: Coordinator): MaybePromise<void> {
    const left = () => inDoubt.left(coordinator.id, { committed: false, settled() {} })
    const making = { connection, coordinator, changes, check: checkWanted, left }
    state = 'preparing'
    return settle(
      () => prepare(making),
      () => {
        const wanted = state === 'preparing'
        state = 'prepared'
        preparation = making
        if (wanted) return
        abort()
        throw aborted()
      },
      error => {
        end()
        throw error
      },
    )
  }

  function checkWanted(): void {
    if (state === 'aborting') throw aborted()
  }

  function committed(): void {
    for (const each of members) each.committed()
    for (const each of waiting.splice(0)) each.resolve()
  }

  /** For a member that commits before the others. */
  function commitWithOthers(): Promise<void> {
    const done = new Promise<void>((resolve, reject) => waiting.push({ resolve, reject }))
    // who does not wait for it is told by the last one's error
    done.catch(() => {})
    return done
  }

  function commitAlone(): MaybePromise<void> {
    return settle(
      () => patiently(() => connection.run('COMMIT'), { timeout: writeTimeout }),
      () => {
        group?.landed?.()
        committed()
        end()
      },
      error => {
        abort(() => error)
        throw error
      },
    )
  }

  /** It is decided: what cannot be done now is done before the next write, or when the file is opened next. */
  function commitPrepared({ coordinator }: Preparation): void {
    try {
      connection.run('COMMIT')
    } catch (cause) {
      rollback(connection)
      inDoubt.left(coordinator.id, { committed: true, settled: committed })
      const error = delayed(cause)
      end(() => error)
      throw error
    }
    committed()
    end()
  }

  return {
    get note() {
      return group?.coordinator && note
    },
    get preparing() {
      return state === 'preparing' || state === 'aborting'
    },
    join(member) {
      for (const each of [members, unprepared, undecided]) each.add(member)
    },
    prepare(member) {
      if (!group?.coordinator) throw withoutLog()
      unprepared.delete(member)
      return unprepared.size > 0 ? undefined : prepareAll(group.coordinator)
    },
    commit(member) {
      undecided.delete(member)
      if (undecided.size > 0) return commitWithOthers()
      return preparation ? commitPrepared(preparation) : commitAlone()
    },
    abort: () => abort(),
    leave() {
      if (state !== 'prepared' || !preparation) return abort()
      rollback(connection)
      inDoubt.left(preparation.coordinator.id)
      end()
    },
    checkAlive() {
      if (!connection.database.inTransaction) end()
    },
  }
}

const aborted = () => new StoreError('TransactionInactiveError', 'the transaction was aborted')

function withoutLog(): StoreError {
  const hint = 'transaction(stores, work, { log })'
  return new StoreError('NotSupportedError', `a store that lasts prepares only with a transaction log: ${hint}`)
}

function delayed(cause: unknown): StoreError {
  const message =
    'the transaction is decided, but SQLite could not commit it yet; it is done again before the next write'
  return new StoreError(isStoreError(cause) ? cause.name : 'UnknownError', `${message}: ${(cause as Error).message}`, {
    cause,
  })
}
