import { derive, hide, provide } from '../lib/derive.js'
import { StoreError } from '../lib/errors.js'
import { introduce, isExpiring } from '../lib/explain.js'
import { feed } from '../lib/feed.js'
import { type IdentityOptions, identity } from '../lib/identity.js'
import { can, type Id, type Method, type PutOptions, type Store, type TransactionOptions } from '../lib/store.js'
import { beginTogether, type TransactionLog } from '../lib/two-phase.js'
import { answers } from './aggregate/answer.js'
import { layout, type Part } from './aggregate/layout.js'
import { onePartAfterTheOther } from './aggregate/one-part-after-the-other.js'
import { oneState } from './aggregate/one-state.js'
import { splitSchema } from './aggregate/split-schema.js'
import { type OpenTransaction, openTransaction } from './aggregate/transactions.js'
import type { Aggregate } from './aggregate/types.js'
import type { Writing } from './aggregate/writing.js'

export type { Part } from './aggregate/layout.js'
export type { Aggregate } from './aggregate/types.js'

export interface AggregateOptions extends IdentityOptions {
  /** Is every write a transaction over the parts? `true` by default. */
  readonly atomic?: boolean | undefined
  /**
   * Where it is decided that all commit together, if they last in different databases: `transactionLog({ path })`.
   * `history` and `replicated` call it `coordinator`, as their `log` is a store of records.
   */
  readonly log?: TransactionLog | undefined
}

/**
 * One store of objects whose properties are kept in several: each part keeps those that it names, and the id. An object
 * exists if its first part does. Its properties come in the order of the parts, and of each part's in the order in which they
 * were put; the id stands where it stood among those of the first.
 *
 * A write is one transaction over the parts, so they must have transactions; reads see all of it or nothing, as long as
 * others write to several parts in one transaction too. With `atomic: false` the parts are written to one after the
 * other: a failure in the middle is a `PartialWriteError` that names the positions of the parts, and there are no
 * transactions. Parts that expire are refused, as half an object would stay. A query costs one to each part that its
 * conditions are about, and a get from the other parts for each object so found; without such conditions all parts are
 * read. `subscribe` gives what is written through the aggregate.
 */
export function aggregate<const P extends readonly Part[]>(
  parts: P,
  options: AggregateOptions & { readonly atomic: false },
): Aggregate<P, 'transaction'>
export function aggregate<const P extends readonly Part[]>(parts: P, options?: AggregateOptions): Aggregate<P>
export function aggregate(
  parts: readonly Part[],
  { idProperty = 'id', generateId, atomic = true, log }: AggregateOptions = {},
): Store<object, Id> {
  const kept = layout(parts, idProperty)
  const stores = parts.map(({ store }) => store)
  const all = (...methods: readonly Method[]) => methods.every(method => stores.every(store => can(store, method)))
  const writable = all('get', 'put', 'delete')
  if (writable && atomic) checkTransactions(stores)
  checkLasting(stores)
  if (!atomic && log) throw new TypeError('a log is for transactions: with atomic: false there are none')
  const identify = identity({ idProperty, generateId })
  const changes = feed<object, Id>()
  const transacted = atomic && all('transaction')
  const loose = onePartAfterTheOther(kept, stores, changes)
  const read = answers(kept, transacted ? oneState(stores) : loose.read)
  let open = true
  let closing: Promise<void> | undefined

  async function begin(options: TransactionOptions = {}): Promise<OpenTransaction> {
    const together = await beginTogether(stores, { ...options, log })
    return openTransaction({ layout: kept, together, feed: changes, identify })
  }

  async function write<R>(work: (write: Writing) => Promise<R>, { signal }: PutOptions): Promise<R> {
    if (!transacted) return loose.write(work, { signal })
    const { tx, write } = await begin({ signal })
    try {
      const result = await work(write)
      signal?.throwIfAborted()
      await tx.commit()
      return result
    } catch (error) {
      // what fails here must not hide the first error
      await Promise.resolve(tx.abort()).catch(() => {})
      throw error
    }
  }

  const put =
    (method: 'put' | 'add') =>
    async (object: object, options: PutOptions = {}): Promise<Id> => {
      const identified = identify(object, options)
      return (await write(each => each.put(method, identified, options), options)).id
    }

  async function closeAll(): Promise<void> {
    open = false
    const ends = await Promise.allSettled(stores.map(async store => store.close?.()))
    changes.close()
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }

  const store = derive<object, Id>(
    {},
    {
      get: all('get') ? provide(read.get) : hide,
      put: writable ? provide(put('put')) : hide,
      add: writable ? provide(put('add')) : hide,
      delete: writable
        ? provide(async (id, options = {}) => (await write(each => each.delete(id, options), options)) !== undefined)
        : hide,
      query: all('get', 'query') ? provide(read.query) : hide,
      count: all('get', 'query', 'count') ? provide(read.count) : hide,
      subscribe: writable
        ? provide((query, options) => {
            if (!open) throw new StoreError('InvalidStateError', 'the store is closed')
            options?.signal?.throwIfAborted()
            return changes.subscribe(query, options)
          })
        : hide,
      transaction: writable && transacted ? provide(async options => (await begin(options)).tx) : hide,
      setSchema: all('setSchema')
        ? provide(schema => {
            for (const [at, each] of splitSchema(kept, schema).entries()) stores[at]?.setSchema?.(each)
          })
        : hide,
      close: provide(() => {
        closing ??= closeAll()
        return closing
      }),
    },
  )
  return introduce(store, {
    name: 'aggregate',
    options: { parts: parts.map(({ properties }) => properties?.join() ?? '*').join(' '), atomic },
    inner: stores,
    idProperty,
  })
}

function checkLasting(stores: readonly Store[]): void {
  if (!stores.some(isExpiring)) return
  const hint = 'put expires around aggregate'
  throw new StoreError('NotSupportedError', `a part that goes away by itself would leave half an object: ${hint}`)
}

function checkTransactions(stores: readonly Store[]): void {
  const without = stores.findIndex(store => !can(store, 'transaction'))
  if (without < 0) return
  const reason = `part ${without} has no transactions, so a write can be half done`
  throw new StoreError('NotSupportedError', `${reason}: say atomic: false if that may be`)
}
