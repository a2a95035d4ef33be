/** Writes to an overlay: checked now against the store and the overlay on it, as the store would. */
import { StoreError } from './errors.js'
import { checkPrecondition } from './etag.js'
import { checkId, toKey } from './id.js'
import { type Identified, type IdentityOptions, identity } from './identity.js'
import { holding, lock } from './lock.js'
import type { Overlay, Pending } from './overlay.js'
import type { UniqueKeys } from './overlay-unique.js'
import type { DeleteOptions, Id, MaybePromise, Options, PutOptions, Store } from './store.js'
import { when } from './when.js'

export interface OverlayWritesOptions {
  readonly inner: Required<Pick<Store, 'get'>>
  readonly pending: Overlay<object>
  /** The store with the overlay on it. */
  readonly reads: Required<Pick<Store, 'get' | 'query'>>
  readonly unique: UniqueKeys
  identify(object: object, options: PutOptions): Identified<object>
  /** Throws where nothing may be written: asked at each call, and before what was decided is written. */
  check(options?: Options): void
  /** Is there room for a write to this key? Waits until there is. */
  room?(key: Id): MaybePromise<void>
  /** The inner store was asked for an object, as a write depends on it. */
  looked?(key: Id, object: object | undefined): void
  write(pending: Pending): void
}

export interface OverlayWrites {
  put(object: object, options?: PutOptions): MaybePromise<Id>
  add(object: object, options?: PutOptions): MaybePromise<Id>
  delete(id: Id, options?: DeleteOptions): MaybePromise<boolean>
  /** Does work when those writes are over that were begun before, and no other begins. */
  after<R>(work: () => MaybePromise<R>): MaybePromise<R>
}

/** Settles the id of an object. That nobody has a UUID that was made here need not be asked. */
export function identifying(options: IdentityOptions): OverlayWritesOptions['identify'] {
  const identify = identity(options)
  if (options.generateId) return identify
  return (object, given) => ({ ...identify(object, given), generated: false })
}

/** A put that depends on nothing asks the store for nothing. One write at a time is decided on. */
export function overlayWrites(options: OverlayWritesOptions): OverlayWrites {
  const { inner, pending, reads, unique, identify, check, room = () => {}, looked = () => {}, write } = options
  const turn = lock()

  function alone<R>(work: () => MaybePromise<R>, { signal }: Options): MaybePromise<R> {
    return holding(turn.write({ signal }), () => {
      check({ signal })
      return work()
    })
  }

  function look(id: Id, { signal }: Options): MaybePromise<object | undefined> {
    const key = toKey(id)
    const own = pending.get(key)
    if (own) return own.object
    return when(inner.get(id, { signal }), object => {
      looked(key, object)
      return object
    })
  }

  function decided(pending: Pending, options: Options): MaybePromise<void> {
    return when(room(toKey(pending.id)), () => {
      check(options)
      write(pending)
    })
  }

  const put =
    (method: 'put' | 'add') =>
    (object: object, options: PutOptions = {}): MaybePromise<Id> => {
      check(options)
      const { id, object: own, generated } = identify(object, options)
      const isNew = method === 'add' || generated
      const { ifMatch, ifNoneMatch, signal } = options
      const depends = isNew || ifMatch !== undefined || ifNoneMatch !== undefined
      const decide = (stored: object | undefined) => {
        if (stored && isNew) throw taken(id, method)
        checkPrecondition(stored, options, id)
        return when(unique.check(id, own, reads, { signal }), () =>
          when(decided({ id, object: own }, { signal }), () => id),
        )
      }
      return alone(() => when(depends ? look(id, { signal }) : undefined, decide), { signal })
    }

  return {
    put: put('put'),
    add: put('add'),
    delete(id, options = {}) {
      check(options)
      const { ifMatch, signal } = options
      checkId(id)
      const decide = (stored: object | undefined): MaybePromise<boolean> => {
        checkPrecondition(stored, { ifMatch }, id)
        return stored ? when(decided({ id, object: undefined }, { signal }), () => true) : false
      }
      const known = () => (ifMatch === undefined ? reads.get(id, { signal }) : look(id, { signal }))
      return alone(() => when(known(), decide), { signal })
    },
    after: work => holding(turn.write(), work),
  }
}

function taken(id: Id, method: 'put' | 'add'): StoreError {
  return new StoreError('ConstraintError', `something is already stored under ${id}`, { method, id })
}
