import { derive, forward, provide, type Wrapped } from '../lib/derive.js'
import { derived } from '../lib/derived/derived.js'
import type { Progress } from '../lib/derived/read-all.js'
import { StoreError } from '../lib/errors.js'
import { introduce, isExpiring } from '../lib/explain.js'
import { idPropertyOf } from '../lib/id-property.js'
import { need } from '../lib/need.js'
import type { Id, MaybePromise, Store, TransactionOptions } from '../lib/store.js'
import { answering } from './views/answer.js'
import type { Held } from './views/rows.js'
import type { Definitions, Viewing } from './views/types.js'
import { rowsKept, viewsOf } from './views/views.js'

export type { Stats } from './views/reduce.js'
export type {
  Emit,
  Page,
  Reduce,
  ReducedRow,
  ViewDefinition,
  Viewing,
  ViewOptions,
  ViewRow,
} from './views/types.js'

export interface ViewsOptions extends Progress {
  /** The property that holds an object's id: by default that of the inner store, where it says it, else `id`. */
  readonly idProperty?: string | undefined
}

interface Rebuilding<D> {
  /**
   * Reads all objects again, and maps them for all views or for one. Needed only where maps give something else than they did, or
   * others write to a store that tells nobody.
   */
  rebuild(name?: keyof D & string, options?: Progress): Promise<void>
}

/** Its transactions can be viewed, too. */
type Transactions<S, D> = S extends { transaction(...args: never): MaybePromise<infer X> }
  ? { transaction(options?: TransactionOptions): MaybePromise<X & Viewing<S, D>> }
  : object

/**
 * A store with views: rows in the order of their keys, which functions emit for its objects. `view(name, options)` gives those of a
 * range, page by page, reduced or in groups; in a transaction, with its own writes. Maps all objects before it serves, and keeps
 * the rows in memory. A write then costs a get, the maps and O(log n) a row. What goes wrong in a map refuses no write: that
 * view alone cannot be asked, until the object is changed or deleted. What others write to the inner store is followed if it
 * can be subscribed to, else seen at the next `rebuild`: until it is told, and while a `rebuild` reads, a look may show some of
 * their commit and not the rest, and rows beside newer objects. Needs `get` and `query`, of objects that do not expire: a
 * `NotSupportedError` without.
 */
export function views<S extends Store, const D extends Definitions<S>>(
  inner: S,
  definitions: D,
  options?: ViewsOptions,
): Promise<Wrapped<S, never, Viewing<S, D> & Rebuilding<D> & Transactions<S, D>>>
export async function views<T extends object, K extends Id>(
  inner: Store<T, K>,
  definitions: Definitions<Store>,
  { idProperty, ...progress }: ViewsOptions = {},
): Promise<object> {
  check(inner)
  const all = viewsOf(definitions, idPropertyOf(inner, idProperty))
  const { names, mapping, index, position } = all
  const kept = await derived<T, K, Held>(inner, rowsKept(all), progress)
  const { transaction, ...decisions } = kept.decisions((source, sight, overlay) => ({
    view: provide(answering(all, source, sight, overlay)),
  }))

  const wrapped = derive<T, K>(inner, {
    get: forward,
    query: forward,
    count: forward,
    ...decisions,
    rebuild: provide(async (name?: string, options: Progress = {}) => {
      mapping.guard('rebuild')
      const only = name === undefined ? undefined : position(name)
      await kept.rebuild(options, object => mapping.map(object, only))
    }),
    transaction(options) {
      mapping.guard('transaction')
      return transaction(options)
    },
    subscribe: forward,
    setSchema: forward,
    close: forward,
  } as Parameters<typeof derive<T, K>>[1])

  return introduce(wrapped, {
    name: 'views',
    options: { views: names.join() },
    inner: [inner],
    numbers: () => ({
      objects: index.held.size,
      rows: index.views.reduce((sum, { sorted }) => sum + sorted.size, 0),
    }),
  })
}

function check(inner: Store): void {
  need(inner, 'the store of views', 'get', 'query')
  if (!isExpiring(inner)) return
  throw new StoreError('NotSupportedError', 'the rows of objects that expire by themselves would outlive them')
}
