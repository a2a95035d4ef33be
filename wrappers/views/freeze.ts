/** Freezes a value of the domain through and through; `false` if there is a date or bytes in it, which nothing can freeze. */
export function freeze(value: object): boolean {
  let safe = true
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) if (!freezeInside(value[at])) safe = false
  } else if (value instanceof Date || value instanceof Uint8Array) {
    return false
  } else {
    for (const name in value) if (!freezeInside(value[name as never])) safe = false
  }
  Object.freeze(value)
  return safe
}

function freezeInside(value: unknown): boolean {
  return typeof value !== 'object' || value === null || freeze(value)
}
