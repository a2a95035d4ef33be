/** Models: objects with a schema and methods, in any store. */
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { StoreError } from '../lib/errors.js'
import { introduce } from '../lib/explain.js'
import { checkStore } from '../lib/need.js'
import { can, type Data, type Id, type Store } from '../lib/store.js'
import type { Target } from '../lib/writes.js'
import { links } from './links.js'
import { checking } from './migrate/check.js'
import { life, lifeMethods } from './migrate.js'
import { access } from './model/access.js'
import { define, makeClass, reserved } from './model/class.js'
import { setInternals } from './model/connect.js'
import type { Definition, Whole } from './model/definition.js'
import { overridden } from './model/handlers.js'
import { Instance } from './model/instance.js'
import { checkNames, inheritedNames, methodsIn } from './model/names.js'
import { setupOf, toldOf } from './model/setup.js'
import type { Contexts, HookContexts, Model as ModelOf } from './model/types.js'
import { parentModel, split, whole } from './model/whole.js'
import type { Setup } from './model/writer.js'
import { refuse } from './schema/plain.js'
import { type ObjectSchema, schema } from './schema.js'

export type { Found, MigrateOptions, Migration, MigrationReport, Quarantined } from './migrate.js'
export type { BulkOptions, BulkPutOptions, Many, Progress } from './model/bulk.js'
export type { Definition, Inner, Link, Whole } from './model/definition.js'
export type { HookContext } from './model/hooks.js'
export type { PatchOptions, PatchType } from './model/patch.js'
export type { InstanceOf, Model as ModelClass, SaveOptions, TransactionOf, UpdateOptions } from './model/types.js'
export type { Property, PropertyDefinition, SchemaValue } from './schema/definition.js'
export type { DataOf, IdOf, InputOf } from './schema/types.js'

/**
 * Makes a class of the objects in a store: checked by a schema when they are written, with methods of their own. The class
 * is a store too. Throws a `TypeError` for a definition that is wrong, and a `NotSupportedError` where the store cannot
 * keep what it promises. Tells the store the schema.
 */
export function Model<const D extends Definition | StandardSchemaV1, S extends Store, const P, const R, E, Z>(
  store: S,
  definition: D & Contexts<S, Whole<D>> & HookContexts<S, P, R, E, Z>,
): ModelOf<S, Whole<D>>
export function Model(given: Store, definition: object): unknown {
  checkStore(given)
  checkIsNoModel(given)
  const defined = whole(definition)
  const { schema: described, others } = split(defined)
  const { idProperty = 'id' } = others
  if (typeof idProperty !== 'string') refuse(['idProperty'], 'must be the name of a property')
  const checked = schema(described, { idProperty })
  const alive = life(given, others, checked, idProperty)
  const store = overridden(alive.store, others)
  const parent = parentModel(definition as never)
  const prototype = methodsIn(others.prototype ?? {}, ['prototype'], reserved.prototype)
  const statics = methodsIn(others.static ?? {}, ['static'], [...reserved.static, ...lifeMethods])
  const names = [...reserved.prototype.slice(1), ...Object.keys(prototype), ...inheritedNames(parent?.prototype)]
  checkNames(checked.plain.properties as object, names)

  const setup = setupOf(checked, idProperty, others, names)
  checkPromises(store, setup)
  const made = makeClass(store, setup, { prototype, statics, parent })
  const unfixed = { ...checked, rules: { ...checked.rules, readonly: [] } }
  const methods = alive.methods(checking(setup, names), (over, object, options) => {
    const mending = setupOf(unfixed, idProperty, others, names)
    return access(overridden(over, others) as Target<Data, Id>, mending).write('put', made, object, options)
  })
  for (const [name, method] of Object.entries(methods)) define(made, name, method)
  define(made, 'name', checked.plain.title ?? 'Model')
  define(made, 'definition', Object.freeze({ ...defined }))
  schemas.set(made, checked)
  // handlers may store something else, which nobody else can judge
  const told = { ...toldOf(setup), ...((setup.handled.put || setup.handled.add) && { validate: () => [] }) }
  store.setSchema?.(told)
  setInternals(made, { store, given, setup, told, links: links(others.links, { schema: checked, idProperty }) })
  return introduce(made, { name: 'Model', options: { title: checked.plain.title }, inner: [given] })
}

/** `Model` for a package that has a default store: `Model(definition)` makes a new one for each model. */
export function modelWith<D extends Store>(makeStore: () => D) {
  function ModelWith<const T extends Definition | StandardSchemaV1, const P, const R, E, Z>(
    definition: T & Contexts<D, Whole<T>> & HookContexts<D, P, R, E, Z>,
  ): ModelOf<D, Whole<T>>
  function ModelWith<const T extends Definition | StandardSchemaV1, S extends Store, const P, const R, E, Z>(
    store: S,
    definition: T & Contexts<S, Whole<T>> & HookContexts<S, P, R, E, Z>,
  ): ModelOf<S, Whole<T>>
  function ModelWith(...given: [object] | [Store, object]): unknown {
    const [store, definition] = given.length > 1 ? given : [makeStore(), given[0]]
    return Model(store as Store, definition as Definition)
  }
  return ModelWith
}

const schemas = new WeakMap<object, ObjectSchema>()

/** The checked schema of a model, with the rules of its properties. */
export function schemaOf(model: object): ObjectSchema {
  for (let each: object | null = model; each; each = Object.getPrototypeOf(each)) {
    const found = schemas.get(each)
    if (found) return found
  }
  throw new TypeError('a model is expected')
}

function checkIsNoModel(store: object): void {
  if ((store as { prototype?: unknown }).prototype instanceof Instance) {
    throw new TypeError('a model needs a store, not another model: extend that, or give both the same store')
  }
}

/** A promise that the store cannot keep is refused. */
function checkPromises(store: Store, { schema: { rules }, carries, hooks }: Setup): void {
  const [unique] = rules.unique
  if (unique !== undefined && !can(store, 'setSchema')) {
    throw new StoreError('NotSupportedError', `${unique} is to be unique, of which the store cannot be told`)
  }
  const erases = (hooks.beforeDelete ?? hooks.afterDelete) !== undefined && can(store, 'delete')
  if (((carries && can(store, 'put')) || erases) && !can(store, 'get')) {
    throw new StoreError('NotSupportedError', 'the hooks, and rules of the properties, need a store with get')
  }
}
