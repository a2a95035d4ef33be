/** Wrappers whose objects carry a mark in the inner store, that says whether they are seen: what they have in common. */
import { type Decisions, derive, forward } from './derive.js'
import { following } from './marked/following.js'
import type { Marked, Meaning } from './marked/meaning.js'
import { reading } from './marked/reading.js'
import { writing } from './marked/writing.js'
import type { Schema } from './schema.js'
import type { Id, MaybePromise, Store, Transaction, TransactionOptions } from './store.js'
import { when } from './when.js'

export { hiddenMark, type Mark, shownMark } from './marked/mark.js'
export type { Marked, Meaning } from './marked/meaning.js'
export type { Taking } from './marked/taking.js'

/** The store, or a transaction on it, as it is for those who see what the mark says. */
export function within<T extends object, K extends Id, W>(target: Marked<T, K>, meaning: Meaning<T, K, W>) {
  return { ...reading(target, meaning), ...writing(target, meaning) }
}

export interface MarkedOptions<T extends object, K extends Id> {
  /** Begins a transaction on the inner store, if that is not to be the store's own. */
  readonly begin?: ((options?: TransactionOptions) => MaybePromise<Transaction<T, K>>) | undefined
  /** Decisions about more methods, for the store and for its transactions alike. */
  readonly more?: ((target: Marked<T, K>) => object) | undefined
}

/**
 * The decisions of a wrapper whose objects carry a mark. A put costs a get besides; a query and a count, one condition more.
 */
export function marked<T extends object, K extends Id, W>(
  inner: Store<T, K>,
  meaning: Meaning<T, K, W>,
  {
    begin = options => (inner as Required<typeof inner>).transaction(options),
    more = () => ({}),
  }: MarkedOptions<T, K> = {},
): Decisions<Store<T, K>> {
  const { mark } = meaning
  const innerName = (name: string) => (mark.knows(name) ? name : `$${name}`)
  return {
    ...within(inner, meaning),
    ...more(inner),
    subscribe: following(inner, meaning),
    transaction: (options?: TransactionOptions): MaybePromise<Transaction<T, K>> =>
      when(begin(options), tx =>
        derive<T, K>(tx, { ...within(tx, meaning), ...more(tx), prepare: forward, commit: forward, abort: forward }),
      ),
    setSchema({ properties = {}, required, validate, ...schema }: Schema) {
      const own = Object.entries(properties).map(([name, property]) => [innerName(name), property])
      inner.setSchema?.({
        ...schema,
        properties: Object.fromEntries(own),
        ...(required && { required: required.map(innerName) }),
        ...(validate && {
          validate: stored => (meaning.sees(mark.of(stored)) ? validate(mark.seen(stored)) : undefined),
        }),
      })
    },
    close: forward,
  }
}
