/** The ids by which objects link, and the conditions that find those who have them. */
import { gathered, spellings } from '../../lib/derived/one-state.js'
import { checkId, toKey } from '../../lib/id.js'
import { type Expression, expression } from '../../lib/query/expression.js'
import type { Data, Id, MaybePromise, Options } from '../../lib/store.js'
import { when } from '../../lib/when.js'
import type { Target } from '../../lib/writes.js'
import type { End } from './graph.js'

/** A value that stands in place of an id, and where. */
export interface Place {
  readonly path: readonly (string | number)[]
  readonly value: unknown
}

/** What an object has in the property of a link, one after the other. What is missing is no link. */
export function placesIn(object: object, property: string): readonly Place[] {
  const held = Object.hasOwn(object, property) ? (object as Data)[property] : undefined
  const places = Array.isArray(held)
    ? held.map((value, position) => ({ path: [property, position], value }))
    : [{ path: [property], value: held }]
  return places.filter(({ value }) => value !== undefined && value !== null)
}

export function valuesIn(object: object, property: string): readonly unknown[] {
  return placesIn(object, property).map(({ value }) => value)
}

/** The keys of the ids in the property of a link, each once, in their order. What is no id leads nowhere. */
export function keysIn(object: object, property: string): readonly Id[] {
  const held = Object.hasOwn(object, property) ? (object as Data)[property] : undefined
  if (held === undefined || held === null) return none
  if (Array.isArray(held)) return keysOf(held)
  return isId(held) ? [toKey(held)] : none
}

const none: readonly Id[] = []

/** The keys of those values that are ids, each once. */
export function keysOf(values: Iterable<unknown>): readonly Id[] {
  return [...new Set([...values].filter(isId).map(toKey))]
}

function isId(value: unknown): value is Id {
  if (typeof value !== 'string') return Number.isSafeInteger(value)
  try {
    return checkId(value) !== undefined
  } catch {
    return false
  }
}

/** The objects that link to one of these keys. */
export function holding({ property, array }: Pick<End, 'property' | 'array'>, keys: Iterable<Id>): Expression {
  const values = spellings(keys)
  return array ? expression('contains', property, expression('in', values)) : expression('in', property, values)
}

/** How many ids one query names at most. */
const chunk = 10_000

export function* chunks<I>(items: readonly I[]): Generator<readonly I[], undefined> {
  for (let start = 0; start < items.length; start += chunk) yield items.slice(start, start + chunk)
}

/** All that a query finds. */
export function found(target: Target<Data, Id>, query: Expression, options?: Options): MaybePromise<Iterable<Data>> {
  return gathered((target.query as NonNullable<typeof target.query>)(query, options))
}

/** Under which of the keys something is stored. One is got, more are asked for. */
export function present(
  target: Target<Data, Id>,
  idProperty: string,
  keys: readonly Id[],
): MaybePromise<ReadonlySet<Id>> {
  const there = new Set<Id>()
  const { get, query } = target as Required<typeof target>
  const work =
    keys.length === 1 || !query
      ? keys.map(key => () => when(get(key), object => void (object && there.add(key))))
      : [...chunks(keys)].map(part => () => {
          const asked = expression('and', holding({ property: idProperty, array: false }, part))
          const ids = expression('and', asked, expression('values', idProperty))
          return when(found(target, ids), values => {
            for (const id of values as Iterable<unknown>) there.add(toKey(id as Id))
          })
        })
  return when(
    work.reduce<MaybePromise<void>>((before, next) => when(before, next), undefined),
    () => there,
  )
}
