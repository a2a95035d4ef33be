/** How instances save, load and delete themselves. */
import { StoreError } from '../../lib/errors.js'
import type { Data, DeleteOptions, Id, MaybePromise, Options } from '../../lib/store.js'
import { copy } from '../../lib/value.js'
import { when } from '../../lib/when.js'
import type { Target } from '../../lib/writes.js'
import type { Class } from './access.js'
import type { Eraser } from './eraser.js'
import { type Instance, loadedOf, type Source, setLoaded } from './instance.js'
import type { Prepared } from './prepare.js'
import type { SaveOptions } from './types.js'
import { own, put as setOrRemove } from './view.js'
import type { Setup, Writer } from './writer.js'

/** What instances share with the methods of the model. */
export interface Ways {
  readonly writer: Writer
  readonly erasing: Eraser
  readonly saved: <R>(done: Prepared, result: R) => MaybePromise<R>
}

/** Where the instances come from that were read from the target, or are to be stored in it. */
export function source(given: Target<Data, Id>, setup: Setup, { writer, erasing, saved }: Ways): Source {
  const target = given as Required<typeof given>
  const { prepare, idProperty, carries, alters } = setup
  const { rules } = setup.schema
  const { idOf, visible, show } = writer
  const special = [...new Set([...rules.getters.keys(), ...rules.setters.keys()])]

  function write(instance: Instance, options: SaveOptions): MaybePromise<Prepared> {
    const loaded = loadedOf(instance)
    const id = idOf(loaded ?? instance)
    const writing = { method: 'save', model: classOf(instance), id, complete: !loaded }
    if (!loaded || id === undefined) {
      return when(prepare(instance, writing), prepared => writer.create(prepared, options))
    }
    if (!given.put) throw new StoreError('NotSupportedError', 'the store has no put', { method: 'save', id })
    if (options.ifMatch !== undefined && carries) {
      return writer.replace(id, options, current => prepare(instance, { ...writing, current }))
    }
    const { ifMatch = loaded } = options
    return when(prepare(instance, { ...writing, current: loaded }), prepared =>
      writer.send('put', prepared, { ...options, id, ifMatch }),
    )
  }

  /** The instance gets what it had not, and what is seen otherwise than it was given. */
  function complete(instance: Instance, { stored, kept }: Prepared): void {
    const data = instance as object as Data
    if (alters) {
      clear(data)
      show(instance, stored)
      for (const name of Object.keys(kept)) setOrRemove(data, name, kept[name])
      return
    }
    for (const name of [idProperty, ...rules.defaults.keys()]) {
      if (Object.hasOwn(data, name)) continue
      setOrRemove(data, name, Object.hasOwn(kept, name) ? kept[name] : copy(own(stored, name)))
    }
    const shown = special.length > 0 ? visible(stored) : stored
    for (const name of special) setOrRemove(data, name, own(shown, name))
  }

  /** Takes away what was read or is to be stored. */
  function clear(data: Data): void {
    for (const name of Object.keys(data)) if (!rules.transient.includes(name)) delete data[name]
  }

  return {
    save(instance: Instance, options: SaveOptions = {}) {
      return when(write(instance, options), prepared => {
        setLoaded(instance, prepared.stored)
        complete(instance, prepared)
        return saved(prepared, instance)
      })
    },

    load(instance: Instance, options?: Options) {
      const id = idOf(loadedOf(instance) ?? instance)
      return when(id === undefined ? undefined : target.get(id, options), found => {
        if (!found) throw new StoreError('NotFoundError', `there is no ${id}`, { method: 'load', id })
        clear(instance as object as Data)
        show(instance, found)
        setLoaded(instance, found)
        return instance
      })
    },

    erase(instance: Instance, options: DeleteOptions = {}) {
      const loaded = loadedOf(instance)
      const id = loaded && idOf(loaded)
      if (!loaded || id === undefined) return false
      const model = classOf(instance)
      const known = options.ifMatch === undefined
      const deleted = known ? erasing.eraseKnown(model, id, loaded, options) : erasing.erase(model, id, options)
      return when(deleted, done => {
        setLoaded(instance, undefined)
        return done
      })
    },
  }
}

function classOf(instance: Instance): Class {
  return Object.getPrototypeOf(instance).constructor
}
