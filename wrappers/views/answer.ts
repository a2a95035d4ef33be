/** `view` of a store or transaction. */
import {
  type Doubt,
  gathered,
  isCertain,
  nothing,
  oneState,
  type Sight,
  type Source,
  spellings,
} from '../../lib/derived/one-state.js'
import type { Overlay } from '../../lib/derived/transactions.js'
import { StoreError } from '../../lib/errors.js'
import { toKey } from '../../lib/id.js'
import { node } from '../../lib/query/expression.js'
import type { Id, MaybePromise, Options } from '../../lib/store.js'
import { copy } from '../../lib/value.js'
import { isPromise, when } from '../../lib/when.js'
import { writeCursor } from './cursor.js'
import { reasonOf } from './emitted.js'
import { type Question, question } from './question.js'
import { groups, reduced, whole } from './reduce.js'
import type { Held, Row } from './rows.js'
import { type Seen, seen } from './seen.js'
import type { Reduce, ReducedRow, ViewOptions, ViewRow } from './types.js'
import type { Views } from './views.js'

interface Answer {
  readonly rows: readonly (ViewRow | ReducedRow)[]
  readonly cursor: string | null
}

export function answering<T extends object, K extends Id>(
  { mapping, index, position, reductions, idProperty }: Views,
  source: Source<T, K>,
  sight: Sight,
  overlay: Overlay<Held> | undefined,
) {
  /** Those of which the index does not know what they say now. */
  function inDoubt(doubt: Doubt, options: Options): MaybePromise<ReadonlyMap<Id, T>> {
    if (isCertain(doubt)) return none
    const asked = doubt === 'all' ? '' : node('in', [idProperty, spellings(doubt)])
    return when(gathered(source.query(asked, options)), byKey)
  }

  function byKey(objects: Iterable<T>): ReadonlyMap<Id, T> {
    return new Map(Array.from(objects, object => [toKey(object[idProperty as keyof T] as Id), object]))
  }

  /** The objects of the rows; one that the store gives at once cannot have been written in between. */
  function objectsOf(
    rows: readonly Row[],
    known: ReadonlyMap<Id, T>,
    options: Options,
  ): MaybePromise<ReadonlyMap<Id, T>> {
    const objects = new Map(known)
    const ids = new Map(rows.filter(({ place }) => !objects.has(place)).map(({ place, id }) => [place, id]))
    for (const [place, id] of ids) {
      const object = source.get(id as K, options)
      if (isPromise(object)) {
        object.catch(() => {})
        const asked = node('in', [idProperty, [...ids.values()]])
        return when(gathered(source.query(asked, options)), found => new Map([...known, ...byKey(found)]))
      }
      if (object) objects.set(place, object)
    }
    return objects
  }

  function page(
    asked: Question,
    { rows, failure }: Seen,
    known: ReadonlyMap<Id, T>,
    options: Options,
  ): MaybePromise<Answer> {
    const { of, start, limit } = asked
    if (failure) {
      const message = `the view ${of.name} is stale: its map failed on ${failure.id}: ${reasonOf(failure.error)}`
      throw new StoreError('InvalidStateError', message, { method: 'view', id: failure.id, cause: failure.error })
    }
    if (asked.reduce) {
      const found = paged(of.level === null ? whole(rows) : groups(rows, of.level), start, limit)
      const reduce = reductions[position(of.name)] as Reduce
      const last = found.more && found.items.at(-1)
      return {
        rows: found.items.map(group => reduced(group, reduce, of.name)),
        cursor: last ? writeCursor(of, [last.key]) : null,
      }
    }
    const { items, more } = paged(rows, start, limit)
    const last = more && items.at(-1)
    const cursor = last ? writeCursor(of, [last.key, last.place, last.at]) : null
    if (!asked.includeObjects) return { rows: items.map(shown), cursor }
    return when(objectsOf(items, known, options), objects => ({
      // one that has gone since, without our being told, has no rows any more
      rows: items
        .filter(({ place }) => objects.has(place))
        .map(row => ({ ...shown(row), object: copy(objects.get(row.place)) })),
      cursor,
    }))
  }

  return function view(name: string, { signal, ...options }: ViewOptions = {}): MaybePromise<Answer> {
    mapping.guard('view')
    const at = position(name)
    const asked = question(name, options)
    if (asked.reduce && reductions[at] === undefined) {
      throw new StoreError('NotSupportedError', `the view ${name} has no reduce`, { method: 'view' })
    }
    // the index does not know whether one may ask: the store may be closed, the transaction over
    const open = source.query(nothing, { signal })
    return when(Symbol.iterator in open ? undefined : gathered(open), () =>
      oneState(sight, doubt =>
        when(inDoubt(doubt, { signal }), objects => {
          const fresh = Array.from(objects, ([key, object]) => [key, mapping.map(copy(object), at)[at]] as const)
          return page(asked, seen({ index, at, asked, overlay, doubt, fresh }), objects, { signal })
        }),
      ),
    )
  }
}

const none = new Map<Id, never>()

function shown({ key, value, id }: Row): ViewRow {
  return { key: copy(key), value: copy(value), id }
}

/** Some of the items, and whether there are more. */
function paged<I>(all: Iterable<I>, start: number, limit: number): { readonly items: I[]; readonly more: boolean } {
  const items: I[] = []
  let left = start
  for (const item of all) {
    if (left-- > 0) continue
    if (items.length === limit) return { items, more: true }
    items.push(item)
  }
  return { items, more: false }
}
