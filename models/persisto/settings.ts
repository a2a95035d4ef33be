/** A configuration, checked, and in one form. */
import type { AssetProperties, Config, Fields, IndexDefinition, Relation } from './config.js'
import { checkName } from './names.js'

export interface Index {
  readonly type: string
  readonly field: string
  readonly unique: boolean
}

export interface GroupingSettings {
  readonly name: string
  readonly type: string
  readonly fields: readonly string[]
}

export interface Role {
  readonly name: string
  readonly type: string
}

export interface RelationSettings {
  readonly name: string
  readonly roles: readonly [Role, Role]
}

export interface TypeSettings {
  readonly name: string
  readonly fields: Fields
  readonly required: readonly string[]
}

/** All that is configured; or what is to be added to that. */
export interface Settings {
  readonly types: ReadonlyMap<string, TypeSettings>
  readonly indexes: readonly Index[]
  readonly groupings: readonly GroupingSettings[]
  readonly relations: readonly RelationSettings[]
  readonly assets: ReadonlyMap<string, AssetProperties>
}

export const nothing: Settings = { types: new Map(), indexes: [], groupings: [], relations: [], assets: new Map() }

/** Names that stores of our own have, or could be taken for. */
const taken = ['system', 'assets', '__proto__', 'constructor']
const parts = ['types', 'required', 'indexes', 'groupings', 'relations', 'assets']

/** What a configuration adds to what is there. A `TypeError` for what is wrong in it, and for what is there already. */
export function added(before: Settings, config: Config): Settings {
  const { types = {}, required = {}, indexes = {}, groupings = {}, relations = {}, assets = {} } = config
  const declared = new Map(
    Object.entries(types).map(([name, fields]) => [name, { name, fields, required: required[name] ?? [] }]),
  )
  for (const name of Object.keys(required)) {
    if (!declared.has(name)) throw new TypeError(`required names the type ${name}, which is not declared with it`)
  }
  const known = new Map([...before.types, ...declared])
  for (const [kind, names] of [
    ['type', Object.keys(types)],
    ['asset', Object.keys(assets)],
  ] as const) {
    for (const name of names) {
      checkName(kind, name)
      if (kind === 'type' && Object.hasOwn(types[name] ?? {}, 'id')) {
        throw new TypeError(`the id of a ${name} is not its own to declare`)
      }
      if (taken.includes(name)) throw new TypeError(`no ${kind} can be called ${name}`)
      if (before.types.has(name) || before.assets.has(name)) throw new TypeError(`${name} is configured already`)
    }
  }
  const both = Object.keys(types).find(name => Object.hasOwn(assets, name))
  if (both !== undefined) throw new TypeError(`${both} is to be both a type and an asset`)

  const typeOf = (name: string, where: string) => {
    if (known.has(name)) return name
    throw new TypeError(`${where} names the type ${JSON.stringify(name)}, which is not declared`)
  }
  return {
    types: declared,
    indexes: Object.entries(indexes).flatMap(([type, list]) =>
      list.map(definition => indexOf(typeOf(type, 'indexes'), definition, before)),
    ),
    groupings: Object.entries(groupings).map(([name, { type, by }]) => {
      checkName('grouping', name)
      const fields = typeof by === 'string' ? [by] : by
      for (const field of fields) checkName('field of a grouping', field)
      return { name, type: typeOf(type, `the grouping ${name}`), fields }
    }),
    relations: Object.entries(relations).map(([name, relation]) => {
      checkName('relation', name)
      if (before.relations.some(each => each.name === name)) throw new TypeError(`${name} is configured already`)
      return { name, roles: rolesOf(name, relation, type => typeOf(type, `the relation ${name}`)) }
    }),
    assets: new Map(Object.entries(assets)),
  }
}

/** Both together. */
export function joined(before: Settings, more: Settings): Settings {
  const all = {
    types: new Map([...before.types, ...more.types]),
    indexes: [...before.indexes, ...more.indexes],
    groupings: [...before.groupings, ...more.groupings],
    relations: [...before.relations, ...more.relations],
    assets: new Map([...before.assets, ...more.assets]),
  }
  checkArrays(all)
  return all
}

/** Refuses a word that means nothing here: it would be looked over. */
export function checkParts(config: object): void {
  const unknown = Object.keys(config).find(name => !parts.includes(name))
  if (unknown !== undefined) throw new TypeError(`${unknown} is no part of a configuration: ${parts.join(', ')}`)
}

function indexOf(type: string, definition: IndexDefinition, { indexes }: Settings): Index {
  const { field, unique = true } = typeof definition === 'string' ? { field: definition } : definition
  checkName('field of an index', field)
  if (indexes.some(each => each.type === type && each.field === field)) {
    throw new TypeError(`the index on ${field} of ${type} is configured already`)
  }
  return { type, field, unique }
}

function rolesOf(name: string, relation: Relation, typeOf: (type: string) => string): readonly [Role, Role] {
  const entries = Array.isArray(relation) ? relation.map(type => [type, type]) : Object.entries(relation)
  const [first, second, ...others] = entries.map(([role, type]) => {
    checkName('role', role)
    return { name: role as string, type: typeOf(type as string) }
  })
  if (!first || !second || others.length > 0) throw new TypeError(`the relation ${name} is to be between two`)
  if (first.name === second.name) {
    throw new TypeError(
      `both sides of ${name} are called ${first.name}: name them, as in { parent: 'user', child: 'user' }`,
    )
  }
  return [first, second]
}

/** An object shows what it belongs together with under the name of the role: nothing else may be called so. */
function checkArrays({ types, relations }: Settings): void {
  const shown = new Set<string>()
  for (const { name, roles } of relations) {
    for (const [own, other] of [roles, [...roles].reverse()] as [Role, Role][]) {
      const place = `${own.type}.${other.name}`
      const clash = shown.has(place) || Object.hasOwn(types.get(own.type)?.fields ?? {}, other.name)
      if (clash || other.name === 'id') {
        throw new TypeError(
          `objects of ${own.type} have two properties ${other.name}: give the role in ${name} another name`,
        )
      }
      shown.add(place)
    }
  }
}
