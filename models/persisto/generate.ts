/** All methods that a configuration generates. */
import { type AccountOptions, accountMethods } from './assets/accounts.js'
import { assetMethods } from './assets/methods.js'
import type { Ground } from './ground.js'
import type { Method } from './method.js'
import { groupingMethods, indexMethods } from './methods/lists.js'
import { objectMethods } from './methods/objects.js'
import { relationMethods } from './methods/relations.js'
import type { Settings } from './settings.js'

interface GenerateOptions extends Omit<AccountOptions, 'tell'> {
  /** Are these the first assets, with which come the methods that all have? */
  readonly first: boolean
}

export function generate(settings: Settings, ground: Ground, { first, ...accounts }: GenerateOptions): Method[] {
  const { types, indexes, groupings, relations, assets } = settings
  return [
    ...[...types.keys()].flatMap(type => objectMethods(ground, type)),
    ...indexes.flatMap(index => indexMethods(ground, index)),
    ...groupings.flatMap(grouping => groupingMethods(ground, grouping)),
    ...relations.flatMap(relation => relationMethods(ground, relation)),
    ...[...assets].flatMap(([type, given]) => accountMethods(type, given, { ...accounts, tell: ground.tell })),
    ...(assets.size > 0 && first ? assetMethods(accounts.booked) : []),
  ]
}
