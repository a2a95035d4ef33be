/** The one way to build a wrapper: decide about every method, and the compiler checks that you did. */
import { checkStore } from './need.js'
import type { Method, Store, Transaction } from './store.js'

/** The inner store's own method. */
export const forward = Symbol('forward')
/** No such method, even if the inner store has it. */
export const hide = Symbol('hide')
const provided = Symbol('provided')

/** A method that the wrapped store has even if the inner store has none. */
export interface Provided<F> {
  readonly [provided]: F
}
export function provide<F>(method: F): Provided<F> {
  return { [provided]: method }
}

type Decision<F> = typeof forward | typeof hide | Provided<F> | F

/** A decision for every method: `forward`, `hide`, `provide(method)`, or a method that stands in where the inner store has one. */
export type Decisions<O> = { readonly [M in keyof O]-?: Decision<NonNullable<O[M]>> }

/** What a wrapper makes of a store of type S: without the methods it hides, with those it provides. */
export type Wrapped<S extends object, Hidden extends PropertyKey = never, Extra extends object = object> = Readonly<
  Omit<Pick<S, Extract<keyof S, Method | 'prepare' | 'commit' | 'abort'>>, Hidden | keyof Extra> & Extra
>

/** A frozen object without prototype, with the methods of `inner` as decided. Forwarded methods are bound to `inner`. */
export function derive<T extends object, K extends string | number>(
  inner: Transaction<T, K>,
  decisions: Decisions<Transaction<T, K>>,
): Transaction<T, K>
export function derive<T extends object, K extends string | number>(
  inner: Store<T, K>,
  decisions: Decisions<Store<T, K>>,
): Store<T, K>
export function derive(inner: object, decisions: object): object {
  checkStore(inner)
  const derived = Object.create(null)
  for (const [name, decision] of Object.entries(decisions)) {
    const own = inner[name as keyof object] as unknown
    const method = decide(decision, typeof own === 'function' ? own : undefined, inner)
    if (method !== undefined) derived[name] = method
  }
  return Object.freeze(derived)
}

// biome-ignore lint/complexity/noBannedTypes: any method at all
function decide(decision: unknown, own: Function | undefined, inner: object): unknown {
  if (decision === hide) return undefined
  if (decision === forward) return own?.bind(inner)
  if (typeof decision === 'function') return own && decision
  return (decision as Provided<unknown>)[provided]
}
