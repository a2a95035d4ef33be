/** `getUserByEmail setEmailForUser getEveryUserEmail` of an index, `getUsersByCountry getUsersObjectsByCountry` of a grouping. */
import { expression } from '../../../lib/query/expression.js'
import type { Data } from '../../../lib/store.js'
import { type Ground, whole } from '../ground.js'
import { type ListOptions, list, toArray } from '../list.js'
import { listing, type Method, method } from '../method.js'
import { capital } from '../names.js'
import type { GroupingSettings, Index } from '../settings.js'
import { updating } from './objects.js'

type Listing = [sortBy?: ListOptions['sortBy'], start?: number, end?: number, descending?: boolean]

/** The objects of a type that have a value. Nothing has no value. */
function having(ground: Ground, type: string, field: string) {
  return async (value: unknown, ...[sortBy, start, end, descending]: Listing): Promise<Data[]> => {
    if (value === undefined || value === null) return []
    const { world, locale } = ground
    const condition = expression('eq', field, value)
    return whole(world(), type, await list(world().store(type), condition, { sortBy, start, end, descending, locale }))
  }
}

export function indexMethods(ground: Ground, { type, field, unique }: Index): Method[] {
  const [name, by] = [capital(type), capital(field)]
  const found = having(ground, type, field)
  const values = () => {
    const stages = [expression('values', field), expression('distinct')]
    const query = expression('and', expression('exists', field, true), expression('sort', `+${field}`), ...stages)
    return toArray(ground.world().store(type).query(query))
  }
  const update = updating(ground, type)
  const set = (key: string, value: unknown) => update(key, { [field]: value })
  return [
    unique
      ? method(
          `get${name}By${by}`,
          `The ${type} whose ${field} is this.`,
          'value: any',
          async value => (await found(value))[0],
        )
      : method(
          `getEvery${name}By${by}`,
          `The objects of ${type} whose ${field} is this.`,
          `value: any, ${listing}`,
          found,
        ),
    method(`getEvery${name}${by}`, `All values of ${field}, in order.`, '', values),
    method(`set${by}For${name}`, `Changes ${field} of a ${type}.`, 'idOrKey: string, value: any', set),
  ]
}

export function groupingMethods(ground: Ground, { name, type, fields }: GroupingSettings): Method[] {
  return fields.flatMap(field => {
    const [group, by] = [capital(name), capital(field)]
    const found = having(ground, type, field)
    const ids = async (value: unknown) => {
      if (value === undefined || value === null) return []
      const query = expression('and', expression('eq', field, value), expression('values', 'id'))
      return toArray(ground.world().store(type).query(query))
    }
    return [
      method(`get${group}By${by}`, `The ids of the objects of ${type} whose ${field} is this.`, 'value: any', ids),
      method(
        `get${group}ObjectsBy${by}`,
        `The objects of ${type} whose ${field} is this.`,
        `value: any, ${listing}`,
        found,
      ),
    ]
  })
}
