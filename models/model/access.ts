/** What a model does with its store, and in the same way inside a transaction: objects go in, instances come out. */
import { StoreError } from '../../lib/errors.js'
import { checkId } from '../../lib/id.js'
import type { Data, Id, MaybePromise, Options, PutOptions } from '../../lib/store.js'
import { when } from '../../lib/when.js'
import type { Target } from '../../lib/writes.js'
import { needsCurrent } from './carry.js'
import { type Instance, revive } from './instance.js'
import { isTakable, type Prepared } from './prepare.js'
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
    if (!Object.hasOwn(stored, setup.idProperty)) {
      const hint = 'does its store name objects by another property? Then the definition says so too, as idProperty'
      throw new StoreError('DataError', `an object has no ${setup.idProperty}: ${hint}`)
    }
    const made = revive(model, stored, from)
    writing.show(made, stored)
    return made
  }

  /** The object with the id that it is to have, so that the schema sees it too. */
  function named(object: object, id: Id | undefined): object {
    if (id === undefined || !isTakable(object) || writing.idOf(object) !== undefined) return object
    return { [setup.idProperty]: checkId(id), ...object, [setup.idProperty]: id }
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

    write(method: 'put' | 'add', model: Class, given: object, options?: PutOptions): MaybePromise<Instance> {
      const object = named(given, options?.id)
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
