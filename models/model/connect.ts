/** A model over another store than its own: a class that extends it, for those who write through a database. */
import type { Schema } from '../../lib/schema.js'
import type { Data, Id, MaybePromise, Store } from '../../lib/store.js'
import type { Target } from '../../lib/writes.js'
import type { CheckedLink } from '../links.js'
import { validationError } from '../schema/issues.js'
import { refuse } from '../schema/plain.js'
import { access, type Class } from './access.js'
import { define, setSource } from './class.js'
import { isTakable } from './draft.js'
import { extras } from './extras.js'
import { afterCommit } from './hooks.js'
import type { Source } from './instance.js'
import { methodsOver } from './methods.js'
import type { Setup } from './writer.js'

/** What a model keeps to itself. */
export interface Internals {
  /** Where it writes: the given store, with the handlers of the definition in front. */
  readonly store: Store<Data, Id>
  readonly given: Store
  readonly setup: Setup
  /** What its store was told. */
  readonly told: Schema
  readonly links: readonly CheckedLink[]
}

const known = new WeakMap<object, Internals>()

export function setInternals(model: object, internals: Internals): void {
  known.set(model, internals)
}

/** The internals of a model, or of a class that extends one. */
export function internalsOf(model: unknown): Internals {
  for (let each = model; typeof each === 'function'; each = Object.getPrototypeOf(each)) {
    const found = known.get(each)
    if (found) return found
  }
  throw new TypeError('a model is expected')
}

export interface Connecting {
  /** In place of the model's own. */
  readonly store: Store<Data, Id>
  /** Properties that instances may have, and that are never stored. */
  readonly shown: readonly string[]
  /** Further methods of the instances. */
  readonly prototype: object
  /** What becomes of the methods of the class. */
  readonly methods: (own: object) => object
}

export interface Connected {
  readonly model: Class & Store
  /** Its methods over a transaction on the store, with instances of this class. */
  within(tx: Target<Data, Id>, model: Class): ConnectedTransaction
}

export interface ConnectedTransaction {
  readonly methods: object
  /** That of its instances. */
  readonly source: Source
  /** Does what follows the writes, once they are committed. */
  run(): MaybePromise<void>
  /** Forgets it, once they are aborted. */
  drop(): void
}

/** Makes the class. Its instances are those of the model as well, and it has what the model's class has. */
export function connect(given: Class, { store, shown, prototype, methods }: Connecting): Connected {
  const { setup: own } = internalsOf(given)
  const setup: Setup = {
    ...own,
    prepare(object, about) {
      const data = without(object, shown)
      const hidden = Object.keys(prototype).filter(name => Object.hasOwn(Object(data), name))
      if (hidden.length === 0) return own.prepare(data, about)
      const issues = hidden.map(name => ({
        path: [name],
        keyword: 'propertyNames',
        message: 'is the name of a method',
      }))
      throw validationError(issues, about.model.name, about.method, about.id)
    },
  }
  const over = access(store, setup)
  const model = class extends (given as new (...data: unknown[]) => object) {} as unknown as Class & Store
  define(model, 'name', given.name)
  setSource(model, over.source)
  for (const [name, method] of Object.entries(prototype)) define(model.prototype, name, method)

  const classOf = (self: unknown) =>
    (typeof self === 'function' && self.prototype instanceof (model as never) ? self : model) as Class
  for (const [name, method] of Object.entries(methods(methodsOver(store, setup, over, classOf)))) {
    checkNotOwn(given, name)
    define(model, name, method)
  }
  return {
    model,
    within(tx, model) {
      const { later, run, drop } = afterCommit()
      const inside = access(tx, setup, { later, lasting: over.instance })
      const of = () => model
      const own = { ...methodsOver(tx as Store, setup, inside, of), ...extras(tx, setup, inside, of) }
      return { methods: own, source: inside.source, run, drop }
    },
  }
}

/** A class that replaces a method of the model would call the model's, which goes past what is around its store. */
function checkNotOwn(given: object, name: string): void {
  for (let each = given; !known.has(each); each = Object.getPrototypeOf(each)) {
    if (Object.hasOwn(each, name)) refuse([name], 'a static method that replaces the model’s stands in its definition')
  }
}

/** The object without what is only shown. */
function without(object: object, shown: readonly string[]): object {
  if (!isTakable(object) || !shown.some(name => Object.hasOwn(object, name))) return object
  return Object.fromEntries(Object.entries(object).filter(([name]) => !shown.includes(name)))
}
