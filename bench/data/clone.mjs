/** The deep copy of JSON data that one writes by hand when it shall be fast and need not know the properties. */
export function clone(value) {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const copied = value.slice()
    for (let at = 0; at < copied.length; at++) {
      const item = copied[at]
      if (typeof item === 'object' && item !== null) copied[at] = clone(item)
    }
    return copied
  }
  const copied = { ...value }
  for (const name in copied) {
    const item = copied[name]
    if (typeof item === 'object' && item !== null) copied[name] = clone(item)
  }
  return copied
}
