import { checkId } from '../../lib/id.js'
import type { Id, Store } from '../../lib/store.js'
import type { Delta } from './delta.js'

/** One committed change of one object. In a transaction that is what has become of the object as a whole. */
export interface HistoryRecord<T extends object, K extends Id> {
  /** Its number in the order of the commits: 1, 2, 3… without gaps. */
  readonly sequence: number
  /** `add` where nothing was stored before, `put` where something was, `delete` where nothing is any more. */
  readonly type: 'add' | 'put' | 'delete'
  readonly id: K
  /** What was deleted, as a whole; of a put, the properties that changed or went, as they were. */
  readonly previous?: Partial<T>
  /** What was added, as a whole; of a put, the properties that changed or came, as they are. */
  readonly next?: Partial<T>
  /** When it was committed. Never before the one before, whatever the clock says. */
  readonly date: Date
  readonly actor?: string
  readonly reason?: string
  /** The first sequence of its transaction, which all records of the transaction share. */
  readonly transaction: number
  /** This is the undoing of the change with that sequence, or of its redoing. */
  readonly undoes?: number
  /** This is the redoing of the change with that sequence. */
  readonly redoes?: number
}

/** A point in the history: after the change with that sequence, or all that was committed until then. 0 is the beginning. */
export type Point = number | Date

/** Which changes: of one object, of one actor, of one transaction, or what is all of these that are given. */
export interface Selection<K extends Id> {
  readonly id?: K | undefined
  readonly actor?: string | undefined
  /** The first sequence of a transaction, as in its records. */
  readonly transaction?: number | undefined
}

/** What is said of a change besides what it changes. */
export interface Mark {
  readonly actor?: string | undefined
  readonly reason?: string | undefined
  readonly undoes?: number | undefined
  readonly redoes?: number | undefined
}

/** An object that is written to, on its way into the log. */
export interface Draft<T extends object = object, K extends Id = Id> {
  readonly key: Id
  /** The id as it was given. */
  id: K
  /** What was there before the transaction. */
  readonly previous: T | undefined
  /** What is there after it, and the way from one to the other: none if there is neither. */
  object: T | undefined
  delta: Delta | undefined
  mark: Mark
}

/** A record as it lies in the log, under its sequence. */
export interface Entry extends Delta, Mark {
  readonly id: number
  /** The key of the object. */
  readonly of: Id
  /** The id as it was given, where it is not the key. */
  readonly as?: Id
  readonly date: Date
  /** Absent from the first of a transaction. */
  readonly transaction?: number
}

/** A `TypeError` for what is none. */
export function checkPoint(point: Point): void {
  const valid = point instanceof Date ? !Number.isNaN(point.getTime()) : Number.isSafeInteger(point) && point >= 0
  if (!valid) throw new TypeError(`a point in the history is a sequence from 0 on or a Date, not ${String(point)}`)
}

export function toEntry({ key, id: given, delta, mark }: Draft, id: number, first: number, date: Date): Entry {
  const entry: Entry = { id, of: key, ...(delta as Delta), date, ...mark }
  if (given === key && id === first) return entry
  return { ...entry, ...(given !== key && { as: given }), ...(id !== first && { transaction: first }) }
}

export function toRecord<T extends object, K extends Id>(entry: Entry): HistoryRecord<T, K> {
  const { id: sequence, of, as = of, type, previous, next, order: _, date, transaction = sequence, ...marks } = entry
  return {
    sequence,
    type,
    id: as as K,
    ...(previous && { previous }),
    ...(next && { next }),
    date,
    ...(marks as object),
    transaction,
  }
}

export function transactionOf({ id, transaction = id }: Entry): number {
  return transaction
}

/** The change that this one is, or undoes, or does again. */
export function rootOf({ id, undoes, redoes }: Entry): number {
  return undoes ?? redoes ?? id
}

/** What is asked for, checked. */
export function selected<K extends Id>(given: K | Selection<K> | undefined): Selection<K> {
  const selection = typeof given === 'object' && given !== null ? given : { id: given }
  if (selection.id !== undefined) checkId(selection.id)
  return selection
}

/** What the log is asked. */
export type Log = Required<Pick<Store<Entry, number>, 'get' | 'query'>>
