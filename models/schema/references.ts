/** References within a definition: each must lead somewhere. */
import { keywords } from './keywords.js'
import { type PlainObjectSchema, refuse } from './plain.js'

/** Throws a `TypeError` for a reference that leads nowhere. */
export function checkReferences(root: PlainObjectSchema): void {
  const anchors = new Set<unknown>()
  const references: [reference: string, place: readonly string[]][] = []
  walk(root, [], ({ $anchor, $ref }, place) => {
    if ($anchor !== undefined) anchors.add($anchor)
    if (typeof $ref === 'string') references.push([$ref, place])
  })
  for (const [reference, place] of references) {
    const name = reference.slice(1)
    const found = name === '' || (name.startsWith('/') ? isSchema(at(root, name)) : anchors.has(name))
    if (!found) refuse(place, `${reference} leads nowhere`)
  }
}

function walk(
  schema: unknown,
  place: readonly string[],
  visit: (schema: PlainObjectSchema, place: readonly string[]) => void,
): void {
  if (typeof schema !== 'object' || schema === null) return
  visit(schema as PlainObjectSchema, place)
  for (const [name, content] of Object.entries(schema)) {
    const kind = keywords.get(name)?.content
    if (kind === 'schema') walk(content, [...place, name], visit)
    if (kind !== 'schemas' && kind !== 'schemaMap') continue
    for (const [key, each] of Object.entries(content as object)) walk(each, [...place, name, key], visit)
  }
}

/** What a JSON pointer (RFC 6901) leads to. */
function at(root: unknown, pointer: string): unknown {
  return pointer
    .slice(1)
    .split('/')
    .reduce((found, step) => {
      const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
      const inside = typeof found === 'object' && found !== null && Object.hasOwn(found, name)
      return inside ? (found as Record<string, unknown>)[name] : undefined
    }, root)
}

const isSchema = (value: unknown) => typeof value === 'boolean' || (typeof value === 'object' && value !== null)
