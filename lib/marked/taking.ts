import type { MaybePromise, TransactionOptions } from '../store.js'

/** More options, by method. */
type More = { readonly [M in 'put' | 'add' | 'delete']?: object }

type Method<F, O> = F extends (first: infer A, options?: infer P) => infer R
  ? (first: A, options?: NonNullable<P> & O) => R
  : F

type Begin<F, O extends More, X> = F extends (...args: never) => MaybePromise<infer Tx>
  ? (options?: TransactionOptions) => MaybePromise<Omit<Tx, keyof O> & Taking<Tx & object, O> & X>
  : F

/** The methods of a store that take options which it did not know before, and its transactions with these and what else they can. */
export type Taking<S extends object, O extends More, X = object> = {
  [M in keyof Pick<S, Extract<keyof S, keyof O | 'transaction'>>]: M extends 'transaction'
    ? Begin<S[M], O, X>
    : Method<S[M], O[M & keyof O]>
}
