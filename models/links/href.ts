/** The address of a link, as JSON Hyper-Schema has it: a template of URIs (RFC 6570, level 1). */
import { refuse } from '../schema/plain.js'

/** Where an address leads: to the object whose id is in a property; or to those whose property has the id of this one. */
export type Href =
  | { readonly model: string; readonly property: string }
  | { readonly model: string; readonly property: string; readonly id: string }

const name = '((?:[\\w.~-]|%[0-9a-f]{2})+)'
const variable = '\\{((?:[\\w.]|%[0-9a-f]{2})+)\\}'
const one = new RegExp(`^/${name}/${variable}$`, 'i')
const others = new RegExp(`^/${name}\\?${name}=${variable}$`, 'i')
const absolute = /^(?:[a-z][a-z\d+.-]*:|\/\/)/i

/** Takes an address apart; `undefined` for one that leads out of the database. */
export function hrefOf(href: unknown, place: readonly string[]): Href | undefined {
  if (typeof href !== 'string') return refuse(place, 'must be a text')
  if (absolute.test(href)) return undefined
  const found = one.exec(href) ?? others.exec(href)
  if (!found) return refuse(place, 'must be as /model/{property} or /model?property={id}, other characters as %20')
  try {
    const [model = '', property = '', id] = found.slice(1).map(decodeURIComponent)
    return id === undefined ? { model, property } : { model, property, id }
  } catch {
    return refuse(place, 'has a % that stands for nothing')
  }
}
