/** All ways on which objects come into a store that a model is over. */
import type { Store } from '../../../lib/store.js'
import { transaction } from '../../../lib/transaction.js'
import { Model } from '../../../models/model.js'
import { memory } from '../../../stores/memory.js'
import { aggregate } from '../../../wrappers/aggregate.js'
import { batched } from '../../../wrappers/batched.js'
import { cache } from '../../../wrappers/cache.js'
import { expires } from '../../../wrappers/expires.js'
import { fullText } from '../../../wrappers/full-text.js'
import { history } from '../../../wrappers/history.js'
import { indexed } from '../../../wrappers/indexed.js'
import { inherited } from '../../../wrappers/inherited.js'
import { replicated } from '../../../wrappers/replicated.js'
import { revisions } from '../../../wrappers/revisions.js'
import { traced } from '../../../wrappers/traced.js'
import { transactional } from '../../../wrappers/transactional.js'
import { views } from '../../../wrappers/views.js'
import { writeBehind } from '../../../wrappers/write-behind.js'
import { definition, type Spy, spy } from './spy.js'

export type Thing = { readonly name?: unknown; readonly age?: unknown; readonly tags?: unknown }
// biome-ignore lint/suspicious/noExplicitAny: what is not valid is given on purpose
type Class = any

/** Opens a store, with an object under the id 1, and gives the way to write one. */
export interface Way {
  readonly spies: readonly Spy[]
  write(thing: Thing): unknown
}

type Open = () => Way | Promise<Way>

const before = { id: 1, name: 'before', tags: ['a'] }

/** Of a model over a store that is looked at. */
function ofModel(write: (model: Class, thing: Thing) => unknown, more: object = {}): Open {
  return () => {
    const seen = spy(memory({ objects: [before] }))
    const Things = Model(seen.store, { ...definition, ...more } as typeof definition)
    return { spies: [seen], write: thing => write(Things, thing) }
  }
}

const saved = async (found: Class, thing: Thing) => {
  for (const name of Object.keys(found)) if (name !== 'id') delete found[name]
  return Object.assign(found, thing).save()
}
const inTransaction = (work: (tx: Class, thing: Thing) => unknown) =>
  ofModel((things, thing) => transaction(things, (async (tx: Class) => work(tx, thing)) as never))
const extended = (things: Class): Class => class Extended extends things {}

async function* some(...things: readonly Thing[]) {
  yield* things
}

const waysOfModels: Readonly<Record<string, Open>> = {
  'put of a new object': ofModel((things, thing) => things.put(thing)),
  'put over another': ofModel((things, thing) => things.put({ id: 1, ...thing })),
  'put under an id': ofModel((things, thing) => things.put(thing, { id: 'x' })),
  'put if nobody came in between': ofModel(async (things, thing) =>
    things.put({ id: 1, ...thing }, { ifMatch: await things.get(1) }),
  ),
  add: ofModel((things, thing) => things.add(thing)),
  'add under an id': ofModel((things, thing) => things.add(thing, { id: 'x' })),
  'save of a new instance': ofModel((things, thing) => new things(thing).save()),
  'save of a loaded instance': ofModel(async (things, thing) => saved(await things.get(1), thing)),
  'save of a queried instance': ofModel(async (things, thing) => saved(await things.query().first(), thing)),
  'save over anything': ofModel(async (things, thing) =>
    Object.assign(await things.get(1), thing, { tags: thing.tags }).save({ ifMatch: '*' }),
  ),
  'save of an instance that was deleted': ofModel(async (things, thing) => {
    const found = await things.get(1)
    await found.delete()
    return saved(found, thing)
  }),
  update: ofModel((things, thing) => things.update(1, (each: Class) => Object.assign(each, thing))),
  'update by another object': ofModel((things, thing) => things.update(1, () => ({ id: 1, ...thing }))),
  'patch, by merging': ofModel((things, thing) => things.patch(1, { age: null, ...thing })),
  'patch, by operations': ofModel((things, thing) =>
    things.patch(
      1,
      Object.entries(thing).map(([name, value]) => ({ op: 'add', path: `/${name}`, value })),
    ),
  ),
  putAll: ofModel((things, thing) => things.putAll([{ name: 'another' }, thing])),
  'putAll, of what comes late': ofModel((things, thing) => things.putAll(some({ name: 'another' }, thing))),
  'putAll, one by one': ofModel((things, thing) => things.putAll([thing], { atomic: false })),
  'put in a transaction': inTransaction((tx, thing) => tx.put({ id: 1, ...thing })),
  'add in a transaction': inTransaction((tx, thing) => tx.add(thing)),
  'save in a transaction': inTransaction(async (tx, thing) => saved(await tx.get(1), thing)),
  'save of what was queried in a transaction': inTransaction(async (tx, thing) =>
    saved(await tx.query().first(), thing),
  ),
  'update in a transaction': inTransaction((tx, thing) => tx.update(1, (each: Class) => Object.assign(each, thing))),
  'patch in a transaction': inTransaction((tx, thing) => tx.patch(1, thing)),
  'putAll in a transaction': inTransaction((tx, thing) => tx.putAll([thing])),
  'a transaction over two models': () => {
    const [one, two] = [spy(memory()), spy(memory())]
    const [One, Two] = [one, two].map(({ store }) => Model(store, definition)) as [Class, Class]
    const write = (thing: Thing) =>
      transaction(
        [One, Two] as never,
        (async ([first, second]: readonly Class[]) => {
          await first.add({ name: 'another' })
          await second.add(thing)
        }) as never,
      )
    return { spies: [one, two], write }
  },
  'a put of the definition': ofModel((things, thing) => things.put(thing), {
    put: (object: object, options: object, inner: Required<Store>) => inner.put(object, options),
  }),
  'an add of the definition': ofModel((things, thing) => things.add(thing), {
    add: (object: object, options: object, inner: Required<Store>) => inner.add(object, options),
  }),
  'a hook before it': ofModel((things, thing) => things.add({ name: 'another', tags: [thing] }), {
    beforeSave: ({ tags: [thing] }: { tags: [object] }) => thing,
  }),
  'a hook after it': ofModel((things, thing) => things.add(thing), { afterSave() {} }),
  'defaults of the definition': ofModel(
    (things, { name, ...thing }) => things.add(name === 'Ada' ? thing : { name, ...thing }),
    {
      properties: { ...definition.properties, name: { type: 'string', minLength: 2, default: 'default' } },
    },
  ),
  coercion: ofModel((things, thing) => things.add(thing), { coerce: true }),
  'put of a class that extends': ofModel((things, thing) => extended(things).put(thing)),
  'save of a class that extends': ofModel((things, thing) => new (extended(things))(thing).save()),
  'a model that extends': () => {
    const seen = spy(memory())
    const Base: Class = Model(memory(), definition)
    const Things: Class = Model(seen.store, { extends: Base } as object)
    return { spies: [seen], write: thing => Things.add(thing) }
  },
}

