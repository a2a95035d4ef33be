/**
 * The one total order of values, for sorting and ranges:
 * missing = null < boolean < number (with bigint) < Date < string (by code point) < bytes < array < object.
 */

/** The place of a value's type in the order. Comparisons only match within one rank. */
export function rank(value: unknown): number {
  switch (typeof value) {
    case 'boolean':
      return 1
    case 'number':
    case 'bigint':
      return 2
    case 'string':
      return 4
    case 'object':
      if (value === null) return 0
      if (Array.isArray(value)) return 6
      if (value instanceof Date) return 3
      return value instanceof Uint8Array ? 5 : 7
    default:
      return 0
  }
}

/** Negative, zero or positive, as `a` comes before, with or after `b`. */
export function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b)
  const place = rank(a)
  const other = rank(b)
  if (place !== other) return place - other
  switch (place) {
    case 0:
      return 0
    case 5:
      return compareItems(a as Uint8Array, b as Uint8Array, (x, y) => x - y)
    case 6:
      return compareItems(a as unknown[], b as unknown[], compare)
    case 7:
      return compareObjects(a as Record<string, unknown>, b as Record<string, unknown>)
    default: {
      // booleans, bigints with numbers and dates compare as JavaScript does
      const [x, y] = [a as number, b as number]
      return x < y ? -1 : x > y ? 1 : 0
    }
  }
}

/** By code point, as UTF-8 bytes compare: JavaScript's `<` goes by UTF-16 code units and differs above U+FFFF. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let position = 0; position < length; position++) {
    const x = a.charCodeAt(position)
    const y = b.charCodeAt(position)
    if (x !== y)
      return (x < 0xd800 || y < 0xd800 ? x : aboveSurrogates(x)) - (x < 0xd800 || y < 0xd800 ? y : aboveSurrogates(y))
  }
  return a.length - b.length
}

/** Moves surrogates, which stand for code points from U+10000 on, behind the other code units. */
function aboveSurrogates(unit: number): number {
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}

function compareItems<T>(a: ArrayLike<T>, b: ArrayLike<T>, compareItem: (x: T, y: T) => number): number {
  const length = Math.min(a.length, b.length)
  for (let position = 0; position < length; position++) {
    const order = compareItem(a[position] as T, b[position] as T)
    if (order !== 0) return order
  }
  return a.length - b.length
}

function compareObjects(a: Record<string, unknown>, b: Record<string, unknown>): number {
  const names = Object.keys(a).sort(compareStrings)
  const others = Object.keys(b).sort(compareStrings)
  const order = compareItems(names, others, compareStrings)
  if (order !== 0) return order
  for (const name of names) {
    const itemOrder = compare(a[name], b[name])
    if (itemOrder !== 0) return itemOrder
  }
  return 0
}
