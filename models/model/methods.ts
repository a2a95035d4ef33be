/** The methods of a model, over its store and over a transaction. */
import { derive, forward, hide } from '../../lib/derive.js'
import type {
  CountOptions,
  Data,
  DeleteOptions,
  Id,
  Options,
  PutOptions,
  Query,
  QueryOptions,
  Store,
  SubscribeOptions,
  TransactionOptions,
} from '../../lib/store.js'
import { when } from '../../lib/when.js'
import type { Target } from '../../lib/writes.js'
import { type Access, access, type Class } from './access.js'
import { ask, countOf, follow } from './query.js'
import type { Setup } from './writer.js'

/** The class that a method was called on: the model, or one that extends it. */
type ClassOf = (self: unknown) => Class

/** A model's methods: those that its store has. */
export function methodsOver(store: Store, setup: Setup, over: Access, classOf: ClassOf): Store {
  const { rules } = setup.schema
  return derive(store, {
    ...within(store as Target<Data, Id>, setup, over, classOf),
    subscribe(this: unknown, query?: Query, options?: SubscribeOptions) {
      const model = classOf(this)
      return follow(store, rules, stored => over.instance(model, stored), query, options)
    },
    transaction(this: unknown, options?: TransactionOptions) {
      const model = classOf(this)
      return when((store.transaction as NonNullable<typeof store.transaction>)(options), tx =>
        Object.freeze({
          ...derive(tx, {
            ...within(tx as Target<Data, Id>, setup, access(tx as Target<Data, Id>, setup), () => model),
            prepare: forward,
            commit: forward,
            abort: forward,
          }),
          prototype: model.prototype,
        }),
      )
    },
    setSchema: hide,
    close: forward,
  })
}

function within(target: Target<Data, Id>, setup: Setup, over: Access, classOf: ClassOf) {
  const { rules } = setup.schema
  return {
    get(this: unknown, id: Id, options?: Options) {
      return over.get(classOf(this), id, options)
    },
    put(this: unknown, object: object, options?: PutOptions) {
      return over.write('put', classOf(this), object, options)
    },
    add(this: unknown, object: object, options?: PutOptions) {
      return over.write('add', classOf(this), object, options)
    },
    delete(this: unknown, id: Id, options?: DeleteOptions) {
      return over.erase(id, options)
    },
    query(this: unknown, query?: Query, options?: QueryOptions) {
      const model = classOf(this)
      return ask(target, rules, stored => over.instance(model, stored), query, options)
    },
    count(this: unknown, query?: Query, options?: CountOptions) {
      return countOf(target, rules, query, options)
    },
  }
}
