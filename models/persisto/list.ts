/** Objects of a type in an order, or a part of that. */
import { compare } from '../../lib/order.js'
import { type Expression, expression, type Path } from '../../lib/query/expression.js'
import { reader } from '../../lib/query/path.js'
import type { Data, QueryOptions } from '../../lib/store.js'
import type { Place } from './strategy.js'

/** A field; `a.b` is a nested one. */
type SortField<O> = (keyof O & string) | `${string}.${string}`
type SortKey<O> = SortField<O> | { readonly field: SortField<O>; readonly descending?: boolean }

/** What to sort by: a field, or several, the first first. */
export type SortBy<O> = SortKey<O> | readonly SortKey<O>[]

export interface ListOptions extends QueryOptions {
  // biome-ignore lint/suspicious/noExplicitAny: of any type
  readonly sortBy?: SortBy<any> | undefined
  readonly descending?: boolean | undefined
  /** The language by whose rules text is sorted; without it, text is sorted by its characters' codes. */
  readonly locale?: string | undefined
}

/** The path of a name in which dots lead into nested objects. */
export function pathOf(name: string): Path {
  return name.includes('.') ? name.split('.') : name
}

/** The objects that fulfil the condition, as plain copies. */
export async function list(
  store: Place,
  condition: Expression | undefined,
  options: ListOptions = {},
): Promise<Data[]> {
  const { sortBy, descending = false, start = 0, end, locale, signal } = options
  checkPosition('start', start)
  if (end !== undefined) checkPosition('end', end)
  const keys = keysOf(sortBy, descending)
  const by = locale === undefined ? keys : []
  const stages = by.length > 0 ? [expression('sort', ...by.map(({ path, sign }) => signed(path, sign)))] : []
  const query = expression('and', ...(condition ? [condition] : []), ...stages)
  if (locale === undefined || keys.length === 0) return toArray(store.query(query, { start, end, signal }))
  const all = await toArray(store.query(query, { signal }))
  return all.sort(comparing(keys, locale)).slice(start, end)
}

export async function toArray<T>(found: Iterable<T> | AsyncIterable<T>): Promise<T[]> {
  if (Symbol.iterator in found) return [...found]
  const all: T[] = []
  for await (const each of found) all.push(each)
  return all
}

interface Key {
  readonly path: Path
  readonly sign: 1 | -1
}

function keysOf(sortBy: ListOptions['sortBy'], descending: boolean): Key[] {
  const given = sortBy === undefined ? (descending ? ['id'] : []) : Array.isArray(sortBy) ? sortBy : [sortBy]
  return given.map(each => {
    const { field, descending: down = descending } = typeof each === 'string' ? { field: each } : (each ?? {})
    if (typeof field !== 'string' || field === '')
      throw new TypeError('what to sort by is a field, or { field, descending }')
    return { path: pathOf(field), sign: down ? -1 : 1 }
  })
}

function signed(path: Path, sign: number): Path {
  const prefix = sign < 0 ? '-' : '+'
  return typeof path === 'string' ? prefix + path : [prefix + path[0], ...path.slice(1)]
}

function comparing(keys: readonly Key[], locale: string): (a: Data, b: Data) => number {
  const { compare: collate } = new Intl.Collator(locale)
  const reads = keys.map(({ path, sign }) => ({ read: reader(path), sign }))
  return (a, b) => {
    for (const { read, sign } of reads) {
      const [one, other] = [read(a), read(b)]
      const order = typeof one === 'string' && typeof other === 'string' ? collate(one, other) : compare(one, other)
      if (order !== 0) return order * sign
    }
    return 0
  }
}

export function checkPosition(name: string, value: unknown): void {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return
  throw new TypeError(`${name} is a position from 0, not ${String(value)}`)
}
