import { compareKeys } from '../../lib/id.js'
import type { Expression } from '../../lib/query/expression.js'
import type { Id } from '../../lib/store.js'
import type { Index } from './index.js'
import { type Found, type Row, type Table, table, type View } from './table.js'

/** Changes laid over a view: reads see them, the view itself does not change. A class, as the transactions are over it. */
export class Layer<T extends object> implements View<T> {
  readonly #base: View<T>
  readonly #changed = new Map<Id, T | undefined>()
  /** What was changed, with the indexes of the view below: made when it is asked for. */
  #asked: Table<T> | undefined

  constructor(base: View<T>) {
    this.#base = base
  }

  get indexes(): readonly Index<T>[] {
    return this.#base.indexes
  }

  /** Does nothing in here differ from the view below? */
  get isEmpty(): boolean {
    return this.#changed.size === 0
  }

  get(key: Id): T | undefined {
    return this.#changed.has(key) ? this.#changed.get(key) : this.#base.get(key)
  }

  size(): number {
    let size = this.#base.size()
    for (const [key, object] of this.#changed) {
      size += Number(object !== undefined) - Number(this.#base.get(key) !== undefined)
    }
    return size
  }

  set(key: Id, object: T): void {
    this.#changed.set(key, object)
    this.#asked?.set(key, object)
  }

  delete(key: Id): void {
    this.#changed.set(key, undefined)
    this.#asked?.delete(key)
  }

  /** The view below now has this change itself. */
  forget(key: Id): void {
    this.#changed.delete(key)
    this.#asked?.delete(key)
  }

  find(condition: Expression | undefined): Found<T> {
    if (this.isEmpty) return this.#base.find(condition)
    return { objects: Array.from(this.rows(condition), row => row.object), exact: condition === undefined }
  }

  rows(condition: Expression | undefined): Iterable<Row<T>> {
    if (this.isEmpty) return this.#base.rows(condition)
    const below = [...this.#base.rows(condition)].filter(row => !this.#changed.has(row.key))
    return [...below, ...this.#own().rows(condition)].sort((a, b) => compareKeys(a.key, b.key))
  }

  holder(at: number, value: unknown): Id | undefined {
    if (!this.isEmpty) {
      // the view below may have been given an index, or a unique one, since this was laid over it
      if (!this.#own().indexes[at]?.unique) for (const each of this.#base.indexes) this.#own().addIndex(each)
      const key = this.#own().holder(at, value)
      if (key !== undefined) return key
    }
    const below = this.#base.holder(at, value)
    return below === undefined || this.#changed.has(below) ? undefined : below
  }

  #own(): Table<T> {
    if (this.#asked) return this.#asked
    this.#asked = table<T>(this.#base.indexes)
    for (const [key, object] of this.#changed) if (object) this.#asked.set(key, object)
    return this.#asked
  }
}
