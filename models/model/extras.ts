/** What a model does with its objects beyond what a store does: changes one, patches one, or many at once. */
import type { Data, Id, MaybePromise, Transaction, TransactionOptions } from '../../lib/store.js'
import { describe } from '../../lib/value.js'
import type { Target } from '../../lib/writes.js'
import type { Access, Change, Class } from './access.js'
import { allOrNothing, type BulkOptions } from './bulk.js'
import { deleteAll, getAll, putAll } from './many.js'
import { type PatchOptions, patcher } from './patch.js'
import type { UpdateOptions } from './types.js'
import type { Setup } from './writer.js'

/** The names of all these methods. */
export const extraMethods = ['update', 'patch', 'getAll', 'putAll', 'deleteAll'] as const

type ClassOf = (self: unknown) => Class

/** The methods for which the store, or the transaction, has what they need. */
export function extras(target: Target<Data, Id>, setup: Setup, over: Access, classOf: ClassOf) {
  const { get, put, delete: remove } = target
  return {
    ...(get && put && changes(setup, over, classOf)),
    ...(get && { getAll: getAll(over, classOf) }),
    ...(put && { putAll: putAll(over, classOf) }),
    ...(remove && { deleteAll: deleteAll(target, setup, over, classOf) }),
  }
}

type Work = (this: unknown, items: never, options: BulkOptions) => Promise<unknown>

/** Those that write many objects, in a transaction of their own. */
export function inOne(
  methods: ReturnType<typeof extras>,
  begin: ((self: unknown, options: TransactionOptions) => MaybePromise<Transaction>) | undefined,
): Partial<typeof methods> {
  const wrapped = (name: 'putAll' | 'deleteAll') =>
    methods[name] && {
      [name](this: unknown, items: never, options: BulkOptions = {}) {
        const own = begin && ((wanted: TransactionOptions) => begin(this, wanted))
        return allOrNothing(own, options, tx =>
          ((tx ?? methods) as Record<typeof name, Work>)[name].call(tx ?? this, items, options),
        )
      },
    }
  return { ...wrapped('putAll'), ...wrapped('deleteAll') }
}

function changes({ idProperty }: Setup, over: Access, classOf: ClassOf) {
  return {
    update(this: unknown, id: Id, change: Change, options?: UpdateOptions) {
      if (typeof change !== 'function') throw new TypeError(`a change is a function, not ${describe(change)}`)
      return over.change('update', classOf(this), id, change, options)
    },
    patch(this: unknown, id: Id, changes: object, { type, ...options }: PatchOptions = {}) {
      const patch = patcher(changes, idProperty, type)
      return over.change('patch', classOf(this), id, instance => patch({ ...instance }), options)
    },
  }
}
