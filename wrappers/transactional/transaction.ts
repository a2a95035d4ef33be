import { derive, hide, provide } from '../../lib/derive.js'
import { StoreError } from '../../lib/errors.js'
import { toKey } from '../../lib/id.js'
import type { Identified } from '../../lib/identity.js'
import { over, overlay } from '../../lib/overlay.js'
import type { UniqueKeys } from '../../lib/overlay-unique.js'
import { overlayWrites } from '../../lib/overlay-writes.js'
import {
  can,
  type Id,
  type MaybePromise,
  type Options,
  type Precondition,
  type PutOptions,
  type Store,
  type Transaction,
} from '../../lib/store.js'
import { equal } from '../../lib/value.js'
import { onEach, settle, when } from '../../lib/when.js'
import type { Step, Writable } from './apply.js'

export interface TransactionParts {
  readonly inner: Writable
  readonly idProperty: string | undefined
  readonly unique: UniqueKeys
  identify(object: object, options: PutOptions): Identified<object>
  /** Throws if the store is closed, or the signal aborted. */
  check(options?: Options): void
  /** Makes the writes, all or none. */
  commit(steps: readonly Step[]): MaybePromise<void>
}

/** A transaction as its store has it. */
export interface OpenTransaction {
  readonly tx: Transaction
  /** Drops the writes, unless they are being committed. */
  leave(): void
}

/** A transaction whose writes are kept here until it commits. `ended` is called when it is over and others may write. */
export function openTransaction(parts: TransactionParts, ended: () => void): OpenTransaction {
  const { inner, identify, unique, idProperty } = parts
  const able: Store = inner
  const writes = overlay<object>()
  /** What was stored under the keys of which it matters, when that was looked at. */
  const seen = new Map<Id, object | undefined>()
  let active = true

  function check(options?: Options): void {
    parts.check(options)
    if (!active) throw new StoreError('TransactionInactiveError', 'the transaction has ended')
  }

  const reads = over(inner, writes, { idProperty, check })
  const { after, ...writing } = overlayWrites({
    inner,
    pending: writes,
    reads,
    unique,
    identify,
    check,
    looked: (key, object) => void (seen.has(key) || seen.set(key, object)),
    write: writes.write,
  })

  /** What is to be written, over what is stored now; an error if that is not what the transaction was decided on. */
  function steps(): MaybePromise<Step[]> {
    const found = new Map<Id, object | undefined>()
    const wanted = [...writes.values()]
    const read = onEach(wanted, ({ id }) => when(inner.get(id), object => void found.set(toKey(id), object)))
    return when(read, () =>
      wanted.flatMap(({ id, object }) => {
        const key = toKey(id)
        const previous = found.get(key)
        const known = seen.has(key)
        if (known && !equal(seen.get(key), previous)) throw changed(id)
        return object || previous ? { id, object, previous, condition: known ? as(previous) : {} } : []
      }),
    )
  }

  /** Ends it when the work is done, however that goes. */
  function end(work: () => MaybePromise<void>): MaybePromise<void> {
    active = false
    return settle(work, ended, error => {
      ended()
      throw error
    })
  }

  const tx = derive<object, Id>({} as Transaction, {
    get: provide(reads.get),
    put: provide(writing.put),
    add: can(able, 'add') ? provide(writing.add) : hide,
    delete: provide(writing.delete),
    query: can(able, 'query') ? provide(reads.query) : hide,
    count: can(able, 'query') && can(able, 'count') ? provide(reads.count) : hide,
    prepare: hide,
    commit: provide(() => {
      check()
      return after(() => {
        check()
        return end(() => when(steps(), parts.commit))
      })
    }),
    abort: provide(() => (active ? end(() => {}) : undefined)),
  })

  return { tx, leave: () => void (active && end(() => {})) }
}

/** The condition under which the inner store still has this. */
function as(stored: object | undefined): Precondition {
  return stored ? { ifMatch: stored } : { ifNoneMatch: '*' }
}

function changed(id: Id): StoreError {
  const message = `${id} was changed by others while the transaction was open, past the wrapper: nothing was written`
  return new StoreError('PreconditionFailedError', message, { id })
}
