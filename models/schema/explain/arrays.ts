/** Keywords about arrays and their items. */
import { spend } from '../limits.js'
import type { PlainSchema } from '../plain.js'
import { amount, wanted } from '../words.js'
import type { Check, Keyword } from './check.js'

/** Looks at the items from a position on. */
function from(start: number, check: Check): Check {
  return (value, path, tell, seen) => {
    if (!Array.isArray(value)) return true
    let sound = true
    if (seen) seen.start = Math.min(seen.start, start)
    for (let position = start; position < value.length; position++) {
      if (check(value[position], { up: path, step: position }, tell, undefined)) continue
      if (!tell) return false
      sound = false
    }
    return sound
  }
}

export const arrays: Readonly<Record<string, Keyword>> = {
  prefixItems(content: readonly PlainSchema[], _, whole) {
    const checks = content.map(whole.check)
    return (value, path, tell, seen) => {
      if (!Array.isArray(value)) return true
      const kept = checks.slice(0, value.length).map((check, position) => {
        seen?.positions.add(position)
        return check(value[position], { up: path, step: position }, tell, undefined)
      })
      return !kept.includes(false)
    }
  },
  items: (content: PlainSchema, { prefixItems = [] }, whole) =>
    from((prefixItems as readonly unknown[]).length, whole.check(content)),
  unevaluatedItems(content: PlainSchema, _, whole) {
    const check = whole.check(content)
    return (value, path, tell, seen) => {
      if (!Array.isArray(value)) return true
      spend(value.length)
      const before = seen?.start ?? Infinity
      if (seen) seen.start = 0
      let sound = true
      for (const [position, item] of value.entries()) {
        if (position >= before || seen?.positions.has(position)) continue
        if (check(item, { up: path, step: position }, tell, undefined)) continue
        if (!tell) return false
        sound = false
      }
      return sound
    }
  },
  contains(content: PlainSchema, { minContains = 1, maxContains = Infinity }, whole) {
    const check = whole.check(content)
    const [min, max] = [minContains as number, maxContains as number]
    return (value, path, tell, seen) => {
      if (!Array.isArray(value)) return true
      let count = 0
      for (const [position, item] of value.entries()) {
        if (!check(item, undefined, undefined, undefined)) continue
        if (seen) {
          spend(5)
          seen.positions.add(position)
        }
        count++
      }
      if (count >= min && count <= max) return true
      const [keyword, bound] =
        count < min ? [min === 1 ? 'contains' : 'minContains', `at least ${min}`] : ['maxContains', `at most ${max}`]
      const expected = `${bound} of the items to be ${wanted(content)}`
      const message = `must have ${bound} ${(count < min ? min : max) === 1 ? 'item that is' : 'items that are'} ${wanted(content)}, not ${count}`
      tell?.(path, { keyword, message, expected, found: amount(count, 'such item') })
      return false
    }
  },
}
