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
import type { Definition } from './definition.js'
import { extras, inOne } from './extras.js'
import { afterCommit } from './hooks.js'
import { ask, countOf, follow } from './query.js'
import type { Setup } from './writer.js'

/** The class that a method was called on: the model, or one that extends it. */
type ClassOf = (self: unknown) => Class

/** A model's methods: those for which its store has what they need. */
export function methodsOver(store: Store, setup: Setup, over: Access, classOf: ClassOf): object {
  const { rules } = setup.schema
  const begin = transactions(store, setup, over, classOf)
  const many = extras(store as Target<Data, Id>, setup, over, classOf)
  return {
    ...derive(store, {
      ...within(store as Target<Data, Id>, setup, over, classOf),
      subscribe(this: unknown, query?: Query, options?: SubscribeOptions) {
        const model = classOf(this)
        return follow(store, rules, stored => over.instance(model, stored), query, options)
      },
      transaction(this: unknown, options?: TransactionOptions) {
        return begin(this, options)
      },
      setSchema: hide,
      close: forward,
    }),
    ...many,
    ...inOne(many, store.transaction && begin),
  }
}

/** Transactions of the model: what they have done is followed up when it is committed. */
function transactions(store: Store, setup: Setup, over: Access, classOf: ClassOf) {
  return (self: unknown, options?: TransactionOptions) =>
    when((store.transaction as NonNullable<typeof store.transaction>)(options), tx => {
      const model = classOf(self)
      const target = tx as Target<Data, Id>
      const { later, run, drop } = afterCommit()
      const inside = access(target, setup, { later, lasting: over.instance })
      return Object.freeze({
        ...derive(tx, {
          ...within(target, setup, inside, () => model),
          prepare: forward,
          commit: () => when(tx.commit(), run),
          abort: () => when(tx.abort(), drop),
        }),
        ...extras(target, setup, inside, () => model),
        prototype: model.prototype,
      })
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
      return over.erase(classOf(this), id, options)
    },
    query(this: unknown, query?: Query, options?: QueryOptions) {
      const model = classOf(this)
      const answered = (model as { definition?: Definition }).definition?.query !== undefined
      const { idProperty } = setup
      return ask(target, rules, stored => over.instance(model, stored), { idProperty, answered }, query, options)
    },
    count(this: unknown, query?: Query, options?: CountOptions) {
      return countOf(target, rules, query, options)
    },
  }
}
