import type { Expression } from '../query/expression.js'
import type { Id, MaybePromise, Store } from '../store.js'
import type { Mark } from './mark.js'

/** Where marked objects are: the inner store, or a transaction on it. */
export type Marked<T extends object, K extends Id> = Pick<
  Store<T, K>,
  'get' | 'put' | 'add' | 'delete' | 'query' | 'count'
>

/** What a mark says of an object, and how it comes about. What is not seen is as if it were not there. */
export interface Meaning<T extends object, K extends Id, W = unknown> {
  readonly mark: Mark
  /** The property that holds an object's id. */
  readonly idProperty: string
  /** Is an object with this mark seen, at this moment? */
  sees(mark: unknown): boolean
  /** The condition by which the inner store selects what is seen. */
  condition(): Expression
  /** Does what is seen fade with time, though nothing is written? */
  readonly fades?: boolean | undefined
  /** What a write wishes besides, checked: read from its options, and from the object as the inner store is to have it. */
  wish(options: object, object?: T): W
  /** The name of the option that is for this wrapper alone. */
  readonly option?: string | undefined
  /** The mark of what is put in place of what is stored, which may be what nobody sees. Throws where it must not be. */
  next(stored: T | undefined, wish: W, id: K): unknown
  /** Throws where what is stored must not be deleted by this wish. */
  checkDelete?(stored: T | undefined, wish: W, id: K): void
  /** The mark that stays behind in place of what is deleted. Without it nothing does. */
  left?(stored: T): unknown
  /** Makes room after a `ConstraintError`; `false` if there was none to make. */
  readonly makeRoom?: ((target: Marked<T, K>) => MaybePromise<boolean>) | undefined
  /** Called when what was seen has been replaced or deleted, before who wrote goes on. */
  replaced?(stored: T): MaybePromise<void>
}

/** The object as callers see it, if they do. */
export function seenOf<T extends object>(
  stored: T | undefined,
  { mark, sees }: Pick<Meaning<T, never>, 'mark' | 'sees'>,
): T | undefined {
  return stored !== undefined && sees(mark.of(stored)) ? mark.seen(stored) : undefined
}
