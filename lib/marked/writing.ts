import { isStoreError, StoreError } from '../errors.js'
import { checkPrecondition } from '../etag.js'
import type { DeleteOptions, Id, MaybePromise, Options, Precondition, PutOptions } from '../store.js'
import { checkedCopy } from '../value.js'
import { isPromise, settle, when } from '../when.js'
import { attempts } from './attempts.js'
import { type Marked, type Meaning, seenOf } from './meaning.js'

type WriteOptions = Options & Precondition
const noOptions = {}

/**
 * The store, or a transaction, as it is written to by who sees some of it: looks before it writes, and again if what it saw
 * has changed until it is written.
 */
export function writing<T extends object, K extends Id, W>(target: Marked<T, K>, meaning: Meaning<T, K, W>) {
  const { mark, idProperty, option, sees } = meaning
  const inner = target as Required<Marked<T, K>>
  const { looking, adding } = attempts(target, meaning)

  /** The options as the inner store is to have them: it must still keep what was seen. */
  function over<O extends WriteOptions>(options: O, stored: T | undefined, ifNoneMatch?: '*'): O {
    const unchanged = stored ? { ifMatch: stored } : { ifMatch: undefined, ifNoneMatch }
    if (options === noOptions) return unchanged as O
    return { ...options, ifNoneMatch: undefined, ...unchanged, ...(option && { [option]: undefined }) }
  }

  function check(stored: T | undefined, options: WriteOptions, id: K): void {
    if (options.ifMatch === undefined && options.ifNoneMatch === undefined) return
    checkPrecondition(seenOf(stored, meaning), options, id)
  }

  /** The object of a caller on its way, with whatever he wishes. */
  function taken(given: T, options: PutOptions<K>) {
    let object = mark.own(given)
    let kept = false
    const wish = meaning.wish(options, object)
    const id = (options.id ?? object[idProperty as never]) as K
    return {
      id,
      /** Without an id nothing is there before; what is none is refused by the inner store. */
      named: typeof id === 'string' || typeof id === 'number',
      marked: (stored: T | undefined): T => mark.set(object, meaning.next(stored, wish, id)),
      /** Later the caller may have changed what is nested in it. */
      keep() {
        if (kept) return
        kept = true
        try {
          object = checkedCopy(object)
        } catch {
          // the inner store refuses it too
        }
      },
    }
  }

  return {
    put(given: T, options: PutOptions<K> = noOptions): MaybePromise<K> {
      const { id, named, marked, keep } = taken(given, options)
      if (!named) {
        check(undefined, options, id)
        // else what another property than ours names would be replaced unseen
        return adding(() => inner.put(marked(undefined), over(options, undefined, '*')), keep)
      }
      return looking(
        id,
        options,
        stored => {
          check(stored, options, id)
          const object = marked(stored)
          return () => inner.put(object, over(options, stored, '*'))
        },
        keep,
      )
    },

    add(given: T, options: PutOptions<K> = noOptions): MaybePromise<K> {
      const { id, named, marked, keep } = taken(given, options)
      const add = () => inner.add(marked(undefined), over(options, undefined))
      if (!named || !target.get || !target.put) {
        check(undefined, options, id)
        return adding(add, keep)
      }
      const look = () =>
        looking(
          id,
          options,
          stored => {
            if (stored && sees(mark.of(stored))) throw isTaken(id)
            const object = marked(stored)
            check(stored, options, id)
            return () =>
              stored ? inner.put(object, over(options, stored)) : inner.add(object, over(options, undefined))
          },
          keep,
        )
      if (options.ifMatch !== undefined || options.ifNoneMatch !== undefined) return look()
      const result = settle(
        add,
        id => id,
        error => {
          if (isStoreError(error, 'ConstraintError')) return look()
          throw error
        },
      )
      if (isPromise(result)) keep()
      return result
    },

    delete(id: K, options: DeleteOptions = noOptions): MaybePromise<boolean> {
      const wish = meaning.wish(options)
      return looking<boolean>(id, options, stored => {
        check(stored, options, id)
        meaning.checkDelete?.(stored, wish, id)
        if (!stored || !sees(mark.of(stored))) return () => false
        if (!meaning.left) return () => inner.delete(id, over(options, stored))
        const rest = mark.set({ [idProperty]: stored[idProperty as never] } as T, meaning.left(stored))
        return () => when(inner.put(rest, { signal: options.signal, ifMatch: stored }), () => true)
      })
    },
  }
}

function isTaken(id: Id): StoreError {
  return new StoreError('ConstraintError', `something is already stored under ${id}`, { method: 'add', id })
}
