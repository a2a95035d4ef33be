/** What a model's query gives: a question that can be asked more closely, and is answered when it is iterated. */
import { StoreError } from './errors.js'
import type { Live } from './live/types.js'
import { Conditions } from './query/conditions.js'
import { type Expression, node } from './query/expression.js'
import { toExpression } from './query/operators.js'
import { slice } from './query/plan.js'
import { print } from './query/print.js'
import type { At, Equal, KeyIn, Name, PathIn, Selected, Sum, To, Without } from './query/typed.js'
import type { CountOptions, MaybePromise, Options, Query, QueryOptions } from './store.js'

/** Gives all items of an iteration at once, where that is faster than one by one. */
export const atOnce: unique symbol = Symbol('at once')

/** What a query finds, to be iterated. */
export type Answer<T> = Iterable<T> | (AsyncIterable<T> & { readonly [atOnce]?: () => Promise<T[]> })

/** Answers a query, whose parameters are bound already. */
export type Execute<T> = (query: Expression, options: QueryOptions) => Answer<T>
/** Counts what a query would give. */
export type Count = (query: Expression, options: CountOptions) => MaybePromise<number>
/** Keeps the answer to a query up to date. */
export type Watch<T> = (query: Expression, options: QueryOptions) => Live<T>

interface Source {
  readonly execute: Execute<unknown>
  readonly count: Count
  readonly watch: Watch<unknown> | undefined
  readonly options: QueryOptions
}

/** Makes a cursor. Text is parsed now, so a mistake in it is an error here; nothing else is done before it is iterated. */
export function cursor<T, O = T>(
  execute: Execute<T>,
  count: Count,
  query?: Query,
  { parameters, ...options }: QueryOptions = {},
  watch?: Watch<T>,
): Cursor<T, O> {
  return new Cursor({ execute, count, watch, options }, toExpression(query, { parameters }))
}

/** What a cursor finds, at once where the store answers at once. For code of ours that must not be interrupted. */
export let answer: <T>(cursor: Cursor<T>) => Answer<T>

/** There if the store tells what is changed; `boolean` where that is not known. */
type Watching<T, L extends boolean> = L extends true ? (options?: Options) => Live<T> : undefined

/**
 * A lazy query over objects `O` that gives `T`. A method that asks more gives a new cursor and leaves this one as it is.
 * Conditions count wherever they stand; `sort`, `limit`, `select` and the like apply in order, the `start` and `end` of
 * the options last. Each iteration asks the store anew. It is no promise: `toArray()`, `first()`, `count()`, … give one.
 * `L` says whether there is a `live`.
 */
export class Cursor<T, O = T, L extends boolean = boolean> extends Conditions<O> implements AsyncIterable<T> {
  readonly #source: Source

  constructor(source: Source, expression: Expression) {
    super(expression)
    this.#source = source
    Object.freeze(this)
  }

  static {
    answer = cursor => cursor.#source.execute(cursor.expression, cursor.#source.options) as never
    // biome-ignore lint/complexity/noThisInStatic: TypeScript 7.0 writes the class's name here as a variable not yet set
    Object.freeze(this.prototype)
  }

  protected override append(terms: readonly unknown[]): this {
    return this.#asking(terms) as this
  }

  #asking<R>(terms: readonly unknown[], options = this.#source.options): Cursor<R, O, L> {
    return new Cursor({ ...this.#source, options }, node('and', [...this.expression.args, ...terms]))
  }

  #stage<R>(name: string, args: readonly unknown[]): Cursor<R, O, L> {
    return this.#asking([node(name, args)])
  }

  /** By these properties, the first before the next; `-` before a name is descending. */
  sort(...keys: readonly KeyIn<T>[]): this {
    return this.add('sort', ...keys)
  }

  /** At most `count`, after the first `start`. */
  limit(count: number, start = 0): this {
    return this.add('limit', count, start)
  }

  /** Only these properties. */
  select<const P extends readonly PathIn<T>[]>(...paths: P): Cursor<Selected<T, P[number]>, O, L> {
    return this.#stage('select', paths)
  }

  /** All properties but these. */
  unselect<const K extends Name<T>>(...names: readonly K[]): Cursor<Without<T, K>, O, L> {
    return this.#stage('unselect', names)
  }

  /** The values of one property, where it is there; or rows of the values of more, null where there is none. */
  values<const P extends PathIn<T>>(path: To<T, P>): Cursor<Exclude<At<T, P>, undefined>, O, L>
  values<const P extends readonly [PathIn<T>, PathIn<T>, ...PathIn<T>[]]>(
    ...paths: P
  ): Cursor<{ -readonly [I in keyof P]: Equal<At<T, P[I]>> }, O, L>
  values(...paths: readonly unknown[]): Cursor<never, O, L> {
    return this.#stage('values', paths)
  }

