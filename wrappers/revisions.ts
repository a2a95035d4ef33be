import { derive, provide, type Wrapped } from '../lib/derive.js'
import { StoreError } from '../lib/errors.js'
import { explain, introduce, isExpiring, some } from '../lib/explain.js'
import { idPropertyOf } from '../lib/id-property.js'
import { marked, type Taking } from '../lib/marked.js'
import { checkStore, need } from '../lib/need.js'
import { can, type Id, type MaybePromise, type Options, type Store } from '../lib/store.js'
import type { TransactionLog } from '../lib/two-phase.js'
import { onEach } from '../lib/when.js'
import { counting as countingOf, type RevisionOptions } from './revisions/counting.js'
import { pairing } from './revisions/pairing.js'
import { reading } from './revisions/reading.js'
import { type Revision, versionsIn } from './revisions/versions.js'

export type { RevisionOptions } from './revisions/counting.js'
export type { Revision } from './revisions/versions.js'

export interface RevisionsOptions {
  /** The property that shows the revision: `'_rev'`, say. It is the same for all the time that the objects are kept. Hidden if not given. */
  readonly property?: string | undefined
  /** Keeps the earlier versions: a store for nothing else, which is closed with this one. */
  readonly store?: Store | undefined
  /** How many earlier versions of an object are kept; all of them if not given. */
  readonly max?: number | undefined
  /**
   * Where it is decided that all commit together, if they last in different databases: `transactionLog({ path })`.
   * `history` and `replicated` call it `coordinator`, as their `log` is a store of records.
   */
  readonly log?: TransactionLog | undefined
  /** The property that holds an object's id: by default that of the inner store, where it says it, else `id`. */
  readonly idProperty?: string | undefined
}

type More = { put: RevisionOptions; add: RevisionOptions; delete: RevisionOptions }
type Objects<S> = S extends Store<infer T, infer K> ? { readonly object: T; readonly id: K } : never

export interface Numbered<S> {
  /** The revision of the object of this id; `undefined` if there is none. */
  revision(id: Objects<S>['id'], options?: Options): MaybePromise<number | undefined>
}

export interface Versioned<S> {
  /** The object as it was at a revision, or is; `undefined` if that is not kept. */
  version(id: Objects<S>['id'], revision: number, options?: Options): MaybePromise<Objects<S>['object'] | undefined>
  /** All that is kept of an object, the newest first: what is stored now, if it is, and the earlier versions. */
  versions(id: Objects<S>['id'], options?: Options): MaybePromise<readonly Revision<Objects<S>['object']>[]>
}

/**
 * Counts the puts of each object that were committed: its revision is 0 at first, and 1 more with each. The count goes on
 * where an object is deleted and put again, so that a revision never comes back: after a delete an object stays behind in
 * the inner store, which holds the id and the count and is not seen. A put or a delete with `ifRevision` is done
 * only if nobody has written since. With `property`, objects show their revision; a put of an object that has one is done
 * only if that is what is stored, and one without it always. What it says on an id under which nothing ever was is ignored.
 *
 * Objects that were there before are at revision 0. A put costs a get besides, and where versions are kept a transaction
 * over both stores. Wrap it in `expires`, and `writeBehind` in it, not the other way round.
 */
export function revisions<S extends Store>(
  inner: S,
  options: RevisionsOptions & { readonly store: Store },
): Wrapped<S, never, Taking<S, More, Numbered<S> & Versioned<S>> & Numbered<S> & Versioned<S>>
export function revisions<S extends Store>(
  inner: S,
  options?: RevisionsOptions,
): Wrapped<S, never, Taking<S, More, Numbered<S>> & Numbered<S>>
export function revisions<T extends object, K extends Id>(
  inner: Store<T, K>,
  { property, store, max = Infinity, log, idProperty: said }: RevisionsOptions = {},
): object {
  const idProperty = idPropertyOf(inner, said)
  check(inner, { property, store, max, log, idProperty })
  const counting = countingOf<T, K>(property, idProperty)
  const versions = store && versionsIn<T>(store, max)
  const wrapped = derive<T, K>(inner, {
    ...marked(inner, counting.meaning, { more: target => reading({ inner: target, counting }) }),
    ...(store && versions && pairing({ inner, store, log, counting, versions })),
    ...(versions && reading({ inner, counting, kept: store, versions })),
    ...(store && { close: provide(() => onEach([inner, store], each => each.close?.())) }),
  })
  return introduce(wrapped, {
    name: 'revisions',
    options: { property, max: max === Infinity ? undefined : max },
    inner: store ? [inner, store] : [inner],
    counts: true,
    ...(property !== undefined && { sets: [property] }),
  })
}

function check(inner: Store, { property, store, max = 1, log, idProperty }: RevisionsOptions): void {
  checkStore(inner)
  if (property !== undefined && (typeof property !== 'string' || ['', '__proto__', idProperty].includes(property))) {
    throw new TypeError(`the revision cannot be shown as ${String(property)}`)
  }
  if (!(max === Infinity || (Number.isSafeInteger(max) && max > 0))) {
    throw new TypeError(`max is a whole number above 0, not ${String(max)}`)
  }
  if (store === inner) throw new TypeError('earlier versions need a store of their own, not the inner store itself')
  if (property !== undefined && explain(inner).sets.includes(property)) {
    throw new TypeError(`the inner store shows revisions as ${property} already`)
  }
  if (!store && (log || max < Infinity)) throw new TypeError('log and max are for earlier versions: give store')
  const changes = (['put', 'delete'] as const).filter(method => can(inner, method))
  if (changes.length > 0) need(inner, 'the store of revisions', 'get', 'put')
  if (store) {
    need(inner, 'the store of revisions', 'get', 'put', 'transaction')
    need(store, 'the store of earlier versions', 'query', 'add', 'delete', 'transaction')
  }
  if (some(explain(inner), ({ bypassed = false }) => bypassed)) {
    const hint = 'put revisions inside, around what they write to'
    throw new StoreError('NotSupportedError', `what others write past revisions is not counted: ${hint}`)
  }
  for (const each of store ? [inner, store] : [inner]) {
    if (!isExpiring(each)) continue
    const hint = 'put expires around revisions'
    throw new StoreError('NotSupportedError', `a revision that goes away by itself would come back: ${hint}`)
  }
}
