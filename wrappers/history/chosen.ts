/** What an undo or a redo is about. */
import { StoreError } from '../../lib/errors.js'
import { toKey } from '../../lib/id.js'
import type { Id } from '../../lib/store.js'
import { type Bounds, entriesOf, type LogTransaction, latestOf } from './ledger.js'
import { type Entry, rootOf, type Selection, transactionOf } from './record.js'

export type Direction = 'undo' | 'redo'

/** The records that are to be turned back, the last one first. */
export async function chosen(
  log: LogTransaction,
  { first, last }: Bounds,
  direction: Direction,
  selection: Selection<Id>,
): Promise<Entry[]> {
  if (selection.transaction !== undefined) return ofTransaction(log, direction, selection)
  const found = await latest(direction, selection, latestFirst(log, last, selection))
  // a transaction is undone as a whole, and its beginning may have been dropped
  return selection.id === undefined && found.some(entry => transactionOf(entry) < first) ? [] : found
}

/** The records that may have to do with the selection. */
async function* latestFirst(
  log: LogTransaction,
  last: number,
  { id }: Selection<Id>,
): AsyncGenerator<Entry, undefined> {
  if (id !== undefined) return yield* latestOf(log, toKey(id))
  for (let sequence = last; ; sequence--) {
    const entry = await log.get(sequence)
    if (!entry) return
    yield entry
  }
}

/** What of one transaction was done, or undone, last. A new write ends what could be done again. */
async function latest(direction: Direction, selection: Selection<Id>, entries: AsyncIterable<Entry>): Promise<Entry[]> {
  /** The changes of which the latest record is known. */
  const known = new Set<number>()
  const found: Entry[] = []
  for await (const entry of entries) {
    if (found[0] && transactionOf(entry) !== transactionOf(found[0])) break
    const root = rootOf(entry)
    const isLatest = !known.has(root)
    known.add(root)
    if (!isAbout(selection, entry)) continue
    if (direction === 'redo' && root === entry.id) break
    if (isLatest && isUndone(entry) === (direction === 'redo')) found.push(entry)
  }
  return found
}

/** The latest records of those changes of a transaction that are done, or undone. The last comes first. */
async function ofTransaction(log: LogTransaction, direction: Direction, selection: Selection<Id>): Promise<Entry[]> {
  const transaction = selection.transaction as number
  const found: Entry[] = []
  for (let sequence = transaction; ; sequence++) {
    const entry = await log.get(sequence)
    if (!entry || transactionOf(entry) !== transaction) {
      if (sequence > transaction) return found.sort((a, b) => b.id - a.id)
      throw new StoreError('NotFoundError', `the history has no transaction ${transaction}, or no longer all of it`)
    }
    if (!isAbout(selection, entry) || rootOf(entry) !== sequence) continue
    let last = entry
    for (const each of await entriesOf(log, entry.of, sequence)) if (rootOf(each) === sequence) last = each
    if (isUndone(last) === (direction === 'redo')) found.push(last)
  }
}

function isAbout({ id, actor }: Selection<Id>, entry: Entry): boolean {
  return (id === undefined || toKey(id) === entry.of) && (actor === undefined || actor === entry.actor)
}

/** Has this record left its change undone? */
export function isUndone({ undoes }: Entry): boolean {
  return undoes !== undefined
}
