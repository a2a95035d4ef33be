/** Properties that became unique with a version, where what earlier versions wrote keeps the store from seeing to it. */
import { derive, forward } from '../../lib/derive.js'
import { isStoreError, StoreError } from '../../lib/errors.js'
import { sameId } from '../../lib/id.js'
import { node } from '../../lib/query/expression.js'
import { keyOf } from '../../lib/query/key.js'
import type { PropertySchema, Schema } from '../../lib/schema.js'
import { can, type Data, type Id, type MaybePromise, type Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { perform, type Target, type Unit, type Write, writes } from '../../lib/writes.js'
import { versionOf, versionProperty } from './version.js'

type Place = Target<Data, Id>

export interface Unique {
  /** The store, in which objects of the version do not get the same values. */
  readonly store: Store<Data, Id>
  /** Does the store itself not see to it that this property is unique? */
  isGuarded(name: string): boolean
  /** Tells the store once more what it did not take: that properties are unique. */
  tellAgain(): void
  /** The first of the properties of which another object has the same, outside or inside a transaction. */
  conflict(target: Place, object: Data, id: Id | undefined): Promise<string | undefined>
}

/**
 * Where objects that are stored have the same values, a store refuses to be told that they are unique: then each write
 * looks whether an object of the version has its value, in a transaction, until the store takes it. Names are the inner ones.
 */
export function unique(
  inner: Store<Data, Id>,
  { version, names, idProperty }: { version: number; names: readonly string[]; idProperty: string },
): Unique {
  const guarded = new Set<string>()
  let told: Schema = {}

  function tell(schema: Schema): void {
    told = schema
    guarded.clear()
    if (takes(schema)) return
    const properties = Object.entries(schema.properties ?? {})
    const taken: Record<string, PropertySchema> = Object.fromEntries(
      properties.map(([name, { unique, ...property }]) => [name, unique ? { ...property, index: true } : property]),
    )
    inner.setSchema?.({ ...schema, properties: taken })
    for (const [name, property] of properties) {
      if (!property.unique) continue
      if (takes({ ...schema, properties: { ...taken, [name]: property } })) taken[name] = property
      else guarded.add(name)
    }
  }

  function takes(schema: Schema): boolean {
    try {
      inner.setSchema?.(schema)
      return true
    } catch (error) {
      if (isStoreError(error, 'ConstraintError')) return false
      throw error
    }
  }

  async function conflict(target: Place, object: Data, id: Id | undefined, among: Iterable<string> = names) {
    for (const name of among) if (await isTaken(target, name, object[name], id)) return name
    return undefined
  }

  async function isTaken(target: Place, name: string, value: unknown, id: Id | undefined): Promise<boolean> {
    if (value === undefined || value === null) return false
    const comparable = typeof value !== 'object' || value instanceof Date
    const conditions = [comparable ? node('eq', [name, value]) : node('exists', [name])]
    if (guarded.has(name)) conditions.push(node('eq', [versionProperty, version]))
    for await (const other of (target as Required<Place>).query(node('and', conditions))) {
      const own = id !== undefined && sameId(other[idProperty] as Id, id)
      if (!own && keyOf(other[name]) === keyOf(value)) return true
    }
    return false
  }

  async function check(write: Exclude<Write<Data, Id>, { method: 'delete' }>, target: Place): Promise<Id | boolean> {
    const object = write.object
    const id = write.options?.id ?? (object[idProperty] as Id | undefined)
    const name = await conflict(target, object, id, guarded)
    if (name === undefined) return perform(write, target)
    throw new StoreError('ConstraintError', `${name} must be unique, and another object has the same`, { id })
  }

  function handle(write: Write<Data, Id>, target: Place, unit: Unit): MaybePromise<Id | boolean> {
    if (write.method === 'delete' || guarded.size === 0 || versionOf(write.object) !== version) {
      return perform(write, target)
    }
    if (unit.transaction) return check(write, target)
    if (can(inner, 'transaction')) return transaction(inner, tx => check(write, tx as Place))
    const hint = 'the store has no transactions, so the objects with the same values must be mended first'
    throw new StoreError('NotSupportedError', `${[...guarded].join(', ')} must be unique: ${hint}`)
  }

  return {
    store:
      names.length === 0
        ? inner
        : derive<Data, Id>(inner, {
            ...writes(inner, handle),
            get: forward,
            query: forward,
            count: forward,
            subscribe: forward,
            setSchema: tell,
            close: forward,
          }),
    isGuarded: name => guarded.has(name),
    tellAgain: () => {
      if (guarded.size > 0) tell(told)
    },
    conflict,
  }
}
