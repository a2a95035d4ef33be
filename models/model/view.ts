/** What is seen of what is stored, by the rules of the properties. */
import { StoreError } from '../../lib/errors.js'
import { type Expression, isExpression } from '../../lib/query/expression.js'
import { operatorOf, slotAt } from '../../lib/query/table.js'
import type { Data } from '../../lib/store.js'
import { copy } from '../../lib/value.js'
import type { Rules } from '../schema/rules.js'
import { define } from './instance.js'

/** Is what is seen other than what is stored? */
export function hides({ getters, blocked }: Rules): boolean {
  return getters.size > 0 || blocked.length > 0
}

/** What is seen of what is stored, as a new object that shares nothing. Of a part, only what is there is computed. */
export function see(stored: Data, { getters, blocked }: Rules, part = false): Data {
  const seen = copy(stored)
  for (const name of blocked) delete seen[name]
  if (getters.size === 0) return seen
  const data = copy(stored)
  for (const [name, get] of getters) {
    if (!part || Object.hasOwn(data, name)) put(seen, name, get.call(data, own(data, name)))
  }
  return seen
}

/** A property of an object's own. */
export function own(data: Data | undefined, name: string): unknown {
  return data && Object.hasOwn(data, name) ? data[name] : undefined
}

/** Sets a property, or removes it where there is no value. */
export function put(data: Data, name: string, value: unknown): void {
  if (value === undefined) delete data[name]
  else define(data, name, value)
}

/** Refuses a query that could tell of a blocked property: by naming it, or by taking objects apart. */
export function checkQuery(query: Expression, blocked: readonly string[]): void {
  if (blocked.length === 0) return
  const { name, args } = query
  // its condition is about the objects of another model, which checks it
  if (name === 'rel') return
  const operator = operatorOf(name)
  if (wholes.has(name) && args.length === 0) {
    throw new StoreError('NotAllowedError', `${name}() would tell of properties that cannot be seen here`)
  }
  args.forEach((argument, position) => {
    const slot = slotAt(operator, position, args.length)
    if (slot === 'condition' || slot === 'term' || (slot === 'column' && isExpression(argument))) {
      checkQuery(argument as Expression, blocked)
    } else if (slot === 'path' || slot === 'key' || slot === 'column') {
      const first = String([argument].flat()[0])
      const property = slot === 'key' ? first.replace(/^[+-]/, '') : first
      if (blocked.includes(property)) throw new StoreError('NotAllowedError', `${property} cannot be seen here`)
    }
  })
}

/** Without a property these show or compare whole objects. */
const wholes = new Set(['values', 'recurse', 'min', 'max', 'distinct'])

const shaping = new Set(['sort', 'limit', 'distinct', 'first', 'one'])

/** Does the query give whole objects, rather than parts or values? */
export function givesObjects({ args }: Expression): boolean {
  return (args as readonly Expression[]).every(term =>
    term.name === 'and' ? givesObjects(term) : shaping.has(term.name) || operatorOf(term.name).kind === 'condition',
  )
}
