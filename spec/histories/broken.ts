/** Stores with one fault each, over a right one. */
import { StoreError } from '../../lib/errors.js'
import { checkPrecondition } from '../../lib/etag.js'
import type { Id, Store, Transaction } from '../../lib/store.js'

type Thing = { readonly id: Id }
type Right = Required<Store<Thing, Id>>
type Writing = Required<Pick<Store<Thing, Id>, 'get' | 'put' | 'add' | 'delete' | 'query' | 'count'>>
type Tx = Writing & Transaction<Thing, Id>

const turn = () => new Promise<void>(setImmediate)

export const broken: Readonly<Record<string, (inner: Right) => Store<Thing, Id>>> = {
  'each step of a transaction stands alone, so that updates are lost': (inner): Store<Thing, Id> => ({
    ...inner,
    transaction: () => stepwise(inner),
  }),

  'a transaction does not see its own writes': inner =>
    withTransactions(inner, tx => ({ ...tx, get: id => inner.get(id) })),

  'reads see what is not committed': inner => {
    const dirty = new Map<Id, Thing | undefined>()
    const clean = (end: () => unknown) => async () => {
      dirty.clear()
      await end()
    }
    const store = withTransactions(inner, tx => ({
      ...followed(tx, (id, object) => dirty.set(id, object)),
      commit: clean(tx.commit),
      abort: clean(tx.abort),
    }))
    return { ...store, get: id => (dirty.has(id) ? dirty.get(id) : inner.get(id)) }
  },

  'a cache is not told of transactions': (inner): Store<Thing, Id> => {
    const cache = new Map<Id, Thing | undefined>()
    const forgetting =
      <A extends unknown[], R>(write: (...args: A) => R | Promise<R>) =>
      async (...args: A): Promise<R> => {
        const result = await write(...args)
        cache.clear()
        return result
      }
    return {
      ...inner,
      async get(id) {
        if (!cache.has(id)) cache.set(id, await inner.get(id))
        return cache.get(id)
      },
      put: forgetting(inner.put),
      add: forgetting(inner.add),
      delete: forgetting(inner.delete),
    }
  },

  'a transaction lands one write after the other': inner =>
    withTransactions(inner, tx => {
      const writes = new Map<Id, Thing | undefined>()
      return {
        ...followed(tx, (id, object) => writes.set(id, object)),
        async commit() {
          await tx.abort()
          for (const [id, object] of writes) {
            await (object ? inner.put(object) : inner.delete(id))
            await turn()
          }
        },
      }
    }),

  'an abort leaves a write behind': inner =>
    withTransactions(inner, tx => {
      let last: Thing | undefined
      return {
        ...followed(tx, (_, object) => {
          last = object
        }),
        async abort() {
          await tx.abort()
          if (last) await inner.put(last)
        },
      }
    }),

  'a write is acknowledged and dropped': inner => ({
    ...inner,
    put: everyTenth(
      async object => object.id,
      async (object, options) => inner.put(object, options),
    ),
  }),

  'a write is acknowledged before it is there': inner => ({
    ...inner,
    async put(object, options) {
      checkPrecondition(await inner.get(object.id), options ?? {}, object.id)
      void turn().then(() => inner.put(object))
      return object.id
    },
  }),

  'a write is said to have failed, and is there': inner => ({
    ...inner,
    put: everyTenth(
      async (object, options) => {
        await inner.put(object, options)
        throw new StoreError('TimeoutError', 'it is said to have taken too long')
      },
      async (object, options) => inner.put(object, options),
    ),
  }),

  'a condition is checked before the write': inner => ({
    ...inner,
    async put(object, options = {}) {
      checkPrecondition(await inner.get(object.id), options, object.id)
      await turn()
      return inner.put(object)
    },
  }),

  'add looks first, and writes later': inner => ({
    ...inner,
    async add(object) {
      if (await inner.get(object.id)) throw new StoreError('ConstraintError', `${object.id} is stored`)
      await turn()
      return inner.put(object)
    },
  }),

  'a query reads one object after the other': inner => ({
    ...inner,
    async *query(query, options) {
      for (const { id } of (await inner.query(query, options)) as Iterable<Thing>) {
        const object = await inner.get(id)
        if (object) yield object
        await turn()
      }
    },
  }),
}

function withTransactions(inner: Right, change: (tx: Tx) => Transaction<Thing, Id>): Store<Thing, Id> {
  return { ...inner, transaction: async options => change((await inner.transaction(options)) as Tx) }
}

/** The transaction, and word of each of its writes. */
function followed(tx: Tx, written: (id: Id, object: Thing | undefined) => void): Transaction<Thing, Id> {
  const putting = (method: 'put' | 'add') => async (object: Thing, options?: object) => {
    const id = await tx[method](object, options)
    written(id, object)
    return id
  }
  return {
    ...tx,
    put: putting('put'),
    add: putting('add'),
    async delete(id, options) {
      const was = await tx.delete(id, options)
      if (was) written(id, undefined)
      return was
    },
  }
}

/** A transaction that does its writes at the end, and all again before each step to give it the right answer. */
function stepwise(inner: Right): Transaction<Thing, Id> {
  const done: ((tx: Tx) => unknown)[] = []
  const repeated = async () => {
    const tx = (await inner.transaction()) as Tx
    try {
      for (const each of done) await each(tx)
    } catch (error) {
      await tx.abort()
      throw error
    }
    return tx
  }
  async function read<R>(step: (tx: Tx) => R): Promise<Awaited<R>> {
    const tx = await repeated()
    try {
      return await step(tx)
    } finally {
      await tx.abort()
    }
  }
  async function write<R>(step: (tx: Tx) => R): Promise<Awaited<R>> {
    const result = await read(step)
    done.push(step)
    return result
  }
  return {
    get: id => read(tx => tx.get(id)),
    put: (object, options) => write(tx => tx.put(object, options)),
    add: (object, options) => write(tx => tx.add(object, options)),
    delete: (id, options) => write(tx => tx.delete(id, options)),
    count: (query, options) => read(tx => tx.count(query, options)),
    async *query(query, options) {
      yield* await read(tx => [...(tx.query(query, options) as Iterable<Thing>)])
    },
    commit: async () => (await repeated()).commit(),
    abort() {},
  }
}

function everyTenth(tenth: Right['put'], others: Right['put']): Right['put'] {
  let times = 0
  return (...args) => (++times % 10 === 0 ? tenth : others)(...args)
}
