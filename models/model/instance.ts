/** The objects of models: own properties are the data; what was loaded, and from where, is private. */
import type { Data, DeleteOptions, MaybePromise, Options } from '../../lib/store.js'
import { copy } from '../../lib/value.js'
import { isPromise } from '../../lib/when.js'
import type { SaveOptions } from './types.js'

/** Where an instance saves itself: a store or a transaction, with what the model demands. */
export interface Source {
  save(instance: Instance, options: SaveOptions | undefined): MaybePromise<object>
  load(instance: Instance, options: Options | undefined): MaybePromise<object>
  erase(instance: Instance, options: DeleteOptions | undefined): MaybePromise<boolean>
}

/** What is stored of an instance, as far as it knows: never changed, only replaced. `undefined` for a new one. */
export let loadedOf: (instance: Instance) => Data | undefined
export let sourceOf: (instance: Instance) => Source
/** The instance was stored, or is no longer. */
export let setLoaded: (instance: Instance, loaded: Data | undefined) => void

export class Instance {
  #loaded: Data | undefined
  readonly #source: Source

  constructor(loaded: Data | undefined, source: Source) {
    this.#loaded = loaded
    this.#source = source
  }

  static {
    loadedOf = instance => instance.#loaded
    sourceOf = instance => instance.#source
    setLoaded = (instance, loaded) => {
      instance.#loaded = loaded
    }
  }
}

const doing = new WeakMap<Instance, Promise<unknown>>()

/** Does the work when what the instance does already is done: two saves at once do not get in each other's way. */
export function inTurn<R>(instance: Instance, work: () => MaybePromise<R>): MaybePromise<R> {
  const result = doing.get(instance)?.then(work, work) ?? work()
  if (!isPromise(result)) return result
  const done = () => {
    if (doing.get(instance) === result) doing.delete(instance)
  }
  doing.set(instance, result)
  result.then(done, done)
  return result
}

/** An instance of a model's class, without running the constructors of its subclasses: their fields would hide the data. */
export function revive(model: object, loaded: Data, source: Source): Instance {
  return Reflect.construct(Instance, [loaded, source], model as never)
}

/** Copies data into own properties. No nested value is shared. */
export function assignCopy(instance: object, data: Data): void {
  const own = instance as Data
  const caught = caughtBy(Object.getPrototypeOf(instance))
  for (const name in data) {
    const value = data[name]
    const taken = typeof value === 'object' && value !== null ? copy(value) : value
    // defining takes ten times as long as assigning
    if (name === '__proto__' || caught?.has(name)) define(own, name, taken)
    else own[name] = taken
  }
}

const caughtNames = new WeakMap<object, ReadonlySet<string> | null>()

/** The names for which a class has an accessor: assigning would call that, in place of making a property. */
function caughtBy(prototype: object): ReadonlySet<string> | null {
  const known = caughtNames.get(prototype)
  if (known !== undefined) return known
  const names = new Set<string>()
  for (let each = prototype; each && each !== Instance.prototype; each = Object.getPrototypeOf(each)) {
    for (const [name, { writable }] of Object.entries(Object.getOwnPropertyDescriptors(each))) {
      if (!writable) names.add(name)
    }
  }
  const caught = names.size > 0 ? names : null
  caughtNames.set(prototype, caught)
  return caught
}

/** Sets own properties to the values in the data themselves. */
export function assign(instance: object, data: object): void {
  for (const [name, value] of Object.entries(data)) define(instance, name, value)
}

/** Sets an own property of any name: assigning to `__proto__` would replace the prototype. */
export function define(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
}
