/**
 * The laws of stores, run on a facet that opens everything. It is a store, but gives instances, as models do, and promises where
 * the store answers at once. What it cannot be asked for is left out below, with the reason.
 */
import type { Id, Store } from '../../../lib/store.js'
import { permissive } from '../../../models/facet.js'
import { Model } from '../../../models/model.js'
import { memory } from '../../../stores/memory.js'
import { conforms, everything, type Offer } from '../../conformance/index.js'
import { type Loose, loose } from './tasks.js'

type Thing = Record<string, unknown>

const absent: readonly Offer[] = [
  // what the store is told and when it ends is for its owner
  'setSchema',
  'unique',
  'close',
]

function plainly(facet: Loose) {
  const idOf = (given: Loose, options?: { id?: Id }) => options?.id ?? given.id
  return {
    get: async (...args: unknown[]) => plain(await facet.get(...args)),
    put: async (object: Thing, options?: { id?: Id }) => idOf(await facet.put(object, options), options),
    add: async (object: Thing, options?: { id?: Id }) => idOf(await facet.add(object, options), options),
    delete: (...args: unknown[]) => facet.delete(...args),
    query: (...args: unknown[]) => plainItems(() => facet.query(...args)),
    count: (...args: unknown[]) => facet.count(...args),
  }
}

const plain = (given: unknown) => (isObject(given) ? { ...given } : given)
const isObject = (given: unknown): given is object =>
  typeof given === 'object' && given !== null && !Array.isArray(given) && !(given instanceof Date)

async function* plainItems(ask: () => AsyncIterable<unknown>): AsyncGenerator<unknown, undefined> {
  for await (const item of ask()) yield item instanceof Uint8Array ? item : plain(item)
}

async function* plainChanges(changes: AsyncIterable<Loose>): AsyncGenerator<unknown, undefined> {
  for await (const { object, previous, ...change } of changes) {
    yield { ...change, ...(object && { object: { ...object } }), ...(previous && { previous: { ...previous } }) }
  }
}

function asStore(): Store<Thing, Id> {
  const facet = loose(permissive(Model(memory(), {})))
  return {
    ...plainly(facet),
    subscribe: (...args: unknown[]) => plainChanges(facet.subscribe(...args)),
    async transaction(...args: unknown[]) {
      const tx = await facet.transaction(...args)
      return { ...plainly(tx), commit: tx.commit, abort: tx.abort }
    },
  } as never
}

const ways = process.env.GATE ? (['directly', 'wrapped', 'inside'] as const) : (['directly'] as const)

/** Laws that a facet keeps otherwise, each with the reason. */
const otherwise: Readonly<Record<string, string>> = {
  'the error names the id': 'an error is new, and tells only what holds for every object',
  'an option that the store does not know is refused':
    'actor is among those that it knows: who writes is said by the rules',
  'get with an aborted signal': reasons(),
  'put with an aborted signal stores nothing': reasons(),
  'add with an aborted signal stores nothing': reasons(),
  'delete with an aborted signal deletes nothing': reasons(),
  'query with an aborted signal gives nothing': reasons(),
  'a signal ends an iteration that has begun': reasons(),
  'count with an aborted signal': reasons(),
  'transaction with an aborted signal': reasons(),
  'a signal ends the wait for a transaction': reasons(),
}

function reasons(): string {
  return 'it is an AbortError, and not the reason of the signal: that is the holder’s, and is not handed to stores'
}

const runner = {
  describe: (title: string, body: () => void) => describe(title, body),
  it: (title: string, body: () => Promise<void>) => (Object.hasOwn(otherwise, title) ? undefined : it(title, body)),
}

conforms(
  'a facet that opens everything',
  { open: () => asStore(), offers: everything.filter(offer => !absent.includes(offer)), ways },
  runner,
)
