/** How instances save, load and delete themselves. */
import { StoreError } from '../../lib/errors.js'
import type { Data, DeleteOptions, Id, MaybePromise, Options } from '../../lib/store.js'
import { copy } from '../../lib/value.js'
import { when } from '../../lib/when.js'
import type { Target } from '../../lib/writes.js'
import { needsCurrent } from './carry.js'
import { type Instance, loadedOf, type Source, setLoaded } from './instance.js'
import type { Prepared } from './prepare.js'
import type { SaveOptions } from './types.js'
import { own, put as setOrRemove } from './view.js'
import type { Setup, Writer } from './writer.js'

/** Where the instances come from that were read from the target, or are to be stored in it. */
export function source(given: Target<Data, Id>, setup: Setup, writer: Writer): Source {
  const target = given as Required<typeof given>
  const { prepare, idProperty } = setup
  const { rules } = setup.schema
  const { idOf, visible, show } = writer
  const special = [...new Set([...rules.getters.keys(), ...rules.setters.keys()])]

  function write(instance: Instance, options: SaveOptions): MaybePromise<Prepared> {
    const loaded = loadedOf(instance)
    const id = idOf(loaded ?? instance)
    const model: string = Object.getPrototypeOf(instance).constructor.name
    const writing = { method: 'save', model, id, complete: !loaded }
    if (!loaded || id === undefined) return writer.create(prepare(instance, writing), options)
    if (!given.put) throw new StoreError('NotSupportedError', 'the store has no put', { method: 'save', id })
    if (options.ifMatch !== undefined && needsCurrent(rules)) {
      return writer.replace(id, options, current => prepare(instance, { ...writing, current }))
    }
    const prepared = prepare(instance, { ...writing, current: loaded })
    const { ifMatch = loaded, signal } = options
    return writer.send('put', prepared, { id, ifMatch, signal })
  }

  /** The instance gets what it had not, and what is seen otherwise than it was given. */
  function complete(instance: Instance, { stored, kept }: Prepared): void {
    const data = instance as object as Data
    for (const name of [idProperty, ...rules.defaults.keys()]) {
      if (Object.hasOwn(data, name)) continue
      setOrRemove(data, name, Object.hasOwn(kept, name) ? kept[name] : copy(own(stored, name)))
    }
    const shown = special.length > 0 ? visible(stored) : stored
    for (const name of special) setOrRemove(data, name, own(shown, name))
  }

  return {
    save(instance: Instance, options: SaveOptions = {}) {
      return when(write(instance, options), prepared => {
        setLoaded(instance, prepared.stored)
        complete(instance, prepared)
        return instance
      })
    },

    load(instance: Instance, options?: Options) {
      const id = idOf(loadedOf(instance) ?? instance)
      return when(id === undefined ? undefined : target.get(id, options), found => {
        if (!found) throw new StoreError('NotFoundError', `there is no ${id}`, { method: 'load', id })
        const data = instance as object as Data
        for (const name of Object.keys(data)) if (!rules.transient.includes(name)) delete data[name]
        show(instance, found)
        setLoaded(instance, found)
        return instance
      })
    },

    erase(instance: Instance, options: DeleteOptions = {}) {
      const loaded = loadedOf(instance)
      const id = loaded && idOf(loaded)
      if (!loaded || id === undefined) return false
      const { ifMatch, signal } = options
      const deleted = ifMatch === undefined ? target.delete(id, { ifMatch: loaded, signal }) : writer.erase(id, options)
      return when(deleted, done => {
        setLoaded(instance, undefined)
        return done
      })
    },
  }
}
