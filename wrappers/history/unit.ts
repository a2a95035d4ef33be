/** What ends as one: a transaction on the inner store and one on the log, which gets the records when it commits. */
import { StoreError } from '../../lib/errors.js'
import { toKey } from '../../lib/id.js'
import type { Attribution, Id, MaybePromise, Transaction } from '../../lib/store.js'
import type { Participant } from '../../lib/take-part.js'
import { checkedCopy } from '../../lib/value.js'
import { isPromise, settle, when } from '../../lib/when.js'
import { perform, type Write } from '../../lib/writes.js'
import { between } from './delta.js'
import { inTurn, type Ledger, type LogTransaction } from './ledger.js'
import type { Draft, Entry, Mark } from './record.js'

export interface Unit<T extends object, K extends Id> {
  readonly inner: Transaction<T, K>
  readonly log: LogTransaction
  write(write: Write<T, K>, mark?: Mark): MaybePromise<K | boolean>
  readonly prepare: (() => MaybePromise<void>) | undefined
  /** Gives the records. */
  commit(): MaybePromise<readonly Entry[]>
  abort(): MaybePromise<void>
}

export interface UnitOptions<T extends object, K extends Id> {
  readonly ledger: Ledger
  readonly idProperty: string
  /** Who writes, and why: as the write says, else its transaction. */
  attribution(write: Attribution, transaction: Attribution): Attribution
  /** Called in the order of the sequences; gives what is to be called when it is known whether these are committed. */
  recorded(drafts: readonly Draft<T, K>[], entries: readonly Entry[]): (committed: boolean) => void
}

const nobody: Attribution = {}
const none: readonly Entry[] = []

export function unitOf<T extends object, K extends Id>(
  pair: Participant,
  given: Attribution,
  { ledger, idProperty, attribution, recorded }: UnitOptions<T, K>,
): Unit<T, K> {
  const inner = pair.txs[0] as Required<Transaction<T, K>>
  const log = pair.txs[1] as LogTransaction
  const touched = new Map<Id, Draft<T, K>>()
  /** Those that are under way. */
  let writes: Promise<unknown>[] | undefined
  let entries = none
  let closed = false
  let committing = false
  let tell: ReturnType<typeof recorded> | undefined

  function write(write: Write<T, K>, mark?: Mark): MaybePromise<K | boolean> {
    if (closed) throw inactive()
    const by = attribution(write.options ?? nobody, given)
    const said = mark ? { ...by, ...mark } : by
    const asked = write.method === 'delete' ? write.id : (write.options?.id ?? write.object?.[idProperty as never])
    // whose id is made by the store, or is none, is not there before
    const before = isId(asked) && !touched.has(toKey(asked)) ? inner.get(asked as K) : undefined
    const own = isPromise(before) ? kept(write) : write
    const work = when(before, previous =>
      when(perform(settled(own, asked), inner), result => {
        if (result !== false) note(write.method === 'delete' ? write.id : (result as K), previous, said)
        return result
      }),
    )
    if (isPromise(work)) {
      writes ??= []
      writes.push(work.catch(nothing))
    }
    return work
  }

  function note(id: K, previous: T | undefined, mark: Mark): void {
    const key = toKey(id)
    const known = touched.get(key)
    if (known) {
      known.id = id
      known.mark = mark
    } else touched.set(key, { key, id, previous, mark, object: undefined, delta: undefined })
  }

  function record(): MaybePromise<void> {
    closed = true
    return when(writes && Promise.all(writes), () => (touched.size > 0 ? recordAll([...touched.values()]) : undefined))
  }

  function recordAll(all: readonly Draft<T, K>[]): MaybePromise<void> {
    return when(inTurn(all, look), () => {
      const drafts = all.filter(({ delta }) => delta)
      if (drafts.length === 0) return
      return when(ledger.append(log, drafts), written => {
        entries = written
        tell = recorded(drafts, written)
      })
    })
  }

  /** What has become of it. */
  function look(draft: Draft<T, K>): MaybePromise<void> {
    return when(inner.get(draft.id), object => {
      draft.object = object
      draft.delta = between(draft.previous, object)
    })
  }

  function ended(committed: boolean): void {
    tell?.(committed)
    tell = undefined
  }

  return {
    inner,
    log,
    write,
    prepare: pair.prepare && (() => when(record(), () => pair.prepare?.())),
    commit() {
      // a second one would overtake what the first has to record
      if (committing) throw inactive()
      committing = true
      return settle(
        // prepared, it must be seen at once
        () => (closed ? pair.commit() : when(record(), pair.commit)),
        () => {
          ended(true)
          return entries
        },
        error => {
          ended(false)
          return failed(pair, error)
        },
      )
    },
    abort() {
      // who commits will know how it has ended
      if (!committing) ended(false)
      return pair.abort()
    },
  }
}

/** The same write, of what was looked at: refused if the object then says another id, or if it said none and something is there. */
function settled<T extends object, K extends Id>(write: Write<T, K>, id: unknown): Write<T, K> {
  if (write.method === 'delete') return write
  const options = isId(id) ? { ...write.options, id: id as K } : { ...write.options, ifNoneMatch: '*' as const }
  return { ...write, options }
}

/** The same write, whatever the caller does with the object while it has to wait. */
export function kept<T extends object, K extends Id>(write: Write<T, K>): Write<T, K> {
  if (write.method === 'delete') return write
  try {
    return { ...write, object: checkedCopy(write.object) }
  } catch {
    // the inner store refuses it too
    return write
  }
}

/** Ends what is begun, and throws on. */
export function failed(begun: Pick<Participant, 'abort'>, error: unknown): MaybePromise<never> {
  return when(begun.abort(), () => {
    throw error
  })
}

function inactive(): StoreError {
  return new StoreError('TransactionInactiveError', 'the transaction is being committed, or has ended')
}

function isId(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number'
}

function nothing(): void {}
