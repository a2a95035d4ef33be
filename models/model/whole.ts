/** A definition together with what it extends, taken apart into schema and behaviour. */
import { extend } from '../schema/extend.js'
import { plainObject, refuse } from '../schema/plain.js'
import { overridable } from './handlers.js'
import { Instance } from './instance.js'

type Part = Readonly<Record<string, unknown>>

/** What of a definition is not JSON Schema. */
const behaviour = new Set<string>([...overridable, 'prototype', 'static', 'extends', 'links', 'idProperty'])

/** The definition with all that it has from what it extends. Its handlers are its own. */
export function whole(given: unknown, place: readonly string[] = []): Part {
  const definition = plainObject(given, place)
  if (definition.extends === undefined) return definition
  if (place.length > 50) refuse(['extends'], 'leads back to itself')
  const parent = parentOf(definition.extends, [...place, 'extends'])
  const { schema, others } = split(definition)
  return {
    ...extend(split(parent).schema, schema),
    ...others,
    ...bothOf('prototype', parent, definition),
    ...bothOf('static', parent, definition),
    ...(parent.idProperty !== undefined && { idProperty: parent.idProperty }),
    ...(definition.idProperty !== undefined && { idProperty: definition.idProperty }),
    links: [...list(parent.links), ...list(definition.links)],
  }
}

/** The class of the model that a definition extends, if it is a model. */
export function parentModel({ extends: parent }: Part): { readonly prototype: object } | undefined {
  return typeof parent === 'function' && parent.prototype instanceof Instance ? parent : undefined
}

function parentOf(parent: unknown, place: readonly string[]): Part {
  if (typeof parent !== 'function') return whole(parent, place)
  if (!(parent.prototype instanceof Instance)) refuse(place, 'must be a model or a definition')
  return (parent as unknown as { definition: Part }).definition
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

function bothOf(name: string, parent: Part, child: Part): Part | undefined {
  const parts = [parent[name], child[name]].filter(part => part !== undefined)
  if (parts.length === 0) return undefined
  const both = parts.map(part => Object.getOwnPropertyDescriptors(plainObject(part, [name])))
  return { [name]: Object.defineProperties({}, Object.assign({}, ...both)) }
}

const list = (content: unknown): readonly unknown[] => (Array.isArray(content) ? content : [])
