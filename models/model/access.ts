/** What a model does with its store, and in the same way inside a transaction: objects go in, instances come out. */
import { StoreError } from '../../lib/errors.js'
import { checkId } from '../../lib/id.js'
import type { Data, DeleteOptions, Id, MaybePromise, Options, PutOptions } from '../../lib/store.js'
import { describe } from '../../lib/value.js'
import { when } from '../../lib/when.js'
import type { Target } from '../../lib/writes.js'
import { isTakable } from './draft.js'
import { eraser } from './eraser.js'
import { atOnce, followUp, type Later } from './hooks.js'
import { type Instance, revive } from './instance.js'
import type { Prepared } from './prepare.js'
import { source } from './source.js'
import { type Setup, writer } from './writer.js'

/** The class whose instances are wanted: the model's own, or one that extends it. */
export interface Class {
  readonly name: string
  readonly prototype: object
}

/** Changes an object in place, or gives what is to be stored in its place. */
export type Change = (instance: Instance) => MaybePromise<unknown>

/** In a transaction: when that is done which follows a write, and where instances live that outlast it. */
export interface Ending {
  readonly later: Later
  readonly lasting: (model: Class, stored: Data) => Instance
}

export type Access = ReturnType<typeof access>

/** The ways over a store or a transaction. Those may be taken for which the target has the methods. */
export function access(given: Target<Data, Id>, setup: Setup, ending?: Ending) {
  const target = given as Required<typeof given>
  const { later, lasting } = ending ?? { later: atOnce, lasting: instance }
  const writing = writer(target, setup)
  const { idOf, visible } = writing
  const erasing = eraser(target, setup, { writer: writing, instance, later })
  const from = source(given, setup, { writer: writing, erasing, saved })

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
    if (id === undefined || !isTakable(object) || idOf(object) !== undefined) return object
    return { [setup.idProperty]: checkId(id), ...object, [setup.idProperty]: id }
  }

  function made(model: Class, done: Prepared): MaybePromise<Instance> {
    return saved(done, Object.assign(instance(model, done.stored), done.kept))
  }

  /** Has done what is to be done when an object is stored, and gives the result. */
  function saved<R>(done: Prepared, result: R): MaybePromise<R> {
    const { afterSave } = setup.hooks
    if (!afterSave) return result
    const { stored, kept, writing: about } = done
    const { model, current, method } = about
    const work = () =>
      afterSave(Object.assign(lasting(model, stored), kept), { previous: current && visible(current), method })
    return when(
      later(() => followUp('afterSave', work, { method, id: idOf(stored) })),
      () => result,
    )
  }

  function store(method: 'put' | 'add', model: Class, given: object, options?: PutOptions): MaybePromise<Prepared> {
    const object = named(given, options?.id)
    const id = options?.id ?? (typeof object === 'object' && object !== null ? idOf(object) : undefined)
    const about = { method, model, id, complete: true, current: undefined }
    if (method === 'put' && setup.carries && id !== undefined) {
      return writing.replace(id, options ?? {}, current => setup.prepare(object, { ...about, current }))
    }
    return when(setup.prepare(object, about), prepared => writing.send(method, prepared, options))
  }

  return {
    instance,
    source: from,

    get(model: Class, id: Id, options?: Options): MaybePromise<Instance | undefined> {
      return when(target.get(id, options), found => found && instance(model, found))
    },

    write(method: 'put' | 'add', model: Class, given: object, options?: PutOptions): MaybePromise<Instance> {
      return when(store(method, model, given, options), done => made(model, done))
    },

    /** As `put`, and gives the id. */
    keep(model: Class, given: object, options: PutOptions): MaybePromise<Id> {
      return when(store('put', model, given, options), done => saved(done, idOf(done.stored) as Id))
    },

    /** Changes what is stored under an id, as often as others come in between. */
    change(
      method: 'update' | 'patch',
      model: Class,
      id: Id,
      change: Change,
      { tries, ...options }: PutOptions & { readonly tries?: number | undefined } = {},
    ): MaybePromise<Instance> {
      const about = { method, model, id, complete: false }
      const prepareOver = (current: Data | undefined) => {
        if (!current) throw new StoreError('NotFoundError', `there is no ${id}`, { method, id })
        const changing = instance(model, current)
        return when(change(changing), (replacement = changing) => {
          if (typeof replacement !== 'object' || replacement === null) {
            throw new TypeError(`a change gives nothing, or the object to store: not ${describe(replacement)}`)
          }
          return setup.prepare(named(replacement, id), { ...about, current })
        })
      }
      return when(writing.replace(id, options, prepareOver, tries), done => made(model, done))
    },

    erase(model: Class, id: Id, options?: DeleteOptions): MaybePromise<boolean> {
      return erasing.erase(model, id, options)
    },
  }
}