/** Of a model over a wrapper, around a store that is looked at. */
function over(
  wrap: (inner: Store) => object | Promise<object>,
  write = (things: Class, thing: Thing): unknown => things.put({ id: 2, ...thing }),
): Open {
  return async () => {
    const seen = spy(memory())
    const store = (await wrap(seen.store)) as Store
    const Things = Model(store, definition as object)
    return { spies: [seen], write: thing => write(Things, thing) }
  }
}

const flushed = (inner: Store) => {
  const behind = writeBehind(inner as Required<Store>, { every: 1 }) as Class
  return behind
}

const waysOverWrappers: Readonly<Record<string, Open>> = {
  history: over(inner => history(inner, { log: memory() })),
  cache: over(inner => cache(inner, { max: 10 })),
  'write-behind': async () => {
    const seen = spy(memory())
    const behind = flushed(seen.store)
    const Things: Class = Model(behind, definition)
    return {
      spies: [seen],
      async write(thing) {
        await Things.put({ id: 2, ...thing })
        await behind.flush()
        await behind.close()
      },
    }
  },
  batched: over(inner => batched(inner)),
  transactional: over(inner => {
    const { transaction: _, ...rest } = inner
    return transactional(rest as Required<Store>)
  }),
  expires: over(inner => expires(inner, { ttl: 1000 })),
  'expires, with a time of its own': over(
    inner => expires(inner),
    (things, thing) => things.put({ id: 2, ...thing }, { ttl: 10 }),
  ),
  revisions: over(inner => revisions(inner)),
  'revisions, twice': over(
    inner => revisions(inner, { store: memory() }),
    async (things, thing) => {
      await things.put({ id: 2, name: 'another' })
      return things.put({ id: 2, ...thing })
    },
  ),
  inherited: over(inner => inherited(inner, { type: 'thing' })),
  views: over(inner => views(inner, { all: { map: () => [] } } as never)),
  'full-text': over(inner => fullText(inner, { fields: ['name'] })),
  traced: over(inner => traced(inner)),
  indexed: over(inner => indexed(inner)),
  aggregate: parts(true),
  'aggregate, not atomic': parts(false),
  'replicated, sync': replicas('sync'),
  'replicated, async': replicas('async'),
  'replicated, quorum': replicas('quorum'),
}

/** The parts of one object are looked at together, before they are taken apart. */
function parts(atomic: boolean): Open {
  return () => {
    const kept = [{ store: memory() }, { store: memory(), properties: ['age'] }]
    const seen = spy((atomic ? aggregate(kept) : aggregate(kept, { atomic: false })) as Store)
    const Things: Class = Model(seen.store, definition)
    return { spies: [seen], write: thing => Things.put({ id: 2, ...thing }) }
  }
}

function replicas(mode: 'sync' | 'async' | 'quorum'): Open {
  return () => {
    const [primary, replica] = [spy(memory()), spy(memory())]
    const store = replicated(primary.store as never, { replica: replica.store }, { log: memory(), mode }) as Class
    const Things: Class = Model(store, definition)
    return {
      spies: [primary, replica],
      async write(thing) {
        await Things.put({ id: 2, ...thing })
        await store.settled()
      },
    }
  }
}

export const ways: Readonly<Record<string, Open>> = { ...waysOfModels, ...waysOverWrappers }
