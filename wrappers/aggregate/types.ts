import type { Id, Method, Store } from '../../lib/store.js'
import type { Part } from './layout.js'

type StoreOf<P extends readonly Part[]> = P[number]['store']
type ObjectOf<S> = S extends Store<infer T, Id> ? T : never
type IdOf<S> = S extends Store<object, infer K> ? K : never
type All<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never

/** The methods that each of the stores has, or may have. */
type Possible<S> = keyof S & Method
/** Those that each has for sure. */
type Certain<S> = { [M in Possible<S>]: object extends Pick<S, M> ? never : M }[Possible<S>]

type Writing = 'put' | 'add' | 'delete' | 'subscribe'
/** The methods of the aggregate, from those of its parts. */
type Made<M> =
  | Exclude<M, Writing>
  | 'close'
  | ([Exclude<'get' | 'put' | 'delete', M>] extends [never] ? Writing : never)

type Whole<T extends object, K extends Id> = Omit<Required<Store<T, K>>, 'query'> & {
  query(...given: Parameters<Required<Store<T, K>>['query']>): AsyncIterable<T>
}
type Methods<T extends object, K extends Id, Certainly extends Method, Possibly extends Method> = Readonly<
  Pick<Whole<T, K>, Certainly> & Pick<Store<T, K>, Exclude<Possibly, Certainly>>
>

/** What an aggregate of such parts is: its objects have the properties of all, and it can what all can. */
export type Aggregate<P extends readonly Part[], Hidden extends Method = never> = Methods<
  All<ObjectOf<StoreOf<P>>> & object,
  IdOf<StoreOf<P>>,
  Exclude<Made<Certain<StoreOf<P>>>, Hidden>,
  Exclude<Made<Possible<StoreOf<P>>>, Hidden>
>
