/** Keywords about objects and their properties. */
import { pattern } from '../pattern.js'
import type { PlainObjectSchema, PlainSchema } from '../plain.js'
import { meant, wanted } from '../words.js'
import { type Check, isObject, type Keyword, type Path, type Tell, type Whole } from './check.js'

type Schemas = Readonly<Record<string, PlainSchema>>

/** Looks at some properties of an object, of whatever name. */
function each(value: unknown, tell: Tell | undefined, check: (name: string, value: unknown) => boolean): boolean {
  let sound = true
  for (const name of Object.keys(value as object)) {
    if (check(name, (value as Record<string, unknown>)[name])) continue
    if (!tell) return false
    sound = false
  }
  return sound
}

/** Those that are not named beside it. */
function others(keyword: string, content: PlainSchema, schema: PlainObjectSchema, whole: Whole): Check {
  const names = new Set(Object.keys((schema.properties as Schemas | undefined) ?? {}))
  const patterns = Object.keys((schema.patternProperties as Schemas | undefined) ?? {}).map(pattern)
  const check = whole.check(content)
  const allowed = content !== false
  return (value, path, tell, seen) => {
    if (!isObject(value)) return true
    return each(value, tell, (name, own) => {
      if (names.has(name) || patterns.some(each => each.test(name))) return true
      seen?.names.add(name)
      const place = { up: path, step: name }
      return allowed ? check(own, place, tell, undefined) : undeclared(keyword, place, name, schema, whole, tell)
    })
  }
}

function undeclared(
  keyword: string,
  path: Path,
  name: string,
  { properties = {} }: PlainObjectSchema,
  { hidden }: Whole,
  tell: Tell | undefined,
): false {
  const candidates = Object.keys(properties as object).filter(each => path?.up || !hidden.has(each))
  tell?.(path, { keyword, message: `is not declared${meant(name, candidates)}` })
  return false
}

export const objects: Readonly<Record<string, Keyword>> = {
  properties(content: Schemas, _, whole) {
    const entries = Object.entries(content).map(([name, each]) => [name, whole.check(each)] as const)
    return (value, path, tell, seen) => {
      if (!isObject(value)) return true
      let sound = true
      for (const [name, check] of entries) {
        if (!Object.hasOwn(value, name)) continue
        seen?.names.add(name)
        if (check(value[name], { up: path, step: name }, tell, undefined)) continue
        if (!tell) return false
        sound = false
      }
      return sound
    }
  },
  patternProperties(content: Schemas, _, whole) {
    const entries = Object.entries(content).map(([source, each]) => [pattern(source), whole.check(each)] as const)
    return (value, path, tell, seen) => {
      if (!isObject(value)) return true
      return each(value, tell, (name, own) => {
        const speaking = entries.filter(([expression]) => expression.test(name))
        if (speaking.length > 0) seen?.names.add(name)
        return speaking.filter(([, check]) => !check(own, { up: path, step: name }, tell, undefined)).length === 0
      })
    }
  },
  additionalProperties: (content: PlainSchema, schema, whole) => others('additionalProperties', content, schema, whole),
  unevaluatedProperties(content: PlainSchema, schema, whole) {
    const check = whole.check(content)
    return (value, path, tell, seen) => {
      if (!isObject(value)) return true
      return each(value, tell, (name, own) => {
        if (seen?.names.has(name)) return true
        seen?.names.add(name)
        const place = { up: path, step: name }
        if (content === false) return undeclared('unevaluatedProperties', place, name, schema, whole, tell)
        return check(own, place, tell, undefined)
      })
    }
  },
  propertyNames(content: PlainSchema, _, whole) {
    const check = whole.check(content)
    return (value, path, tell) => {
      if (!isObject(value)) return true
      return each(value, tell, name => {
        if (check(name, undefined, undefined, undefined)) return true
        const message = `may not be the name of a property: that must be ${wanted(content)}`
        tell?.({ up: path, step: name }, { keyword: 'propertyNames', message })
        return false
      })
    }
  },
  required: (names: readonly string[]) => (value, path, tell) =>
    !isObject(value) || has(value, names, 'required', '', path, tell),
  dependentRequired(content: Readonly<Record<string, readonly string[]>>, _, { hidden }) {
    return (value, path, tell) => {
      if (!isObject(value)) return true
      const demanding = Object.entries(content).filter(([name]) => Object.hasOwn(value, name))
      const kept = demanding.map(([name, names]) => {
        const where = path || !hidden.has(name) ? ` where there is ${name}` : ' here'
        return has(value, names, 'dependentRequired', where, path, tell)
      })
      return !kept.includes(false)
    }
  },
}

function has(
  value: object,
  names: readonly string[],
  keyword: string,
  where: string,
  path: Path,
  tell: Tell | undefined,
): boolean {
  const missing = names.filter(name => !Object.hasOwn(value, name))
  for (const name of missing) tell?.({ up: path, step: name }, { keyword, message: `is required${where}` })
  return missing.length === 0
}
