import { checkId, toKey } from '../id.js'
import type { Id, MaybePromise } from '../store.js'
import { isPromise, when } from '../when.js'
import { perform, type Target, type Write } from '../writes.js'
import type { Derivation } from './derivation.js'
import type { Overlay } from './transactions.js'
import type { Unsettled } from './unsettled.js'

/** Does a write, and notes what the index is to hold: in the overlay of its transaction, or at once. */
export function noting<T extends object, K extends Id, H>(
  { note, idProperty }: Derivation<H>,
  unsettled: Unsettled<H>,
) {
  type Result = MaybePromise<K | boolean>

  const idAfter = (write: Write<T, K>, result: K | boolean): Id =>
    write.method === 'delete' ? write.id : (result as K)

  /** The key under which it will be stored, if it is known before and is one. */
  function keyOf(write: Write<T, K>): Id | undefined {
    try {
      const own = write.method === 'delete' ? write.id : (write.options?.id ?? write.object[idProperty as never])
      return toKey(checkId(own as K))
    } catch {
      return undefined
    }
  }

  function inside(write: Write<T, K>, target: Target<T, K>, { written, unknown }: Overlay<H>): Result {
    const heldOf = note(write as Write<object, Id>)
    return when(perform(write, target), result => {
      const id = idAfter(write, result)
      const key = toKey(id)
      if (heldOf) {
        written.set(key, heldOf(id))
      } else {
        written.delete(key)
        unknown.add(key)
      }
      return result
    })
  }

  function outside(write: Write<T, K>, target: Target<T, K>): Result {
    const heldOf = note(write as Write<object, Id>)
    let result: Result
    try {
      result = perform(write, target)
    } catch (error) {
      const key = keyOf(write)
      if (key !== undefined) unsettled.touch(key)
      throw error
    }
    if (!isPromise(result)) {
      // it is over: nobody can have seen it half done
      const id = idAfter(write, result)
      if (heldOf) unsettled.wrote(toKey(id), heldOf(id))
      else unsettled.touch(toKey(id))
      return result
    }
    const known = keyOf(write)
    if (known !== undefined) unsettled.begin(known)
    return result.then(
      result => {
        const id = idAfter(write, result)
        const key = toKey(id)
        // an id that the store has made
        if (known === undefined) unsettled.begin(key)
        if (heldOf) unsettled.written(key, heldOf(id))
        else unsettled.unknown(key)
        return result
      },
      error => {
        if (known !== undefined) unsettled.unknown(known)
        throw error
      },
    )
  }

  return (write: Write<T, K>, target: Target<T, K>, overlay: Overlay<H> | undefined): Result =>
    overlay ? inside(write, target, overlay) : outside(write, target)
}
