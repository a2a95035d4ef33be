/** What can be reached from what somebody has. */
import { intrinsics } from './realm-spies.js'

const known = intrinsics()

/** All that is reached: own properties of every kind, what getters give, prototypes, and what functions carry. */
export function reached(from: readonly unknown[]): {
  readonly values: ReadonlySet<object>
  readonly ways: ReadonlyMap<object, string>
} {
  const ways = new Map<object, string>()
  const waiting: [unknown, string][] = from.map((each, at) => [each, `${at}`])
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [value, way] = next
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) continue
    if (known.has(value) || ways.has(value)) continue
    ways.set(value, way)
    waiting.push([Object.getPrototypeOf(value), `${way}.__proto__`])
    for (const key of Reflect.ownKeys(value)) {
      const { value: content, get, set } = Reflect.getOwnPropertyDescriptor(value, key) as PropertyDescriptor
      const named = `${way}.${String(key)}`
      waiting.push([content, named], [get, `get ${named}`], [set, `set ${named}`])
      if (get) {
        try {
          waiting.push([Reflect.get(value, key), named])
        } catch {}
      }
    }
  }
  return { values: new Set(ways.keys()), ways }
}
