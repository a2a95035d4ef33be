import { limits } from '../../lib/value.js'

/**
 * The size of a value that was read, as `limits.size` counts it; `Infinity` if it is not in the value domain or is `-0`.
 * Looks in place and copies nothing, so that opening a large file costs little more than parsing it. Where it is known that
 * all strings are well-formed, as in UTF-8 without escapes, they need no look.
 */
export function sizeInDomain(value: unknown, wellFormed: boolean, depth = 0): number {
  switch (typeof value) {
    case 'string':
      return wellFormed || value.isWellFormed() ? value.length : Number.POSITIVE_INFINITY
    case 'number':
      return Number.isFinite(value) && (value !== 0 || 1 / value > 0) ? 8 : Number.POSITIVE_INFINITY
    case 'boolean':
      return 8
    case 'bigint':
      return 8 + value.toString(16).length
    case 'object':
      return value === null ? 0 : sizeOfObject(value, wellFormed, depth)
    default:
      return Number.POSITIVE_INFINITY
  }
}

function sizeOfObject(value: object, wellFormed: boolean, depth: number): number {
  let size = depth === 0 ? 0 : 8
  if (value instanceof Date) return size
  if (value instanceof Uint8Array) return size + value.length
  if (depth >= limits.depth) return Number.POSITIVE_INFINITY
  if (Array.isArray(value)) {
    for (let position = 0; position < value.length; position++) {
      size += sizeInDomain(value[position], wellFormed, depth + 1)
    }
    return size
  }
  let names = 0
  for (const name in value) {
    names++
    if (name.length > limits.name || !(wellFormed || name.isWellFormed())) return Number.POSITIVE_INFINITY
    size += name.length + sizeInDomain(value[name as never], wellFormed, depth + 1)
  }
  return names > limits.properties ? Number.POSITIVE_INFINITY : size
}
