/** Keywords that put schemas together about the same value. */
import type { PlainObjectSchema, PlainSchema } from '../plain.js'
import { literal, oneOf, wanted } from '../words.js'
import { branches } from './branches.js'
import { addSeen, type Check, isObject, type Keyword, nothingSeen, type Seen, type Tell } from './check.js'

/** Checks the same value by another schema; what that has looked at counts if it is valid. */
function inside(check: Check): Check {
  return (value, path, tell, seen) => {
    const own: Seen | undefined = seen && nothingSeen()
    const sound = check(value, path, tell, own)
    if (sound) addSeen(seen, own)
    return sound
  }
}

/** Says besides when the issues are ones. */
function where(tell: Tell | undefined, words: string): Tell | undefined {
  return tell && ((path, issue) => tell(path, { ...issue, message: `${issue.message}${words}` }))
}

export const inPlace: Readonly<Record<string, Keyword>> = {
  $ref(reference: string, _, whole) {
    let check: Check | undefined
    return (value, path, tell, seen) => {
      check ??= inside(whole.check(whole.resolve(reference)))
      return check(value, path, tell, seen)
    }
  },
  allOf(content: readonly PlainSchema[], _, whole) {
    const checks = content.map(each => inside(whole.check(each)))
    return (value, path, tell, seen) => {
      let sound = true
      for (const check of checks) {
        if (check(value, path, tell, seen)) continue
        if (!tell) return false
        sound = false
      }
      return sound
    }
  },
  anyOf: (content: readonly PlainSchema[], _, whole) => branches('anyOf', content, whole),
  oneOf: (content: readonly PlainSchema[], _, whole) => branches('oneOf', content, whole),
  not(content: PlainSchema, _, whole) {
    const check = whole.check(content)
    return (value, path, tell) => {
      if (!check(value, undefined, undefined, undefined)) return true
      tell?.(path, { keyword: 'not', message: ruledOut(content, path === undefined ? whole.hidden : none) })
      return false
    }
  },
  if(content: PlainSchema, schema, whole) {
    const [condition, consequence, alternative] = [content, schema.then ?? true, schema.else ?? true].map(each =>
      inside(whole.check(each as PlainSchema)),
    ) as [Check, Check, Check]
    return (value, path, tell, seen) => {
      const words = () => conditionIn(content, path === undefined ? whole.hidden : none)
      return condition(value, undefined, undefined, seen)
        ? consequence(value, path, tell && where(tell, ` where ${words()}`), seen)
        : alternative(value, path, tell && where(tell, ` unless ${words()}`), seen)
    }
  },
  dependentSchemas(content: Readonly<Record<string, PlainSchema>>, _, whole) {
    const entries = Object.entries(content).map(([name, each]) => [name, inside(whole.check(each))] as const)
    return (value, path, tell, seen) => {
      if (!isObject(value)) return true
      const speaking = entries.filter(([name]) => Object.hasOwn(value, name))
      const kept = speaking.map(([name, check]) => {
        const words = path || !whole.hidden.has(name) ? ` where there is ${name}` : ''
        return check(value, path, where(tell, words), seen)
      })
      return !kept.includes(false)
    }
  },
}

const none: ReadonlySet<string> = new Set()

/** What a value must not be. */
function ruledOut(schema: PlainSchema, hidden: ReadonlySet<string>): string {
  if (typeof schema === 'boolean' || Object.keys(schema).length === 0) return 'is not allowed'
  const { required, properties, type, enum: values } = schema as PlainObjectSchema & { required?: string[] }
  if (Array.isArray(required) && !properties && !required.some(name => hidden.has(name))) {
    return `must not have ${required.length > 1 ? `${required.slice(0, -1).join(', ')} and ` : ''}${required.at(-1)}${required.length > 1 ? ' together' : ''}`
  }
  if (type !== undefined || values !== undefined || Object.hasOwn(schema, 'const'))
    return `must not be ${wanted(schema)}`
  return properties ? 'is what the schema rules out' : `must not be ${wanted(schema)}`
}

/** When a condition holds, in words, if it is a simple one. */
function conditionIn(schema: PlainSchema, hidden: ReadonlySet<string>): string {
  const { properties = {}, required = [], ...rest } = (typeof schema === 'boolean' ? {} : schema) as PlainObjectSchema
  const words = Object.entries(properties as Record<string, PlainObjectSchema>).map(([name, each]) => {
    const is = Object.hasOwn(each, 'const')
      ? literal(each.const)
      : Array.isArray(each.enum)
        ? oneOf(each.enum)
        : undefined
    return is === undefined || hidden.has(name) ? undefined : `${name} is ${is}`
  })
  const there = (required as readonly string[])
    .filter(name => !Object.hasOwn(properties as object, name))
    .map(name => (hidden.has(name) ? undefined : `there is ${name}`))
  const all = [...words, ...there]
  const told = all.length > 0 && !all.includes(undefined) && Object.keys(rest).every(name => name === 'type')
  return told ? all.join(' and ') : 'the condition of the schema holds'
}
