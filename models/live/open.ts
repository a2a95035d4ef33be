/** Puts together where the objects of a live store are kept, of what is given. */
import { join } from 'node:path'
import { v7 } from 'uuid'
import type { Issue } from '../../lib/errors.js'
import { checkId } from '../../lib/id.js'
import { need } from '../../lib/need.js'
import type { Data, Id, Store } from '../../lib/store.js'
import { checkedCopy, describe } from '../../lib/value.js'
import { directory } from '../../stores/directory.js'
import { jsonFile } from '../../stores/json-file.js'
import { transactionLog } from '../../stores/transaction-log.js'
import { Model } from '../model.js'
import { validationError } from '../schema/issues.js'
import { isStandard } from '../schema/standard.js'
import { inlined, keyProperty as keptKey } from './inline.js'
import { about, logIndexes } from './log.js'
import { madeOf, nodeOf, plainOf } from './node.js'
import type { Source } from './source.js'
import type { LiveOptions } from './types.js'

/** The files in a directory that are not objects. */
export const files = { log: '.holdfast-changes', transactions: '.holdfast-transactions' } as const

interface Place {
  readonly store: Store<Data, Id>
  readonly log: Store | undefined
  readonly coordinator: Source['coordinator']
  close(): Promise<void>
}

export async function openSource(
  of: unknown,
  place: Store | string | undefined,
  options: LiveOptions,
): Promise<Source> {
  const { key = idPropertyOf(of), history = true, generateId = v7 } = options
  const keyProperty = typeof key === 'string' ? key : undefined
  const inline = history === 'inline'
  const own = typeof place === 'string'
  const idProperty = own && (inline || !keyProperty) ? keptKey : (options.idProperty ?? keyProperty ?? 'id')
  if (inline && !own) throw new TypeError("history: 'inline' is for a directory: give its path")
  if (isModel(of) && own) throw new TypeError('a model has its store already: live(Model, options)')
  const { store, log, coordinator, close } = await openPlace(place, idProperty, options)
  const inlines = inline ? inlined(store) : undefined
  const target = await orClose(own ? close : undefined, () => {
    const kind = kindOf(of, inlines?.store ?? store, idProperty)
    need(kind.store, 'a live store', 'get', 'put', 'delete', 'query')
    return kind
  })
  return {
    target: target.store as Source['target'],
    isModel: target.isModel,
    prototype: target.prototype,
    keyProperty,
    idProperty,
    prepare(object) {
      const own = plainData(object)
      if (keyProperty && own[keyProperty] === undefined) own[keyProperty] = generateId()
      const data = target.complete(own, object)
      const named = keyProperty
        ? data[keyProperty]
        : (key as (object: object) => unknown)(madeOf(target.prototype, data))
      return { key: checkId(named as Id), data }
    },
    log: log ?? (history === true ? options.log : undefined),
    coordinator: coordinator ?? options.coordinator,
    inline: inlines,
    close,
  }
}

async function openPlace(place: Store | string | undefined, idProperty: string, options: LiveOptions): Promise<Place> {
  const { load = 'all', indexes, durability, history = true } = options
  if (typeof place !== 'string') {
    const close = async () => {
      await place?.close?.()
      await options.log?.close?.()
    }
    return { store: place as Store, log: undefined, coordinator: undefined, close }
  }
  const store = await directory({ path: place, idProperty, watch: true, load, indexes, durability })
  if (history !== true) return { store, log: undefined, coordinator: undefined, close: async () => store.close() }
  try {
    const log = await jsonFile({
      path: join(place, files.log),
      durability,
      indexes: logIndexes.map(path => ({ path })),
    })
    const known = log.get(about)
    if (known?.idProperty !== idProperty) await log.put({ id: about, idProperty })
    const close = async () => {
      const ends = await Promise.allSettled([store.close(), log.close()])
      for (const end of ends) if (end.status === 'rejected') throw end.reason
    }
    return { store, log, coordinator: transactionLog({ path: join(place, files.transactions) }), close }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** What was opened for nothing must not stay open. */
async function orClose<R>(close: (() => Promise<void>) | undefined, work: () => R): Promise<R> {
  try {
    return work()
  } catch (error) {
    await close?.()
    throw error
  }
}

/** What the objects are, and where they are written. */
function kindOf(of: unknown, store: Store<Data, Id>, idProperty: string) {
  if (typeof of === 'function' && !isModel(of) && !isStandard(of)) {
    const made = of as unknown as (new () => object) & { readonly prototype: object }
    return {
      store,
      isModel: false,
      prototype: made.prototype,
      complete: (data: Data, given: object) => construct(made, data, given),
    }
  }
  const model = (isModel(of) ? of : Model(store, definitionOf(of, idProperty) as never)) as unknown as ModelLike
  return { store: model, isModel: true, prototype: model.prototype, complete: (data: Data) => check(model, data) }
}

type ModelLike = Store<Data, Id> & {
  new (data: object): object
  readonly prototype: object
  readonly definition: { readonly beforeSave?: unknown; readonly idProperty?: string }
  readonly '~standard': { validate(value: unknown): unknown }
}

function isModel(of: unknown): of is ModelLike {
  return typeof of === 'function' && 'definition' in of && '~standard' in of && typeof (of as Store).get === 'function'
}

function idPropertyOf(of: unknown): string {
  return (isModel(of) || isDefinition(of) ? of : undefined) === undefined
    ? 'id'
    : ((isModel(of) ? of.definition : (of as { idProperty?: string })).idProperty ?? 'id')
}

/** A definition has `properties`; without, it is the properties that are given. */
function definitionOf(of: unknown, idProperty: string): object {
  if (isStandard(of)) return { schema: of, idProperty }
  if (typeof of !== 'object' || of === null) {
    throw new TypeError(`live objects are those of a class, a model, a schema or a shape, not of ${describe(of)}`)
  }
  return isDefinition(of) ? { ...of, idProperty } : { properties: of, idProperty }
}

function isDefinition(of: unknown): of is object {
  if (typeof of !== 'object' || of === null) return false
  const { properties } = of as { properties?: unknown }
  return (
    typeof properties === 'object' &&
    properties !== null &&
    !('type' in properties && typeof properties.type === 'string')
  )
}

/** The data of an object of the class: with what its fields begin with, where it can be made of nothing. */
function construct(made: new () => object, data: Data, given: object): Data {
  if (given instanceof made || made.length > 0 || (made as unknown) === Object) return data
  return { ...checkedCopy({ ...new made() }), ...data } as Data
}

function check(model: ModelLike, data: Data): Data {
  const result = model['~standard'].validate(data) as { issues?: readonly Issue[]; value?: object } | Promise<unknown>
  if (result instanceof Promise || model.definition.beforeSave) return { ...new model(data) } as Data
  if (result.issues) throw validationError(result.issues.map(unprefixed), model.name, 'add')
  return { ...result.value } as Data
}

/** A Standard Schema says in the message where it is. */
function unprefixed({ path, message, ...issue }: Issue): Issue {
  const prefix = `${path.join('.') || 'the object'} `
  return { ...issue, path, message: message.startsWith(prefix) ? message.slice(prefix.length) : message }
}

export function plainData(given: object): Data {
  const node = nodeOf(given)
  if (node) return plainOf(node) as Data
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(`an object is expected, not ${describe(given)}`)
  }
  return checkedCopy({ ...given }) as Data
}
