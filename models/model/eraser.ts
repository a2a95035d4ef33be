/** How a model deletes from its store, or inside a transaction. */
import { checkPrecondition } from '../../lib/etag.js'
import type { Data, DeleteOptions, Id, MaybePromise } from '../../lib/store.js'
import { when } from '../../lib/when.js'
import type { Target } from '../../lib/writes.js'
import type { Class } from './access.js'
import { followUp, type Later } from './hooks.js'
import type { Instance } from './instance.js'
import { hides } from './view.js'
import { manyTries, type Setup, type Writer } from './writer.js'

export interface Erasing {
  readonly writer: Writer
  readonly instance: (model: Class, stored: Data) => Instance
  readonly later: Later
}

export type Eraser = ReturnType<typeof eraser>

export function eraser(given: Target<Data, Id>, setup: Setup, { writer, instance, later }: Erasing) {
  const target = given as Required<typeof given>
  const { beforeDelete, afterDelete } = setup.hooks
  const hooked = beforeDelete !== undefined || afterDelete !== undefined
  const seen = hides(setup.schema.rules)
  const context = { method: 'delete' } as const

  /** Deletes what was read, unless it has changed since. */
  function eraseKnown(model: Class, id: Id, current: Data, options: DeleteOptions): MaybePromise<boolean> {
    if (!hooked) return target.delete(id, { ...options, ifMatch: current })
    return when(beforeDelete?.(instance(model, current), context), () => deleteKnown(model, id, current, options))
  }

  function deleteKnown(model: Class, id: Id, current: Data, options: DeleteOptions): MaybePromise<boolean> {
    return when(target.delete(id, { ...options, ifMatch: current }), done => {
      if (!done || !afterDelete) return done
      const work = () => afterDelete(instance(model, current), context)
      return when(
        later(() => followUp('afterDelete', work, { ...context, id })),
        () => done,
      )
    })
  }

  return {
    eraseKnown,

    erase(model: Class, id: Id, options: DeleteOptions = {}): MaybePromise<boolean> {
      const { ifMatch } = options
      if (hooked) {
        return writer.over(
          id,
          options,
          manyTries,
          current => when(current && beforeDelete?.(instance(model, current), context), () => ({ current })),
          ({ current }) => (current ? deleteKnown(model, id, current, options) : false),
        )
      }
      if (!seen || ifMatch === undefined || ifMatch === '*') return target.delete(id, options)
      return when(target.get(id, options), current => {
        checkPrecondition(current && writer.visible(current), { ifMatch }, id)
        return current ? eraseKnown(model, id, current, options) : false
      })
    },
  }
}
