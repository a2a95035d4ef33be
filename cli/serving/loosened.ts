import type { InferredDefinition, Proposed } from '../../models/infer.js'

/** Types that JSON has not: without them a text that a client sends would stay one. */
const ours = new Set<unknown>(['date', 'bigint', 'bytes'])

/** What was seen is told to readers; who writes is not bound by it, for nobody has promised it. */
export function loosened(definition: InferredDefinition, write: boolean): object {
  const { title: _, idProperty: __, ...told } = definition
  if (!write) return told
  const kept = Object.entries(told.properties).map(([name, schema]) => [name, typed(schema) ? schema : {}])
  return { properties: Object.fromEntries(kept) }
}

const typed = (schema: Proposed) => typeof schema === 'object' && ours.has(schema.type)
