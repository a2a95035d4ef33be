import { checkedClock } from '../lib/clock.js'
import { derive, forward, provide, type Wrapped } from '../lib/derive.js'
import { StoreError } from '../lib/errors.js'
import { introduce } from '../lib/explain.js'
import { feed } from '../lib/feed.js'
import { idPropertyOf } from '../lib/id-property.js'
import { judge } from '../lib/schema.js'
import type { Attribution, Id, Store } from '../lib/store.js'
import { writingBack } from '../lib/write-back.js'
import { type ChangesOptions, changes } from './history/changes.js'
import { type CompactOptions, compact } from './history/compact.js'
import { ledger } from './history/ledger.js'
import { live } from './history/live.js'
import { checkOptions, type HistoryOptions } from './history/options.js'
import { type Difference, type Moment, past } from './history/past.js'
import type { HistoryRecord, Log, Point, Selection } from './history/record.js'
import { type UndoOptions, undoing } from './history/undo.js'
import { writing } from './history/writing.js'

export type { ChangesOptions } from './history/changes.js'
export type { CompactOptions } from './history/compact.js'
export type { HistoryOptions } from './history/options.js'
export type { Difference } from './history/past.js'
export type { HistoryRecord, Point, Selection } from './history/record.js'
export type { UndoOptions } from './history/undo.js'

type Kind<L, R> = L extends { query(...args: never): Iterable<unknown> } ? Iterable<R> : AsyncIterable<R> | Iterable<R>

/** What a store with a history has besides the methods of a store. */
export interface History<T extends object, K extends Id, L = Store> {
  /** The records, all or some, in the order of the commits; of one object without looking at the others. */
  changes(selection?: K | Selection<K>, options?: ChangesOptions): Kind<L, HistoryRecord<T, K>>
  /**
   * Undoes the last change that is not undone: of an object, an actor, or of all; except of a single object, with all that the
   * same transaction changed. Or what is given as a transaction. It is a write, and gives the records of it: none if there is
   * nothing to undo. A later change of the same property that is not undone itself is a `PreconditionFailedError` with the
   * record that is in the way as its cause; an object that no model over it would write any more, a `ValidationError`. It goes
   * past the wrappers around this one.
   */
  undo(selection?: K | Selection<K>, options?: UndoOptions): Promise<HistoryRecord<T, K>[]>
  /** Does again what was undone last, as long as nothing new has been written by that actor, or to that object. */
  redo(selection?: K | Selection<K>, options?: UndoOptions): Promise<HistoryRecord<T, K>[]>
  /**
   * The store as it was. A `get` reads the later records of that object, `query` and `count` all objects and all later
   * records. A `NotFoundError` when it is asked, if these are no longer kept.
   */
  at(point: Point): Required<Pick<Store<T, K>, 'get' | 'query' | 'count'>>
  /** The net changes from one point to the other, in the order of the ids. Reads all records since the earlier one. */
  diff(from: Point, to: Point, options?: Pick<UndoOptions, 'signal'>): Promise<Difference<T, K>[]>
  /** Drops what is older. Gives the number of the records dropped. Can be stopped, and done again. */
  compact(options: CompactOptions): Promise<number>
  /** What is written through this store, each change with its sequence; with `since` first what came after that sequence. */
  readonly subscribe: NonNullable<Store<T, K>['subscribe']>
}

/**
 * Keeps a record of every change, in the same commit: what was there and what is, when, by whom and why. So it can be undone,
 * done again, and looked at as it was. Everything must be written through it. A write costs a transaction on the store and the
 * log and two reads more, however long the history is. A change may be as large as one object may be, and one level less deep.
 */
export function history<S extends Store, L extends Store, T extends object, K extends Id>(
  inner: S & Store<T, K>,
  options: HistoryOptions<L>,
): Wrapped<S, never, History<T, K, L>>
export function history<T extends object, K extends Id>(
  inner: Store<T, K>,
  options: HistoryOptions,
): Store<T, K> & History<T, K> {
  checkOptions(inner, options)
  const { log, max = Infinity, coordinator, clock = Date.now } = options
  const idProperty = idPropertyOf(inner, options.idProperty)
  log.setSchema?.({ properties: { of: { index: true } } })
  const records = log as Log
  const kept = ledger({ max, clock: checkedClock(clock) })
  const follow = feed<T, K>({ resume: (since, options) => changesSince(since, options) })
  const { alone, begin, within } = writing<T, K>({
    inner,
    log,
    ledger: kept,
    coordinator,
    idProperty,
    attribution: attributionOf(options),
    recorded: live(follow),
  })
  const { at, diff, changesSince } = past<T, K>({ log: records, ledger: kept, idProperty, moment })
  const valid = judge()
  const turn = undoing(within, kept, valid, writingBack(inner))
  let open = true
  let closing: Promise<void> | undefined

  async function moment<R>(work: (moment: Moment<T, K>) => Promise<R>, options: { signal?: AbortSignal }): Promise<R> {
    let result: R | undefined
    await within(async unit => {
      result = await work(unit)
    }, options)
    return result as R
  }

  async function closeAll(): Promise<void> {
    open = false
    const ends = await Promise.allSettled([inner, log].map(async each => each.close?.()))
    follow.close()
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }

  const extra = {
    changes: provide(changes<T, K>(records)),
    undo: provide(turn('undo')),
    redo: provide(turn('redo')),
    at: provide(at),
    diff: provide(diff),
    compact: provide((options: CompactOptions) => compact(log, kept, options)),
  }
  const store = derive(inner, {
    ...extra,
    get: forward,
    query: forward,
    count: forward,
    put: (object, options) => alone({ method: 'put', object, options }),
    add: (object, options) => alone({ method: 'add', object, options }),
    delete: (id, options) => alone({ method: 'delete', id, options }),
    subscribe: provide((query, options) => {
      if (!open) throw new StoreError('InvalidStateError', 'the store is closed')
      options?.signal?.throwIfAborted()
      return follow.subscribe(query, options)
    }),
    transaction: begin,
    setSchema(schema) {
      valid.hear(schema)
      inner.setSchema?.(schema)
    },
    close: provide(() => {
      closing ??= closeAll()
      return closing
    }),
  } as Parameters<typeof derive<T, K>>[1])
  return introduce(store as Store<T, K> & History<T, K>, {
    name: 'history',
    options: { max: max === Infinity ? undefined : max },
    inner: [inner, log],
  })
}

/** What the call says, else what the options of the history say. */
function attributionOf({ actor, reason }: HistoryOptions) {
  return (write: Attribution, transaction: Attribution): Attribution => {
    const by = write.actor ?? transaction.actor ?? actor?.()
    const why = write.reason ?? transaction.reason ?? reason?.()
    if (by === undefined && why === undefined) return nobody
    return { ...text('actor', by), ...text('reason', why) }
  }
}

const nobody: Attribution = {}

function text(name: keyof Attribution, value: string | undefined): Attribution {
  if (value === undefined || typeof value === 'string') return value === undefined ? nobody : { [name]: value }
  throw new TypeError(`the ${name} of a change is a text, not a ${typeof value}`)
}
