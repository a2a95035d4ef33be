/** The methods by which a holder writes. */
import { isStoreError, StoreError } from '../../../lib/errors.js'
import type { Data, Id, MaybePromise } from '../../../lib/store.js'
import { copy } from '../../../lib/value.js'
import { settle, when } from '../../../lib/when.js'
import { type PatchType, patcher } from '../../model/patch.js'
import type { Authority, WriteOptions } from '../authority.js'
import { checkRealm } from '../realm.js'
import { mistake, refuse, shown, theirs } from '../refusal.js'
import { take, takeId, takeObject, takeOptions } from '../take.js'
import type { Guard } from './guard.js'

export interface WritingOptions {
  readonly idProperty: string
  /** Makes what the holder gets of what was written. */
  written(data: Data): object
  /** Makes an object of his own of what is seen. */
  hold(data: Data): object
}

const conditions = ['ifMatch', 'signal', 'reason'] as const
const tries = 20

export function writing(authority: Authority, guard: Guard, { idProperty, written, hold }: WritingOptions) {
  const { method, life, about } = guard

  function writer(name: 'put' | 'add') {
    return method(
      name,
      (given: unknown, more: unknown) => {
        const object = takeObject(given)
        const options = takeOptions(more, ['id', 'ifNoneMatch', ...conditions]) as WriteOptions
        const id = object[idProperty]
        if (id !== undefined && typeof id !== 'string' && typeof id !== 'number') {
          refuse('DataError', `${idProperty} is the id, a string or an integer`)
        }
        return () => authority[name](object, options)
      },
      written,
    )
  }

  /** Reads, changes, and writes if nothing came in between; else does it again. */
  function changing(id: Id, change: (data: Data) => object, options: WriteOptions, left = tries): MaybePromise<Data> {
    return when(read(id, options), found => {
      const { ifMatch = found } = options
      return settle(
        () => authority.put(change(copy({ ...found })) as Data, { ...options, id, ifMatch }),
        data => data,
        error => {
          if (!mayRetry(error, left) || options.ifMatch !== undefined) throw error
          return changing(id, change, options, left - 1)
        },
      )
    })
  }

  function read(id: Id, { signal }: WriteOptions): MaybePromise<Data> {
    return when(authority.get(id, { signal }), found => {
      if (!found) throw new StoreError('NotFoundError', `there is no ${id}`)
      return found
    })
  }

  /** Once more each time somebody else came first. The holder's own function runs in between, with an object of his own. */
  async function update(given: unknown, change: unknown, more: unknown): Promise<object> {
    try {
      checkRealm()
      const id = takeId(given)
      const options = takeOptions(more, ['signal', 'reason']) as WriteOptions
      if (typeof change !== 'function') mistake('update takes a function that changes the object')
      for (let left = tries; ; left--) {
        life.enter()
        const found = await read(id, options)
        life.check()
        const object = hold(found)
        const result = await theirs(() => change(object))
        life.check()
        const changed = takeObject(result ?? object)
        life.check()
        try {
          const data = await authority.put(changed, { ...options, id, ifMatch: found })
          life.check()
          return hold(data)
        } catch (error) {
          if (!mayRetry(error, left)) throw error
        }
      }
    } catch (error) {
      throw shown(error, { ...about, method: 'update' })
    }
  }

  return {
    put: () => writer('put'),
    add: () => writer('add'),
    update: () => Object.freeze(update),

    delete: () =>
      method('delete', (given: unknown, more: unknown) => {
        const id = takeId(given)
        const options = takeOptions(more, conditions) as WriteOptions
        return () => authority.delete(id, options)
      }),

    patch: () =>
      method(
        'patch',
        (given: unknown, changes: unknown, more: unknown) => {
          const id = takeId(given)
          const patch = take(changes) as object
          const { type, ...options } = takeOptions(more, ['type', ...conditions])
          return () => changing(id, patcher(patch, idProperty, type as PatchType), options as WriteOptions)
        },
        written,
      ),
  }
}

function mayRetry(error: unknown, left: number): boolean {
  return left > 1 && isStoreError(error, 'PreconditionFailedError')
}
