/** The records in their log: one under each sequence, from the first that is kept to the last, without gaps. */
import { gathered } from '../../lib/derived/one-state.js'
import { StoreError } from '../../lib/errors.js'
import { node } from '../../lib/query/expression.js'
import type { Id, MaybePromise, Transaction } from '../../lib/store.js'
import { isPromise, when } from '../../lib/when.js'
import { type Draft, type Entry, type Log, type Point, toEntry } from './record.js'

/** A transaction on the log. */
export type LogTransaction = Required<Transaction<Entry, number>>

export interface Bounds {
  /** The first sequence that is kept. */
  readonly first: number
  /** The last one; one less than the first if there is none. */
  readonly last: number
  /** The time of the last one. */
  readonly date: number
}

export interface Ledger {
  bounds(log: Log): MaybePromise<Bounds>
  /** Numbers the changes of one transaction and writes them down; drops the oldest above `max`. */
  append(log: LogTransaction, drafts: readonly Draft[]): MaybePromise<readonly Entry[]>
  /** Drops all before this one, but the last. */
  drop(log: LogTransaction, before: number): MaybePromise<void>
  /** What was dropped last was not committed, or nobody knows. */
  forget(): void
}

export function ledger({ max, clock }: { readonly max: number; readonly clock: () => number }): Ledger {
  let known: Bounds | undefined

  /** What was known last may not have been committed, or others have written since: the records tell. */
  function bounds(log: Log): MaybePromise<Bounds> {
    if (!known || known.last < known.first) return load(log)
    const current = known
    return when(log.get(current.last), last =>
      last ? when(log.get(current.last + 1), more => (more ? load(log) : current)) : load(log),
    )
  }

  function load(log: Log): MaybePromise<Bounds> {
    return when(newest(log), last =>
      when(oldest(log), first => {
        if (!first || !last) known = { first: 1, last: 0, date: Number.NEGATIVE_INFINITY }
        else if (isEntry(first) && isEntry(last)) known = { first: first.id, last: last.id, date: last.date.getTime() }
        else throw new TypeError('the log holds something else: it must be for one history alone')
        return known
      }),
    )
  }

  function drop(log: LogTransaction, before: number): MaybePromise<void> {
    if (!known || known.first >= before) return undefined
    const { first, last } = known
    const end = Math.min(before, last)
    known = { ...known, first: Math.max(first, end) }
    return inTurn(sequences(first, end), sequence => when(log.delete(sequence), nothing))
  }

  return {
    bounds,
    forget() {
      known = undefined
    },
    drop: (log, before) => when(bounds(log), () => drop(log, before)),
    append: (log, drafts) =>
      when(bounds(log), ({ first, last, date: latest }) => {
        const time = Math.max(clock(), latest)
        const entries = drafts.map((draft, at) => toEntry(draft, last + 1 + at, last + 1, new Date(time)))
        const add = (entry: Entry) => when(log.add(entry), nothing)
        return when(inTurn(entries, add), () => {
          known = { first, last: last + entries.length, date: time }
          return when(drop(log, known.last - max + 1), () => entries)
        })
      }),
  }
}

/** The records of one object after a sequence, in their order. */
export function entriesOf(log: Log, key: Id, after: number): MaybePromise<Iterable<Entry>> {
  return gathered(log.query(node('and', [node('eq', ['of', key]), node('gt', ['id', after])])))
}

/** How many records are read at once. */
const page = 100

/** The records of one object after a sequence, the latest first: no more are read than are looked at, or a few. */
export async function* latestOf(log: Log, key: Id, after = 0): AsyncGenerator<Entry, undefined> {
  let before = Number.MAX_SAFE_INTEGER
  for (;;) {
    const between = [node('eq', ['of', key]), node('gt', ['id', after]), node('lt', ['id', before])]
    const entries = await gathered(log.query(node('and', [...between, node('sort', ['-id']), node('limit', [page])])))
    let left = page
    for (const entry of entries) {
      yield entry
      before = entry.id
      left--
    }
    if (left > 0) return
  }
}

/** The record with this sequence, of which it is known that it was there. */
export function entryAt(log: Log, sequence: number): MaybePromise<Entry> {
  return when(log.get(sequence), entry => {
    if (entry) return entry
    throw new StoreError('NotFoundError', `the record with sequence ${sequence} has been dropped from the history`)
  })
}

/** The sequence that a point stands for: a `NotFoundError` if what came after it is not kept as a whole, or it is still to come. */
export async function sequenceOf(log: Log, { first, last }: Bounds, point: Point): Promise<number> {
  const sequence = typeof point === 'number' ? point : (await firstWith(log, { first, last }, date => date > point)) - 1
  const lost = point instanceof Date && first > 1 ? sequence < first : sequence < first - 1
  if (lost) throw new StoreError('NotFoundError', `the history before sequence ${first} has been dropped`)
  if (sequence > last) throw new StoreError('NotFoundError', `the history ends at sequence ${last}, before ${sequence}`)
  return sequence
}

/** The first sequence whose date passes a test that all later ones pass; the one after the last if none does. */
export async function firstWith(
  log: Log,
  { first, last }: Pick<Bounds, 'first' | 'last'>,
  test: (date: Date) => boolean,
): Promise<number> {
  let [low, high] = [first, last + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const { date } = await entryAt(log, middle)
    if (test(date)) high = middle
    else low = middle + 1
  }
  return low
}

/** Does the work on one after the other: now, where that can be. */
export function inTurn<I>(items: readonly I[], work: (item: I) => MaybePromise<void>, from = 0): MaybePromise<void> {
  for (let at = from; at < items.length; at++) {
    const end = work(items[at] as I)
    if (isPromise(end)) return end.then(() => inTurn(items, work, at + 1))
  }
}

const newest = (log: Log) => one(log, node('and', [node('sort', ['-id']), node('limit', [1])]))
const oldest = (log: Log) => one(log, node('limit', [1]))

function one(log: Log, query: ReturnType<typeof node>): MaybePromise<Entry | undefined> {
  return when(gathered(log.query(query)), ([entry]: Iterable<Entry>) => entry)
}

function isEntry({ id, date }: Entry): boolean {
  return Number.isSafeInteger(id) && date instanceof Date
}

function sequences(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, at) => start + at)
}

function nothing(): void {}
