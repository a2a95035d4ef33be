/** What a model does with its store, and in the same way inside a transaction: objects go in, instances come out. */
import type { Data, Id, MaybePromise, Options, PutOptions } from '../../lib/store.js'
import { when } from '../../lib/when.js'
import type { Target } from '../../lib/writes.js'
import { needsCurrent } from './carry.js'
import { type Instance, revive } from './instance.js'
import type { Prepared } from './prepare.js'
import { source } from './source.js'
import { type Setup, writer } from './writer.js'

/** The class whose instances are wanted: the model's own, or one that extends it. */
export interface Class {
  readonly name: string
  readonly prototype: object
}

export type Access = ReturnType<typeof access>

/** The ways over a store or a transaction. Those may be taken for which the target has the methods. */
export function access(given: Target<Data, Id>, setup: Setup) {
  const target = given as Required<typeof given>
  const writing = writer(target, setup)
  const from = source(given, setup, writing)
  const carries = needsCurrent(setup.schema.rules)

  /** An instance of what was just read; it must be a fresh copy. */
  function instance(model: Class, stored: Data): Instance {
    const made = revive(model, stored, from)
    writing.show(made, stored)
    return made
  }

  function made(model: Class, { stored, kept }: Prepared): Instance {
    return Object.assign(instance(model, stored), kept)
  }

  return {
    instance,
    source: from,

    get(model: Class, id: Id, options?: Options): MaybePromise<Instance | undefined> {
      return when(target.get(id, options), found => found && instance(model, found))
    },

    write(method: 'put' | 'add', model: Class, object: object, options?: PutOptions): MaybePromise<Instance> {
      const id = options?.id ?? (typeof object === 'object' && object !== null ? writing.idOf(object) : undefined)
      const about = { method, model: model.name, id, complete: true }
      const prepared =
        method === 'put' && carries && id !== undefined
          ? writing.replace(id, options ?? {}, current => setup.prepare(object, { ...about, current }))
          : writing.send(method, setup.prepare(object, about), options)
      return when(prepared, done => made(model, done))
    },

    erase: writing.erase,
  }
}
