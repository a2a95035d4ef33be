/** A facet as it is served: its methods, and what is known of its objects. */
import type { Data, Id, Options, Query, QueryOptions, SubscribeOptions, TransactionOptions } from '../../lib/store.js'
import { isStoreMethod } from '../../models/facet/opening.js'
import { type Audit, audit, permissive, servingOf } from '../../models/facet.js'
import type { PlainObjectSchema } from '../../models/schema/plain.js'

/** The methods of a facet, or of a transaction on it, each of which it may have. */
export interface Methods {
  get(id: Id, options?: Options): Promise<Data | undefined>
  put(object: Data, options?: object): Promise<Data>
  add(object: Data, options?: object): Promise<Data>
  delete(id: Id, options?: object): Promise<boolean>
  patch(id: Id, changes: object, options?: object): Promise<Data>
  query(query?: Query, options?: QueryOptions): Found
  count(query?: Query, options?: Options): Promise<number>
  subscribe(query?: Query, options?: SubscribeOptions): AsyncIterableIterator<Data>
  transaction(options?: TransactionOptions): Promise<object>
}

export interface Found extends AsyncIterable<unknown> {
  toArray(): Promise<unknown[]>
}

export interface Served {
  readonly name: string
  /** The facet, or the transaction in which it is used. */
  readonly methods: Methods
  readonly idProperty: string
  readonly schema: PlainObjectSchema
  readonly audit: () => Audit
  /** Begins a transaction that may end with others. */
  readonly begin: ((options: TransactionOptions) => Promise<object>) | undefined
}

export type Method = keyof Methods

/** Has the facet the method? */
export function has({ methods }: Served, method: Method): boolean {
  return Object.hasOwn(methods, method)
}

/** Has it a method of this name that is not the store's? */
export function hasOwnMethod({ methods, audit }: Served, name: string): boolean {
  return Object.hasOwn(methods, name) && !isStoreMethod(name) && audit().own.includes(name)
}

const known = new WeakMap<object, Omit<Served, 'name'>>()

export interface ServingOptions {
  /** May models be served, as permissive facets? */
  readonly trusted: boolean
}

/** What is given under a name, ready to be served. A `TypeError` for what is neither a facet nor, trusted, a model. */
export function serve(name: string, given: unknown, { trusted }: ServingOptions): Served {
  if ((typeof given !== 'object' && typeof given !== 'function') || given === null) refuse(name)
  let found = known.get(given)
  if (!found) {
    found = made(name, given, trusted)
    known.set(given, found)
  } else if (!trusted && !servingOf(given)) refuse(name)
  return { name, ...found }
}

function made(name: string, given: object, trusted: boolean): Omit<Served, 'name'> {
  const serving = servingOf(given)
  if (!serving) return trusted ? made(name, permissive(given), true) : refuse(name)
  let audited: Audit | undefined
  return {
    methods: given as unknown as Methods,
    idProperty: serving.idProperty,
    schema: serving.schema as PlainObjectSchema,
    audit: () => {
      audited ??= audit(given)
      return audited
    },
    begin: serving.begin,
  }
}

function refuse(name: string): never {
  const hint = 'restrictive(Model, rules), or { trusted: true } to serve models with all that they can'
  throw new TypeError(`${JSON.stringify(name)} is not a facet: give ${hint}`)
}
