/** Links between the objects of models: what a definition says of them, checked. */
import { hrefOf } from './links/href.js'
import { plainObject, refuse } from './schema/plain.js'
import type { ObjectSchema } from './schema.js'

/** What becomes of an object when another to which it links is to be deleted. */
const deletions = ['restrict', 'cascade', 'detach'] as const
export type OnDelete = (typeof deletions)[number]

/** A link of a model's objects, checked as far as the definition alone tells. */
export interface CheckedLink {
  readonly rel: string
  /** The name in the database of the model that it leads to. */
  readonly model: string
  /** The property with the id, or the ids. */
  readonly property: string
  /** Do the objects have the property themselves? Else those have it that they lead to. */
  readonly own: boolean
  /** What those that it leads to call the way back. */
  readonly inverse: string | undefined
  readonly onDelete: OnDelete | undefined
}

export interface LinksOptions {
  readonly schema: ObjectSchema
  readonly idProperty: string
}

/**
 * Reads the links of a definition. Absolute addresses, and the rel `self`, say nothing about models and are left out.
 * Throws a `TypeError` that names the place of what is wrong.
 */
export function links(given: unknown, options: LinksOptions): readonly CheckedLink[] {
  if (given === undefined) return []
  if (!Array.isArray(given)) refuse(['links'], 'must be a list')
  const checked = (given as unknown[]).flatMap((link, position) => check(link, ['links', String(position)], options))
  const rels = checked.map(({ rel }) => rel)
  const twice = rels.find((rel, position) => rels.indexOf(rel) < position)
  if (twice !== undefined) refuse(['links'], `there are two links ${JSON.stringify(twice)}`)
  return checked
}

type Place = readonly string[]

function check(given: unknown, place: Place, options: LinksOptions): CheckedLink[] {
  const link = plainObject(given, place)
  const { href, model, onDelete } = link
  const rel = text(link, 'rel', place) ?? refuse(place, 'needs a rel, which is its name')
  if ((href === undefined) === (model === undefined)) refuse(place, 'needs an href, or the name of a model')
  const target = href === undefined ? named(link, rel, place) : hrefOf(href, [...place, 'href'])
  if (target === undefined || rel === 'self') return []
  if (onDelete !== undefined && !deletions.includes(onDelete as OnDelete)) {
    refuse([...place, 'onDelete'], `must be one of ${deletions.join(', ')}`)
  }
  const { idProperty } = options
  const checked = { rel, inverse: text(link, 'inverse', place), onDelete: onDelete as OnDelete | undefined }
  if (!('id' in target)) {
    checkOwn({ ...checked, ...target, own: true }, place, options)
    return [{ ...checked, ...target, own: true }]
  }
  if (target.id !== idProperty) refuse([...place, 'href'], `must have {${idProperty}}, the id, for its value`)
  if (checked.inverse !== undefined || onDelete !== undefined) {
    refuse(place, `inverse and onDelete stand with the link of the model that has the property, ${target.model}`)
  }
  return [{ ...checked, model: target.model, property: target.property, own: false }]
}

function named(link: Readonly<Record<string, unknown>>, rel: string, place: Place) {
  const model = text(link, 'model', place) as string
  return { model, property: text(link, 'property', place) ?? `${rel}Id` }
}

function text(link: Readonly<Record<string, unknown>>, name: string, place: Place): string | undefined {
  const content = link[name]
  if (content === undefined || (typeof content === 'string' && content !== '' && content !== '__proto__')) {
    return content as string | undefined
  }
  return refuse([...place, name], 'must be a name')
}

/** The property must be seen, and be stored as it is seen. */
function checkOwn({ property, onDelete }: CheckedLink, place: Place, { schema, idProperty }: LinksOptions): void {
  const { plain, rules } = schema
  const { properties = {}, required = [] } = plain as { properties?: object; required?: readonly string[] }
  const says = (problem: string) => refuse(place, `the property ${property} ${problem}`)
  if (rules.blocked.includes(property)) says('is blocked, and following it would show it')
  if (rules.transient.includes(property)) says('is transient, so no link is stored')
  if (rules.getters.has(property) || rules.setters.has(property)) says('is not seen as it is stored')
  if (onDelete !== 'detach') return
  const fixed = property === idProperty || rules.readonly.includes(property)
  if (fixed || (required.includes(property) && !holdsMany(properties[property as never]))) {
    says('cannot be removed, as detach does')
  }
}

/** Does a property hold an array, by its plain schema? */
export function holdsMany(schema: unknown): boolean {
  const { type, allOf } = (schema ?? {}) as { type?: unknown; allOf?: unknown }
  return [type].flat().includes('array') || (Array.isArray(allOf) && allOf.some(holdsMany))
}
