/** One definition made of two: what extends keeps every constraint of what it extends. */
import { current } from './draft-07.js'
import { plainObject, refuse } from './plain.js'
import { splitProperty } from './rules.js'

type Part = Readonly<Record<string, unknown>>

/** Keywords that are about the object as a whole, so that two of them are one. */
const merged = new Set(['properties', 'required', '$defs', 'definitions'])
/** Keywords that close an object or describe it: the child's stands, else the parent's. */
const replaced = new Set([
  ...['$id', 'title', 'description', '$comment', 'type', 'additionalProperties', 'unevaluatedProperties'],
])

/** The schema of a child and its parent: a valid object is valid for both, apart from what either leaves undeclared. */
export function extend(givenParent: Part, givenChild: Part): Part {
  const [parent, child] = [current(givenParent), current(givenChild)]
  const own = Object.fromEntries(Object.entries(child).filter(([name]) => !merged.has(name)))
  const inherited = Object.entries(parent).filter(([name]) => !merged.has(name))
  const described = inherited.filter(([name]) => replaced.has(name))
  const further = inherited.filter(([name]) => !replaced.has(name))
  return {
    ...Object.fromEntries(described),
    ...own,
    ...join(parent, child, 'properties', extendProperty),
    ...join(parent, child, '$defs', clash),
    ...join(parent, child, 'definitions', clash),
    required: [...new Set([...list(parent.required), ...list(child.required)])],
    ...(further.length > 0 && { allOf: [Object.fromEntries(further), ...list(child.allOf)] }),
  }
}

function join(
  parent: Part,
  child: Part,
  keyword: string,
  both: (place: readonly string[], parent: unknown, child: unknown) => unknown,
): Part | undefined {
  if (parent[keyword] === undefined && child[keyword] === undefined) return undefined
  const joined: Record<string, unknown> = { ...plainObject(parent[keyword] ?? {}, [keyword]) }
  for (const [name, each] of Object.entries(plainObject(child[keyword] ?? {}, [keyword]))) {
    joined[name] = Object.hasOwn(joined, name) ? both([keyword, name], joined[name], each) : each
  }
  return { [keyword]: joined }
}

/** The child's rules over the parent's, and both schemas. */
function extendProperty(place: readonly string[], parent: unknown, child: unknown): unknown {
  const [from, own] = [parent, child].map(each => splitProperty(each, place))
  const rules = { ...from?.rules, ...own?.rules }
  const schemas = [own?.schema, from?.schema].filter(schema => !isEmpty(schema))
  const [only] = schemas
  if (schemas.length === 1 && typeof only === 'object') return { ...only, ...rules }
  return { allOf: schemas.length > 0 ? schemas : [true], ...rules }
}

const isEmpty = (schema: unknown) => typeof schema === 'object' && schema !== null && Object.keys(schema).length === 0

function clash(place: readonly string[]): never {
  return refuse(place, 'is defined here and in what it extends')
}

const list = (content: unknown): readonly unknown[] => (Array.isArray(content) ? content : [])