  /** Each of equal items once. */
  distinct(): this {
    return this.add('distinct')
  }

  /** One object for each group of equal properties: these, and 0, 1, … for each reduction, such as `expression('count')`. */
  aggregate<const K extends Name<T>>(
    ...columns: readonly (K | Expression)[]
  ): Cursor<Pick<T, Extract<K, keyof T>> & { [column: number]: unknown }, O, L> {
    return this.#stage('aggregate', columns)
  }

  /**
   * Keeps the answer up to date: the set, then what changes in it. There only if the store tells what is changed. What
   * cannot be kept up to date, such as `aggregate`, is a `NotSupportedError`.
   */
  get live(): Watching<T, L> {
    const { watch } = this.#source
    if (!watch) return undefined as Watching<T, L>
    return ((options?: Options) => {
      const sliced = this.#sliced()
      return watch(sliced.expression, { ...sliced.#source.options, ...options }) as Live<T>
    }) as unknown as Watching<T, L>
  }

  async toArray(): Promise<T[]> {
    const { execute, options } = this.#source
    options.signal?.throwIfAborted()
    const found = execute(this.expression, options)
    // a synchronous answer need not wait for each item, which takes more time than to find it
    if (Symbol.iterator in found) return [...found] as T[]
    const whole = found[atOnce]
    if (whole) return (await whole()) as T[]
    const items: T[] = []
    for await (const item of this.#guarded(found)) items.push(item)
    return items
  }

  /** The first, or `undefined`. */
  async first(): Promise<T | undefined> {
    const [first] = await this.#upTo(1)
    return first
  }

  /** The one there is; a `NotFoundError` if there is none, a `ConstraintError` if there are more. */
  async one(): Promise<T> {
    const [first, ...others] = await this.#upTo(2)
    if (others.length > 0) throw new StoreError('ConstraintError', 'one object was asked for, and more match')
    if (first === undefined) throw new StoreError('NotFoundError', 'one object was asked for, and none matches')
    return first
  }

  /** How many there are. */
  async count(): Promise<number> {
    const { signal } = this.#source.options
    signal?.throwIfAborted()
    return await this.#source.count(this.#sliced().expression, { signal })
  }

  /** The sum of the numbers, 0 if there are none. What is missing is skipped, here and below. */
  async sum<const P extends PathIn<T>>(path: To<T, P>): Promise<Sum<At<T, P>>> {
    return (await this.#reduced('sum', path)) as Sum<At<T, P>>
  }

  /** The mean of the numbers. */
  async mean<const P extends PathIn<T>>(path: To<T, P>): Promise<number | undefined> {
    return (await this.#reduced('mean', path)) as number | undefined
  }

  /** The least value. */
  async min<const P extends PathIn<T>>(path: To<T, P>): Promise<NonNullable<At<T, P>> | undefined> {
    return (await this.#reduced('min', path)) as NonNullable<At<T, P>> | undefined
  }

  /** The greatest value. */
  async max<const P extends PathIn<T>>(path: To<T, P>): Promise<NonNullable<At<T, P>> | undefined> {
    return (await this.#reduced('max', path)) as NonNullable<At<T, P>> | undefined
  }

  /** Asks the store. A signal that aborts ends it with its reason. */
  [Symbol.asyncIterator](): AsyncGenerator<T, undefined> {
    const { execute, options } = this.#source
    options.signal?.throwIfAborted()
    return this.#guarded(execute(this.expression, options))
  }

  async *#guarded(found: Iterable<unknown> | AsyncIterable<unknown>): AsyncGenerator<T, undefined> {
    const { signal } = this.#source.options
    for await (const item of found) {
      signal?.throwIfAborted()
      yield item as T
    }
    signal?.throwIfAborted()
  }

  /** The query as RQL. */
  override toString(): string {
    return print(this.expression)
  }

  #upTo(count: number): Promise<T[]> {
    const { start = 0, end = Infinity, ...options } = this.#source.options
    return this.#asking<T>([], { ...options, start, end: Math.min(end, start + count) }).toArray()
  }

  /** The start and end of the options as a stage, so that others can follow. */
  #sliced(): Cursor<T, O, L> {
    const { start, end, ...options } = this.#source.options
    return this.#asking(start === undefined && end === undefined ? [] : [slice(start, end)], options)
  }

  async #reduced(name: string, path: unknown): Promise<unknown> {
    const [value] = await this.#sliced().#stage(name, [path]).toArray()
    return value
  }
}
