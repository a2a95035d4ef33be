/** Looks at an object schema by schema, and says what is wrong with it so that somebody can act on it. */
import type { Issue } from '../../lib/errors.js'
import { arrays } from './explain/arrays.js'
import { addSeen, type Check, type Keyword, nothingSeen, type Path, type Tell, type Whole } from './explain/check.js'
import { inPlace } from './explain/in-place.js'
import { objects } from './explain/objects.js'
import { single } from './explain/single.js'
import { spend, TooMuchWork } from './limits.js'
import type { PlainObjectSchema, PlainSchema } from './plain.js'
import { at } from './references.js'

/** The most issues that one error tells of. */
export const maxIssues = 20

export interface Explainer {
  readonly accepts: (object: unknown) => boolean
  /** What is wrong with an object, in the order of the schema: at least one issue, as it is not valid. */
  issues(object: unknown): Issue[]
}

const keywords: Readonly<Record<string, Keyword>> = { ...single, ...objects, ...arrays, ...inPlace }
const last = new Set(['unevaluatedItems', 'unevaluatedProperties'])

class Enough extends Error {}

/** Makes it of a checked schema. Of hidden properties no more is told than that they are wrong. */
export function explainer(schema: PlainObjectSchema, hidden: readonly string[]): Explainer {
  const root = { ...schema, type: 'object' }
  const made = new WeakMap<object, Check>()
  const whole: Whole = {
    hidden: new Set(hidden),
    resolve: reference => at(root, decodeURIComponent(reference.slice(1))) as PlainSchema,
    check(schema) {
      if (typeof schema === 'boolean') return schema ? always : never
      const check = made.get(schema) ?? checkOf(schema, whole)
      made.set(schema, check)
      return check
    },
  }
  // made when it is first needed
  const check: Check = (...given) => whole.check(root)(...given)

  return {
    accepts: object => check(object, undefined, undefined, undefined),
    issues(object) {
      const issues: Issue[] = []
      const tell: Tell = (path, issue) => {
        const told = toldOf(path, issue, whole.hidden)
        if (issues.some(each => each.message === told.message && sameSteps(each.path, told.path))) return
        if (issues.push(told) >= maxIssues) throw new Enough()
      }
      try {
        check(object, undefined, tell, undefined)
      } catch (error) {
        if (!(error instanceof Enough || error instanceof TooMuchWork)) throw error
      }
      if (issues.length === 0)
        return [{ path: [], keyword: 'work', message: 'is not valid, and it takes too long to say why' }]
      return inOrder(issues, root)
    },
  }
}

const always: Check = () => true
const never: Check = (_, path, tell) => {
  tell?.(path, { keyword: 'false schema', message: 'is not allowed' })
  return false
}

function checkOf(schema: PlainObjectSchema, whole: Whole): Check {
  const names = Object.keys(schema).filter(name => Object.hasOwn(keywords, name))
  const checkOfKeyword = (name: string) => (keywords[name] as Keyword)(schema[name] as never, schema, whole)
  const type = 'type' in schema ? checkOfKeyword('type') : always
  const late = names.filter(name => last.has(name))
  const checks = [...names.filter(name => name !== 'type' && !last.has(name)), ...late].map(checkOfKeyword)
  return (value, path, tell, around) => {
    spend(2 + checks.length)
    if (!type(value, path, tell, undefined)) return false
    const seen = late.length > 0 ? nothingSeen() : around
    let sound = true
    for (const check of checks) {
      if (check(value, path, tell, seen)) continue
      if (!tell) return false
      sound = false
    }
    if (seen !== around && sound) addSeen(around, seen)
    return sound
  }
}

function toldOf(path: Path, issue: Omit<Issue, 'path'>, hidden: ReadonlySet<string>): Issue {
  const steps: (string | number)[] = []
  for (let each = path; each; each = each.up) steps.unshift(short(each.step))
  const [first] = steps
  if (typeof first !== 'string' || !hidden.has(first)) return { path: steps, ...issue }
  return { path: [first], keyword: issue.keyword, message: 'is not valid, and cannot be seen here' }
}

const short = (step: string | number) => (typeof step === 'string' ? step.slice(0, 100) : step)

const sameSteps = (a: readonly unknown[], b: readonly unknown[]) =>
  a.length === b.length && a.every((step, index) => step === b[index])

/** As the schema names the properties. */
function inOrder(issues: readonly Issue[], root: PlainObjectSchema): Issue[] {
  const ranked = issues.map(issue => ({ issue, rank: rankOf(issue.path, root) }))
  return ranked.sort((a, b) => compare(a.rank, b.rank)).map(({ issue }) => issue)
}

function rankOf(path: Issue['path'], root: PlainObjectSchema): number[] {
  let schema: unknown = root
  return path.map(step => {
    const { properties = {}, items } = (schema ?? {}) as { properties?: object; items?: unknown }
    if (typeof step === 'number') schema = items
    else schema = Object.hasOwn(properties, step) ? properties[step as never] : undefined
    const place = typeof step === 'number' ? step : Object.keys(properties).indexOf(step)
    return place < 0 ? Infinity : place
  })
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((place, index) => place !== b[index])
  if (at < 0) return a.length - b.length
  return b[at] === undefined ? 1 : (a[at] as number) < (b[at] as number) ? -1 : 1
}
