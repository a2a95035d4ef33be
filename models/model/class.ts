/** The class of a model: a store in its static methods, the data in its instances. */
import { can, methods, type Store } from '../../lib/store.js'
import { standardOfModel } from '../schema/standard-model.js'
import { access, type Class } from './access.js'
import { complete } from './draft.js'
import { extraMethods } from './extras.js'
import { assign, Instance, inTurn, type Source, sourceOf } from './instance.js'
import { methodsOver } from './methods.js'
import type { SaveOptions } from './types.js'
import type { Setup } from './writer.js'

/** What a definition adds to the class, as it is to be defined. */
export interface Additions {
  readonly prototype: PropertyDescriptorMap
  readonly statics: PropertyDescriptorMap
  /** The class whose instances these are too. */
  readonly parent: { readonly prototype: object } | undefined
}

/** Names that a definition cannot give to its own methods. */
export const reserved = {
  prototype: ['constructor', 'save', 'load', 'delete'],
  static: ['prototype', 'name', 'length', 'definition', '~standard', ...methods, ...extraMethods],
} as const

export function makeClass(store: Store, setup: Setup, { prototype, statics, parent }: Additions): Class {
  const over = access(store, setup)

  class Base extends Instance {
    constructor(data: object = {}) {
      super(undefined, sourceFor(new.target))
      assign(this, complete(setup.coerce ? setup.coerce({ ...data }) : data, setup.schema.rules))
    }
  }
  setSource(Base, over.source)
  if (parent) Object.setPrototypeOf(Base.prototype, parent.prototype)
  for (const [name, method] of Object.entries(instanceMethods(store))) {
    // a class that this one extends may have put something before it
    if (!(name in Base.prototype)) define(Base.prototype, name, method)
  }
  Object.defineProperties(Base.prototype, prototype)

  const classOf = (self: unknown) => (isClassOf(self, Base) ? self : Base) as Class
  for (const [name, method] of Object.entries(methodsOver(store, setup, over, classOf))) define(Base, name, method)
  define(Base, '~standard', standardOfModel(setup.examine, setup.schema, setup.standard))
  return Object.defineProperties(Base, statics)
}

const sources = new WeakMap<object, Source>()

/** Where new instances of a class, and of those that extend it, are to be stored. */
export function setSource(model: object, source: Source): void {
  sources.set(model, source)
}

function sourceFor(made: object): Source {
  const source = sources.get(made)
  return source ?? sourceFor(Object.getPrototypeOf(made))
}

/** Called on a class that extends the model, its methods give instances of that class. */
function isClassOf(self: unknown, base: { readonly prototype: object }): boolean {
  return self === base || (typeof self === 'function' && self.prototype instanceof (base as never))
}

/** What instances can do, by what the store can. */
function instanceMethods(store: Store): object {
  return {
    ...((can(store, 'put') || can(store, 'add')) && {
      save(this: Instance, options?: SaveOptions) {
        return inTurn(this, () => sourceOf(this).save(this, options))
      },
    }),
    ...(can(store, 'get') && {
      load(this: Instance, options?: object) {
        return inTurn(this, () => sourceOf(this).load(this, options))
      },
    }),
    ...(can(store, 'delete') && {
      delete(this: Instance, options?: object) {
        return inTurn(this, () => sourceOf(this).erase(this, options))
      },
    }),
  }
}

/** Defines what does not show when an object or a class is looked through. */
export function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, configurable: true })
}
