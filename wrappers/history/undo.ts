/** Undo and redo: writes like any other, which turn earlier ones back, and say so in their own records. */
import { isStoreError, StoreError } from '../../lib/errors.js'
import type { Judge } from '../../lib/schema.js'
import type { Attribution, Id, MaybePromise, Options } from '../../lib/store.js'
import { copy } from '../../lib/value.js'
import type { Write } from '../../lib/writes.js'
import { chosen, type Direction, isUndone } from './chosen.js'
import { apply, inverse, overlap, stands } from './delta.js'
import { entriesOf, type Ledger } from './ledger.js'
import { type Entry, type HistoryRecord, type Mark, rootOf, type Selection, selected, toRecord } from './record.js'
import type { Unit } from './unit.js'
import type { Writing } from './writing.js'

export interface UndoOptions extends Options, Attribution {}

/** A record to be turned back, and the object as it was and will be. */
interface Turn<T extends object, K extends Id> {
  readonly id: K
  readonly object: T | undefined
  readonly mark: Mark
}

export function undoing<T extends object, K extends Id>(
  within: Writing<T, K>['within'],
  ledger: Ledger,
  valid: Pick<Judge, 'check'>,
  back: <O extends object | undefined>(object: O) => O,
) {
  return (direction: Direction) =>
    async (given?: K | Selection<K>, options: UndoOptions = {}): Promise<HistoryRecord<T, K>[]> => {
      const selection = selected(given)
      const { signal, actor = selection.actor, reason } = options
      const entries = await within(
        async unit => {
          const turns: Turn<T, K>[] = []
          for (const entry of await chosen(unit.log, await ledger.bounds(unit.log), direction, selection)) {
            turns.push(await turned(unit, entry, back, { [`${direction}es`]: rootOf(entry) }))
          }
          for (const { id, object } of turns) if (object) valid.check(object, direction, id)
          await writeAll(unit, turns, options)
          signal?.throwIfAborted()
        },
        { signal, actor, reason },
      )
      return entries.map(entry => copy(toRecord<T, K>(entry)))
    }
}

async function turned<T extends object, K extends Id>(
  { inner, log }: Pick<Unit<T, K>, 'inner' | 'log'>,
  given: Entry,
  back: <O extends object | undefined>(object: O) => O,
  mark: Mark,
): Promise<Turn<T, K>> {
  const own = ({ previous, next, ...each }: Entry): Entry => ({
    ...each,
    ...(previous && { previous: back(previous) }),
    ...(next && { next: back(next) }),
  })
  const entry = own(given)
  const id = (entry.as ?? entry.of) as K
  const other = inTheWay(entry, Array.from(await entriesOf(log, entry.of, entry.id), own))
  if (other) {
    const message = `${id} has been changed since, with sequence ${other.id}: undo that before`
    throw new StoreError('PreconditionFailedError', message, { id, cause: toRecord(other) })
  }
  const object = back(await inner.get?.(id))
  if (!stands(entry, object)) {
    throw new StoreError('PreconditionFailedError', `${id} has been changed since, past its history`, { id })
  }
  return { id, object: apply(inverse(entry), object) as T | undefined, mark }
}

/** The latest change after a record to what that changed, unless it has been turned back. */
function inTheWay(entry: Entry, later: Iterable<Entry>): Entry | undefined {
  const ends = new Map<number, { readonly first: Entry; last: Entry }>()
  for (const each of later) {
    const known = ends.get(rootOf(each))
    if (known) known.last = each
    else ends.set(rootOf(each), { first: each, last: each })
  }
  // a change that was first done and then undone, or the other way round, has left nothing behind
  const net = [...ends.values()].filter(({ first, last }) => isUndone(first) === isUndone(last))
  return net.map(({ last }) => last).findLast(each => overlap(entry, each))
}

async function writeAll<T extends object, K extends Id>(
  unit: Unit<T, K>,
  turns: readonly Turn<T, K>[],
  { signal }: Options,
): Promise<void> {
  const remove = ({ id, mark }: Turn<T, K>) => written(unit, { method: 'delete', id, options: { signal } }, mark)
  const put = ({ id, object, mark }: Turn<T, K>) =>
    object && written(unit, { method: 'put', object, options: { id, signal } }, mark)
  try {
    for (const turn of turns) await (turn.object ? put(turn) : remove(turn))
  } catch (error) {
    if (turns.length === 1 || !isStoreError(error, 'ConstraintError')) throw error
    // values that must be unique may have changed hands: nobody has them while they go back
    for (const turn of turns) await remove(turn)
    for (const turn of turns) await put(turn)
  }
}

function written<T extends object, K extends Id>(
  { inner, write }: Unit<T, K>,
  asked: Write<T, K>,
  mark: Mark,
): MaybePromise<unknown> {
  if (inner[asked.method]) return write(asked, mark)
  throw new StoreError('NotSupportedError', `it can only be turned back in a store with ${asked.method}`)
}
