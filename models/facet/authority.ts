/**
 * What a facet is made over: a model, a transaction on it, or what another facet may do. It is asked in plain data, and never
 * handed to a holder. Nothing here waits that need not, so that a call over a store that answers at once is done in one go.
 */
import { answer, type Cursor } from '../../lib/cursor.js'
import { StoreError } from '../../lib/errors.js'
import type { Expression } from '../../lib/query/expression.js'
import type {
  Attribution,
  Change,
  Data,
  Id,
  MaybePromise,
  Options,
  Precondition,
  QueryOptions,
  SubscribeOptions,
  TransactionOptions,
} from '../../lib/store.js'
import { settle, when } from '../../lib/when.js'
import { internalsOf } from '../model/connect.js'
import type { Items } from './items.js'
import { isBulk } from './opening.js'
import { refuse } from './refusal.js'

export interface WriteOptions extends Options, Precondition, Attribution {
  readonly id?: Id | undefined
  /** Refuses what would be stored, by throwing: the model may make something else of what it is given. */
  readonly check?: ((stored: Data) => MaybePromise<void>) | undefined
}

export interface Asking extends QueryOptions {
  /** All, whatever the most is: each object is still looked at, by what is above. */
  readonly all?: true
}

export interface Authority {
  /** Has what is underneath the method of stores? */
  has(method: string): boolean
  /** The names of further methods that can be called. */
  names(kind: 'static' | 'prototype'): readonly string[]
  get(id: Id, options: Options): MaybePromise<Data | undefined>
  /** Stores it, and gives it as it is seen here. Conditions are about what is seen here. */
  put(object: Data, options: WriteOptions): MaybePromise<Data>
  add(object: Data, options: WriteOptions): MaybePromise<Data>
  delete(id: Id, options: WriteOptions): MaybePromise<boolean>
  query(query: Expression, options: Asking): Items
  count(query: Expression, options: Options): MaybePromise<number>
  /** What a condition that is asked here is underneath: what leads here by a link is asked so. */
  below(condition: Expression): Expression
  subscribe(query: Expression, options: SubscribeOptions): AsyncIterator<Change<Data, Id>>
  transaction(options: TransactionOptions): MaybePromise<AuthorityTransaction>
  /** Calls a method of the instances on the whole object; a `NotFoundError` where that is not there, or not admitted above. */
  callOn(id: Id, method: string, args: readonly unknown[], admits?: Admits): unknown
  /** What is seen here of a whole object; `undefined` if it is not there. */
  see(object: Data): MaybePromise<Data | undefined>
  /** Calls a static method of the model. */
  call(method: string, args: readonly unknown[]): unknown
}

/** Is this object, as it was read and as it is seen there, one for which something may be done? */
export type Admits = (object: Data) => MaybePromise<boolean>

export interface AuthorityTransaction extends Authority, Ends {}

/** The methods of a model or of a transaction on it, all of them, as they are called here. */
interface Methods {
  get(id: Id, options?: Options): MaybePromise<Data | undefined>
  put(object: object, options?: WriteOptions): MaybePromise<Data>
  add(object: object, options?: WriteOptions): MaybePromise<Data>
  delete(id: Id, options?: WriteOptions): MaybePromise<boolean>
  query(query?: Expression, options?: QueryOptions): Cursor<unknown>
  count(query?: Expression, options?: Options): MaybePromise<number>
  subscribe(query?: Expression, options?: SubscribeOptions): AsyncIterable<Change<Data, Id>>
  transaction(options?: TransactionOptions): MaybePromise<Methods & Ends>
}

export interface Ends {
  /** As that of a store's transaction: absent where that cannot. */
  readonly prepare?: (() => MaybePromise<void>) | undefined
  commit(): MaybePromise<void>
  abort(): MaybePromise<void>
}

/** How a transaction ends, for what is made over it. */
export function endsOf({ prepare, commit, abort }: Ends): Ends {
  return { prepare, commit, abort }
}

/**
 * The authority of a model, which is all that can be done with it. Its instances are fresh, and the data are their own
 * properties: there is no need to copy them once more.
 */
export function overModel(given: object, model: object = given): Authority {
  const methods = given as Methods
  const known: Partial<Record<'static' | 'prototype', readonly string[]>> = {}

  /** What becomes of an object is known when it is written: in a transaction, which is aborted if it is refused. */
  function write(method: 'put' | 'add', object: Data, { check, ...options }: WriteOptions): MaybePromise<Data> {
    if (!check || !alters(model)) return methods[method](object, options)
    const checked = (to: Methods) =>
      when(to[method](object, options), stored => when(check({ ...stored }), () => stored))
    if ('commit' in given)
      return settle(
        () => checked(methods),
        stored => stored,
        error => abandoned(given as Ends, error),
      )
    if (typeof methods.transaction !== 'function') {
      const reason = 'the model may change what it is given: to look at that before it is stored needs transactions'
      return refuse('NotSupportedError', 'this is not possible here', reason)
    }
    const { signal, actor, reason } = options
    return when(methods.transaction({ signal, actor, reason } as TransactionOptions), tx =>
      settle(
        () => checked(tx),
        stored => when(tx.commit(), () => stored),
        error => abandoned(tx, error),
      ),
    )
  }

  return {
    // what is done to many at once is done in one transaction
    has: method => typeof given[(isBulk(method) ? 'transaction' : method) as never] === 'function',
    names(kind) {
      known[kind] ??= namesOf(model as { readonly definition: Behaviour }, kind)
      return known[kind]
    },
    get: (id, options) => methods.get(id, options),
    put: (object, options) => write('put', object, options),
    add: (object, options) => write('add', object, options),
    delete: (id, options) => methods.delete(id, options),
    query: (query, { all, ...options }) => answer(methods.query(query, options)),
    count: (query, options) => methods.count(query, options),
    below: condition => condition,
    subscribe: (query, options) => methods.subscribe(query, options)[Symbol.asyncIterator](),
    transaction: options =>
      when(methods.transaction(options), tx => ({
        ...overModel(tx, model),
        prepare: tx.prepare && (() => tx.prepare?.()),
        commit: () => tx.commit(),
        abort: () => tx.abort(),
      })),
    callOn: (id, method, args, admits = () => true) =>
      when(methods.get(id), instance =>
        // it runs on what was admitted, and on nothing that was read later
        when(instance !== undefined && admits({ ...instance }), admitted => {
          if (!instance || !admitted) throw new StoreError('NotFoundError', 'there is no such object', { method, id })
          return Reflect.apply(instance[method] as () => unknown, instance, args)
        }),
      ),
    see: object => object,
    call: (method, args) =>
      Reflect.apply((given[method as never] ?? model[method as never]) as () => unknown, given, args),
  }
}

/** Aborts, and throws on, whatever comes of that. */
export function abandoned(begun: Pick<Ends, 'abort'>, error: unknown): MaybePromise<never> {
  const fail = () => {
    throw error
  }
  return settle(() => begun.abort(), fail, fail)
}

/** May what is stored be other than what was given? */
function alters(model: object): boolean {
  const { setup } = internalsOf(model)
  return setup.alters || setup.handled.put || setup.handled.add || setup.schema.rules.setters.size > 0
}

type Behaviour = Readonly<Partial<Record<'static' | 'prototype', object>>>

/** Those of the definition that can be called; what a class adds that extends the model is its own affair. */
function namesOf({ definition }: { readonly definition: Behaviour }, kind: 'static' | 'prototype'): readonly string[] {
  const methods = Object.getOwnPropertyDescriptors(definition[kind] ?? {})
  return Object.keys(methods).filter(name => typeof methods[name as never]?.value === 'function')
}
