import type { Store } from './store.js'

/** What a store says of itself. */
export interface Introduction {
  /** The name of its factory. */
  readonly name: string
  /** What it was made with, as far as it tells how it works. Nothing secret. */
  readonly options?: Readonly<Record<string, unknown>> | undefined
  /** The stores that it wraps, or keeps its own data in. */
  readonly inner?: readonly Store[] | undefined
  /** Live numbers. */
  readonly numbers?: (() => Readonly<Record<string, number>>) | undefined
  /** Objects go away by themselves, so many milliseconds after they were written: whoever keeps copies must not keep them longer. */
  readonly expires?: number | undefined
  /** Others write to it past what is around it: who must see every write belongs inside. */
  readonly bypassed?: boolean | undefined
  /** It acknowledges writes that may still be lost: who counts on it must not believe that. */
  readonly late?: boolean | undefined
  /** It counts the writes to each object, and refuses stale ones: who acknowledges writes that it has not yet belongs inside. */
  readonly counts?: boolean | undefined
  /** The property that holds the id of its objects; that of the first inner store if it says none. */
  readonly idProperty?: string | undefined
  /** The properties that it sets by itself at each put. An object that is put with another value of one is refused as stale. */
  readonly sets?: readonly string[] | undefined
}

/** A stack of stores, from the outermost to what it keeps its objects in. */
export interface Explanation {
  readonly name: string
  readonly options: Readonly<Record<string, unknown>>
  readonly numbers: Readonly<Record<string, number>>
  readonly inner: readonly Explanation[]
  readonly expires?: number | undefined
  readonly bypassed?: boolean | undefined
  readonly late?: boolean | undefined
  readonly counts?: boolean | undefined
  readonly idProperty?: string | undefined
  /** The properties that the stack sets by itself at each put. */
  readonly sets: readonly string[]
  /** As indented text, one line a store. */
  toString(): string
}

const known = new WeakMap<object, Introduction>()

/** Lets a store be explained. Gives the store. Who makes a store or a wrapper calls it once. */
export function introduce<S extends object>(store: S, introduction: Introduction): S {
  known.set(store, introduction)
  return store
}

/** The stack that a store is made of, as data and as text, with its numbers of this moment. Costs a look at each store in it. */
export function explain(store: Store): Explanation {
  const { name, options = {}, inner = [], numbers = () => ({}), sets = [], ...facts } = introductionOf(store)
  const explainedInner = inner.map(explain)
  const explained: Omit<Explanation, 'toString'> = {
    name,
    options,
    numbers: numbers(),
    inner: explainedInner,
    idProperty: explainedInner[0]?.idProperty,
    sets: [...sets, ...explainedInner.flatMap(({ sets }) => sets)],
    ...facts,
  }
  return { ...explained, toString: () => print(explained, '') }
}

function introductionOf(store: Store): Introduction {
  // a class that extends a model is explained as the model is
  for (let each: object | null = store; each; each = Object.getPrototypeOf(each)) {
    const found = known.get(each)
    if (found) return found
  }
  return { name: 'a store' }
}

/** Is it so of the store, or of one that it is made of? */
export function some(explanation: Explanation, is: (explanation: Explanation) => boolean): boolean {
  return is(explanation) || explanation.inner.some(each => some(each, is))
}

/** May its objects go away by themselves, or those of a store that it is made of? */
export function isExpiring(store: Store): boolean {
  return some(explain(store), ({ expires }) => expires !== undefined)
}

function print({ name, options, numbers, inner }: Omit<Explanation, 'toString'>, indent: string): string {
  const facts = [...Object.entries(options), ...Object.entries(numbers)].filter(([, value]) => value !== undefined)
  const line = [name, ...facts.map(([fact, value]) => `${fact}=${show(value)}`)].join(' ')
  return [`${indent}${line}`, ...inner.map(each => print(each, `${indent}  `))].join('\n')
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
