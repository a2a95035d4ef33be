/**
 * One primitive for a value, the same for two values exactly if `compare` finds them equal: to look values up in a `Map`
 * or `Set`, in time linear in their size.
 */
export function keyOf(value: unknown): unknown {
  switch (typeof value) {
    case 'bigint': {
      // a number that is equal is the same key
      const number = Number(value)
      return number <= value && number >= value ? number : value
    }
    case 'object':
      // values hold no lone surrogates, so no string is taken for the text of an object
      return value === null ? null : `\ud800${write(value)}`
    case 'string':
    case 'number':
    case 'boolean':
      return value
    default:
      return null
  }
}

function write(value: unknown): string {
  const key = typeof value === 'object' && value !== null ? value : keyOf(value)
  if (typeof key === 'bigint') return `n${key}`
  if (typeof key !== 'object' || key === null) return JSON.stringify(key)
  if (Array.isArray(key)) return `[${key.map(write).join()}]`
  if (key instanceof Date) return `d${key.getTime()}`
  if (key instanceof Uint8Array) return `b${key.join()};`
  const names = Object.keys(key).sort()
  return `{${names.map(name => `${JSON.stringify(name)}:${write(key[name as never])}`).join()}}`
}
