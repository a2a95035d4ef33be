import { derive, forward } from '../../lib/derive.js'
import type { Id, MaybePromise, Store, Transaction } from '../../lib/store.js'
import { when } from '../../lib/when.js'

type Thing = Record<string, unknown>

/** A model as a mere store: plain objects where it has instances, ids where it gives instances. */
export function asStore(given: object): Store<Thing, Id> {
  const model = given as Required<Store<Thing, Id>>
  return derive<Thing, Id>(model, {
    ...plainly(model),
    subscribe: (query, options) => plainChanges(model.subscribe(query, options)) as never,
    transaction: options =>
      when(model.transaction(options), tx =>
        derive<Thing, Id>(tx, { ...plainly(tx), prepare: forward, commit: forward, abort: forward }),
      ),
    setSchema: forward,
    close: forward,
  })
}

function plainly(model: Store<Thing, Id> | Transaction<Thing, Id>) {
  return {
    get: (...args: [Id]) => when(model.get?.(...args), found => found && { ...found }),
    put: (object: Thing, options?: { id?: Id }) => when(model.put?.(object, options) as never, idOf(options)),
    add: (object: Thing, options?: { id?: Id }) => when(model.add?.(object, options) as never, idOf(options)),
    delete: forward,
    query: (...args: []) => plainItems(model.query?.(...args) as AsyncIterable<Thing>),
    count: forward,
  } as const
}

const idOf =
  ({ id }: { id?: Id } = {}) =>
  (instance: { id?: Id }): MaybePromise<Id> =>
    id ?? (instance.id as Id)

async function* plainItems(items: AsyncIterable<Thing>): AsyncGenerator<Thing, undefined> {
  for await (const item of items) yield item !== null && typeof item === 'object' ? { ...item } : item
}

function plainChanges(changes: AsyncIterable<{ object?: Thing; previous?: Thing }>): AsyncIterable<object> {
  const iterator = changes[Symbol.asyncIterator]()
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        const { value, done } = await iterator.next()
        if (done) return { value: undefined, done }
        const { object, previous, ...change } = value
        const plain = (name: string, each: Thing | undefined) => each && { [name]: { ...each } }
        return { value: { ...change, ...plain('object', object), ...plain('previous', previous) }, done: false }
      },
      return: async () => (await iterator.return?.()) as never,
    }),
  }
}
