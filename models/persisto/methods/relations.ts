/** `getPostsFromAuthorshipWithUser getPostIdsFrom… addPostToAuthorshipUser removePostFromAuthorshipUser`, and the other way round. */
import { isStoreError } from '../../../lib/errors.js'
import { expression } from '../../../lib/query/expression.js'
import { type Ground, whole } from '../ground.js'
import { type ListOptions, list, toArray } from '../list.js'
import { listing, type Method, method } from '../method.js'
import { capital } from '../names.js'
import type { RelationSettings, Role } from '../settings.js'
import { storeOf } from '../world.js'
import { pairOf } from './pairs.js'

export function relationMethods(ground: Ground, relation: RelationSettings): Method[] {
  const [first, second] = relation.roles
  return [...sideMethods(ground, relation, first, second), ...sideMethods(ground, relation, second, first)]
}

/** What is asked and said about those in a role, by the id of one in the other. */
function sideMethods(ground: Ground, relation: RelationSettings, role: Role, other: Role): Method[] {
  const { world, writing, locale } = ground
  const [name, from, by] = [capital(role.name), capital(relation.name), capital(other.name)]
  const pairs = () => world().store(storeOf(relation))
  const pairing = (id: string, otherId: string) => pairOf(relation, { [role.name]: id, [other.name]: otherId })
  const told = (id: string, otherId: string) => ({ relation: relation.name, [role.name]: id, [other.name]: otherId })

  async function ids(otherId: string): Promise<string[]> {
    const query = expression('and', expression('eq', other.name, otherId), expression('values', role.name))
    return toArray(pairs().query(query)) as Promise<unknown[]> as Promise<string[]>
  }
  async function objects(
    otherId: string,
    sortBy?: ListOptions['sortBy'],
    start?: number,
    end?: number,
    descending?: boolean,
  ) {
    const condition = expression('in', 'id', await ids(otherId))
    const found = await list(world().store(role.type), condition, { sortBy, start, end, descending, locale })
    return whole(world(), role.type, found)
  }
  async function add(id: string, otherId: string): Promise<void> {
    const pair = pairing(id, otherId)
    try {
      await writing(now => now.model(storeOf(relation)).add(pair))
    } catch (error) {
      // they belong together already
      if (isStoreError(error, 'ConstraintError') && (await pairs().get(pair.id as string))) return
      throw error
    }
    await ground.tell({ type: 'ADD_RELATION', data: told(id, otherId) })
  }
  async function remove(id: string, otherId: string): Promise<boolean> {
    const pair = pairing(id, otherId)
    const removed = await writing(now => now.model(storeOf(relation)).delete(pair.id as string))
    if (removed) await ground.tell({ type: 'REMOVE_RELATION', data: told(id, otherId) })
    return removed
  }

  const two = `${role.name}Id: string, ${other.name}Id: string`
  const one = `${other.name}Id: string`
  const about = `in ${relation.name} with this ${other.name}`
  return [
    method(`get${name}sFrom${from}With${by}`, `Each ${role.name} ${about}.`, `${one}, ${listing}`, objects),
    method(`get${name}IdsFrom${from}With${by}`, `The ids of each ${role.name} ${about}.`, one, ids),
    method(`add${name}To${from}${by}`, `Adds a ${role.name} ${about}.`, two, add),
    method(`remove${name}From${from}${by}`, `Removes a ${role.name} ${about}.`, two, remove),
  ]
}
