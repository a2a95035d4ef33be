/** A definition together with what it extends, taken apart into schema and behaviour. */
import { extend } from '../schema/extend.js'
import { plainObject, refuse } from '../schema/plain.js'
import { isStandard } from '../schema/standard.js'
import { overridable } from './handlers.js'
import { hookNames, joinHooks } from './hooks.js'
import { Instance } from './instance.js'

type Part = Readonly<Record<string, unknown>>

/** What of a definition is not JSON Schema. */
const behaviour = new Set<string>([
  ...overridable,
  ...hookNames,
  'prototype',
  'static',
  'extends',
  'links',
  'idProperty',
  'coerce',
  'schema',
  'version',
  'migrate',
])

/** The definition with all that it has from what it extends. Its handlers are its own. */
export function whole(given: unknown, place: readonly string[] = []): Part {
  if (isStandard(given) && !isModel(given)) return { schema: given }
  const definition = plainObject(given, place)
  if (definition.extends === undefined) return definition
  if (place.length > 50) refuse(['extends'], 'leads back to itself')
  const parent = parentOf(definition.extends, [...place, 'extends'])
  const { schema, others } = split(definition)
  return {
    ...extend(split(parent).schema, schema),
    ...others,
    ...joinHooks(parent, definition),
    ...latest('coerce', parent, definition),
    ...latest('idProperty', parent, definition),
    ...onlyOf('schema', parent, definition),
    ...versionsOf(definition.version === undefined && definition.migrate === undefined ? parent : definition),
    ...bothOf('prototype', parent, definition),
    ...bothOf('static', parent, definition),
    links: [...list(parent.links), ...list(definition.links)],
  }
}

/** The class of the model that a definition extends, if it is a model. */
export function parentModel({ extends: parent }: Part): { readonly prototype: object } | undefined {
  return isModel(parent) ? parent : undefined
}

function isModel(given: unknown): given is { readonly prototype: object } {
  return typeof given === 'function' && given.prototype instanceof Instance
}

function parentOf(parent: unknown, place: readonly string[]): Part {
  if (isModel(parent)) return (parent as unknown as { definition: Part }).definition
  if (typeof parent === 'function' && !isStandard(parent)) refuse(place, 'must be a model or a definition')
  return whole(parent, place)
}

/** The schema of a definition, and the rest. */
export function split(definition: Part): { schema: Part; others: Part } {
  const schema: Record<string, unknown> = {}
  const others: Record<string, unknown> = {}
  for (const [name, content] of Object.entries(definition)) {
    if (name !== 'extends') (behaviour.has(name) ? others : schema)[name] = content
  }
  return { schema, others }
}

/** The steps of one definition say nothing about the versions of another: a child has its own, or its parent's. */
function versionsOf({ version, migrate }: Part): Part {
  return { ...(version !== undefined && { version }), ...(migrate !== undefined && { migrate }) }
}

function latest(name: string, parent: Part, child: Part): Part | undefined {
  const found = child[name] ?? parent[name]
  return found === undefined ? undefined : { [name]: found }
}

/** Two of them cannot be made one. */
function onlyOf(name: string, parent: Part, child: Part): Part | undefined {
  if (parent[name] !== undefined && child[name] !== undefined) refuse([name], 'is there, and in what it extends')
  return latest(name, parent, child)
}

function bothOf(name: string, parent: Part, child: Part): Part | undefined {
  const parts = [parent[name], child[name]].filter(part => part !== undefined)
  if (parts.length === 0) return undefined
  const both = parts.map(part => Object.getOwnPropertyDescriptors(plainObject(part, [name])))
  return { [name]: Object.defineProperties({}, Object.assign({}, ...both)) }
}

const list = (content: unknown): readonly unknown[] => (Array.isArray(content) ? content : [])
