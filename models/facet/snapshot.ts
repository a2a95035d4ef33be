/** The rules of a facet that is made over a facet: read once, as its maker may share a realm with others and be hostile. */
import { isExpression } from '../../lib/query/expression.js'
import { descriptorOf, keysOf, prototypeOf } from './take.js'

/** The same for the same properties, so that what is made ready of them is found again. */
const known = new WeakMap<object, unknown>()

/** Copies what is plain. No getter of the maker's runs from here on; his functions do, where rules say so. */
export function snapshot(rules: unknown): unknown {
  return copied(rules, (name, content) => {
    if (name === 'context') return content
    if (name === 'links') return copied(content, (_, facet) => facet)
    if (name !== 'properties' || typeof content !== 'object' || content === null) return deep(content)
    const found = known.get(content) ?? deep(content)
    known.set(content, found)
    return found
  })
}

function deep(value: unknown, depth = 0): unknown {
  return depth > 100 ? value : copied(value, (_, content) => deep(content, depth + 1))
}

function copied(value: unknown, change: (name: PropertyKey, content: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null || isExpression(value)) return value
  const isArray = Array.isArray(value)
  const prototype = isArray ? null : prototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) return value
  const copy: object = isArray ? [] : {}
  for (const name of keysOf(value)) {
    const descriptor = descriptorOf(value, name)
    if (!descriptor?.enumerable) continue
    if (!('value' in descriptor)) throw new TypeError(`rules have values, and ${String(name)} is a getter`)
    Object.defineProperty(copy, name, { ...descriptor, value: change(name, descriptor.value), configurable: true })
  }
  return copy
}
