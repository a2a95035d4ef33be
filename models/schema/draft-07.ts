/** Draft-07 of JSON Schema in the words of draft 2020-12. */
import { keywords } from './keywords.js'
import { refuse } from './plain.js'

type Part = Readonly<Record<string, unknown>>

const drafts = /^https?:\/\/json-schema\.org\/(?:draft\/(2020-12)\/schema|draft-0[67]\/schema)#?$/

/** A definition as draft 2020-12, if it says that it is draft-06 or draft-07. A `TypeError` for any other draft. */
export function current(definition: Part): Part {
  const { $schema, ...others } = definition
  if ($schema === undefined) return definition
  const [known, latest] = drafts.exec(String($schema)) ?? []
  if (known === undefined) refuse(['$schema'], 'must be that of draft 2020-12 or draft-07')
  return latest ? others : (translated(others) as Part)
}

function translated(schema: unknown): unknown {
  if (!isPart(schema)) return schema
  const made: Record<string, unknown> = {}
  for (const [name, content] of Object.entries(schema)) {
    // beside a reference nothing else counts
    if (typeof schema.$ref === 'string' && asserts(name)) continue
    const become = Object.hasOwn(own, name) ? own[name] : undefined
    Object.assign(made, become ? become(content, schema) : { [name]: inside(name, content) })
  }
  return made
}

/** What stays beside a reference: what describes, and what it may lead to. */
const beside = new Set(['$ref', '$defs', 'definitions', 'title', 'description', '$comment', 'default', 'examples'])
const asserts = (name: string) => !beside.has(name) && (keywords.has(name) || Object.hasOwn(own, name))

/** What has another name now. */
const own: Readonly<Record<string, (content: unknown, schema: Part) => object>> = {
  items: content =>
    Array.isArray(content) ? { prefixItems: content.map(translated) } : { items: translated(content) },
  additionalItems: (content, { items }) => (Array.isArray(items) ? { items: translated(content) } : {}),
  dependencies(content) {
    const entries = Object.entries(content as object)
    const names = entries.filter(([, each]) => Array.isArray(each))
    const schemas = entries.filter(([, each]) => !Array.isArray(each)).map(([name, each]) => [name, translated(each)])
    return {
      ...(names.length > 0 && { dependentRequired: Object.fromEntries(names) }),
      ...(schemas.length > 0 && { dependentSchemas: Object.fromEntries(schemas) }),
    }
  },
  $id: content => (String(content).startsWith('#') ? { $anchor: String(content).slice(1) } : { $id: content }),
  $ref: content => ({
    $ref: String(content)
      .replace(/\/items\/(\d+)/g, '/prefixItems/$1')
      .replaceAll('/additionalItems', '/items')
      .replaceAll('/dependencies/', '/dependentSchemas/'),
  }),
}

function inside(name: string, content: unknown): unknown {
  const kind = keywords.get(name)?.content
  if (kind === 'schema') return translated(content)
  if (kind === 'schemas' && Array.isArray(content)) return content.map(translated)
  if (kind !== 'schemaMap' || !isPart(content)) return content
  return Object.fromEntries(Object.entries(content).map(([key, each]) => [key, translated(each)]))
}

const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null && !Array.isArray(value)
