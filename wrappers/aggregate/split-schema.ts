import { define } from '../../lib/query/project.js'
import type { PropertySchema, Schema } from '../../lib/schema.js'
import type { Layout } from './layout.js'

/** What each part is to know of a schema: the properties that it keeps, and the id. */
export function splitSchema(layout: Layout, { properties = {}, required = [] }: Schema): Schema[] {
  return layout.idProperties.map((ownId, at) => {
    const own: Record<string, PropertySchema> = {}
    const keeps = (name: string) => name === layout.idProperty || layout.keeperOf(name) === at
    const named = (name: string) => (name === layout.idProperty ? ownId : name)
    for (const [name, schema] of Object.entries(properties)) if (keeps(name)) define(own, named(name), schema)
    return { properties: own, required: required.filter(keeps).map(named) }
  })
}
