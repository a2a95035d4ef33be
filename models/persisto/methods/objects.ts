/** `createUser getUser updateUser deleteUser hasUser getEveryUser getEveryUserObject`: a few lines each over the type's model. */
import { isStoreError, StoreError } from '../../../lib/errors.js'
import { compareStrings } from '../../../lib/order.js'
import { node } from '../../../lib/query/expression.js'
import type { Data, MaybePromise } from '../../../lib/store.js'
import { find, type Ground, lookUp, sidesOf, whole } from '../ground.js'
import { tries } from '../ids.js'
import { type ListOptions, list, toArray } from '../list.js'
import { listing, type Method, method } from '../method.js'
import { capital } from '../names.js'
import type { World, Writing } from '../world.js'
import { relate, split, type Together } from './pairs.js'

export function objectMethods(ground: Ground, type: string): Method[] {
  const name = capital(type)
  const stored = () => ground.world().store(type)

  async function create(values: unknown): Promise<Data> {
    const given = checked(values)
    for (let left = tries; ; left--) {
      const id = await ground.newId(type)
      try {
        const made = await ground.writing(async world => {
          const { data, together } = split(world, type, given)
          const written = await write(world, type, { id, together }, model => model.add({ ...data, id }))
          return { ...written, ...shown(world, type, together) }
        })
        await ground.tell({ type: 'CREATE_OBJECT', data: { type, id } })
        return made
      } catch (error) {
        // an id that somebody else has taken is not the caller's mistake: there are others
        if (left === 0 || !isStoreError(error, 'ConstraintError') || !(await stored().get(id))) throw error
      }
    }
  }

  async function remove(key: string): Promise<void> {
    const { id } = await find(ground, type, key)
    if (!(await ground.writing(world => world.model(type).delete(id))))
      throw new StoreError('NotFoundError', `there is no ${type} ${id} any more`, { id })
    await ground.tell({ type: 'DELETE_OBJECT', data: { type, id } })
  }

  const get = async (key: string) => {
    const object = await find(ground, type, key)
    return sidesOf(ground.world(), type).length > 0 ? (await whole(ground.world(), type, [object]))[0] : object
  }
  const has = async (key: string) => (await lookUp(ground, type, key)) !== undefined
  const ids = async () => toArray(stored().query(node('values', ['id']))) as unknown as string[]
  const objects = async (sortBy?: ListOptions['sortBy'], start?: number, end?: number, descending?: boolean) => {
    const { locale } = ground
    return whole(ground.world(), type, await list(stored(), undefined, { sortBy, start, end, descending, locale }))
  }

  const byKey = 'idOrKey: string'
  return [
    method(`create${name}`, `Makes a new ${type}, with an id of its own.`, 'values: object', create),
    method(`get${name}`, `The ${type} of this id, or with this value of a unique index.`, byKey, get),
    method(`update${name}`, `Changes fields of a ${type}.`, `${byKey}, changes: object`, updating(ground, type)),
    method(`delete${name}`, `Deletes a ${type}.`, byKey, remove),
    method(`has${name}`, `Is there such a ${type}?`, byKey, has),
    method(`getEvery${name}`, `The ids of all objects of the type ${type}.`, '', ids),
    method(`getEvery${name}Object`, `All objects of the type ${type}, or a part of them.`, listing, objects),
  ]
}

/** What was given, without the id: that is ours. */
function checked(values: unknown): Data {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new TypeError(`the values must be an object, not ${Array.isArray(values) ? 'an array' : String(values)}`)
  }
  const { id, ...data } = values as Data
  return data
}

interface Written {
  readonly id: string
  readonly together: readonly Together[]
}

/** Writes by the model; with what it is to belong together with, all in one transaction. Gives the data that was written. */
async function write(
  world: World,
  type: string,
  { id, together }: Written,
  work: (model: Writing) => MaybePromise<object>,
): Promise<Data> {
  if (together.length === 0) return { ...(await work(world.model(type))) }
  return world.transaction(async on => {
    const written = await work(on(type))
    for (const each of together) await relate(on, each, id)
    return { ...written }
  })
}

/** What an object belongs together with: what it was given, and what it had before. */
function shown(world: World, type: string, together: readonly Together[], before?: Data): Data {
  const sides = sidesOf(world, type).map(({ other: { name } }) => [name, before?.[name] ?? []])
  const given = together.map(({ side, ids }) => [side.other.name, [...ids].sort(compareStrings)])
  return Object.fromEntries([...sides, ...given])
}

/** Changes fields of an object, and gives the whole. All is read before: what failed after the change would look like its failure. */
export function updating(ground: Ground, type: string) {
  return async (key: string, changes: unknown): Promise<Data> => {
    const given = checked(changes)
    const changed = await ground.writing(async world => {
      const { data, together } = split(world, type, given)
      const before = (await whole(world, type, [await find(ground, type, key)]))[0] as Data & { id: string }
      const { id } = before
      const written = await write(world, type, { id, together }, model =>
        model.update(id, object => setAll(object, data)),
      )
      return { ...written, ...shown(world, type, together, before), id }
    })
    await ground.tell({ type: 'UPDATE_OBJECT', data: { type, id: changed.id } })
    return changed
  }
}

/** Sets properties of any name: to assign `__proto__` is not to have it. */
function setAll(object: Data, data: Data): void {
  for (const [name, value] of Object.entries(data)) {
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
  }
}
