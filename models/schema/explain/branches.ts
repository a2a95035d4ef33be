/** `anyOf` and `oneOf`: of all the branches that a value does not fit, what is wrong is told of the nearest one. */
import type { Issue } from '../../../lib/errors.js'
import type { PlainObjectSchema, PlainSchema } from '../plain.js'
import { either, found, literal, meant } from '../words.js'
import { addSeen, type Check, isObject, nothingSeen, type Path, type Seen, type Tell, type Whole } from './check.js'

interface Told {
  readonly path: Path
  readonly issue: Omit<Issue, 'path'>
}

/** The issues of one branch, which are compared with those of others. */
const maxCompared = 20

export function branches(keyword: 'anyOf' | 'oneOf', content: readonly PlainSchema[], whole: Whole): Check {
  const checks = content.map(whole.check)
  return (value, path, tell, seen) => {
    const fitting: number[] = []
    for (const [branch, check] of checks.entries()) {
      const own: Seen | undefined = seen && nothingSeen()
      if (!check(value, undefined, undefined, own)) continue
      fitting.push(branch)
      addSeen(seen, own)
      // what the others have looked at counts too
      if (keyword === 'anyOf' && !seen) return true
      if (fitting.length > 1 && !tell && keyword === 'oneOf') return false
    }
    if (keyword === 'anyOf' ? fitting.length > 0 : fitting.length === 1) return true
    if (!tell) return false
    if (fitting.length > 1) {
      const numbers = fitting.slice(0, 5).map(branch => branch + 1)
      const message = `must fit only one of ${content.length} alternatives, but fits numbers ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`
      tell(path, { keyword, message, expected: 'exactly one alternative', found: `${fitting.length} that fit` })
    } else explain(keyword, content, checks, whole, value, path, tell)
    return false
  }
}

function explain(
  keyword: string,
  content: readonly PlainSchema[],
  checks: readonly Check[],
  whole: Whole,
  value: unknown,
  path: Path,
  tell: Tell,
): void {
  const picked = isObject(value) ? pick(content, whole, value, path) : undefined
  if (picked && 'issue' in picked) {
    tell(picked.path, picked.issue)
    return
  }
  if (picked) {
    checks[picked.branch]?.(value, path, tell, undefined)
    return
  }
  const told = checks.map(check => issuesOf(check, value, path))
  if (
    told.every(
      ([only, ...more]) => only && only.path === path && only.issue.expected !== undefined && more.length === 0,
    )
  ) {
    const expected = either(told.map(([only]) => only?.issue.expected as string))
    tell(path, { keyword, message: `must be ${expected}, not ${found(value)}`, expected, found: found(value) })
    return
  }
  const nearest = told.map((issues, branch) => ({ issues, branch })).sort((a, b) => nearer(a.issues, b.issues, path))[0]
  const { issues, branch } = nearest as NonNullable<typeof nearest>
  const { title } = (content[branch] === true || content[branch] === false ? {} : content[branch]) as PlainObjectSchema
  const name = title === undefined ? `number ${branch + 1}` : String(title)
  const message = `fits none of ${checks.length} alternatives; the nearest is ${name}, of which the rest is told`
  tell(path, { keyword, message, expected: `one of ${checks.length} alternatives` })
  for (const { path, issue } of issues) tell(path, issue)
}

/** By a property that each branch has another constant for: the branch that is meant, or what is wrong with the property. */
function pick(
  content: readonly PlainSchema[],
  whole: Whole,
  value: Readonly<Record<string, unknown>>,
  path: Path,
): { readonly branch: number } | Told | undefined {
  const [first, ...rest] = content.map(each => constantsOf(each, whole))
  if (!first || rest.length === 0) return undefined
  const name = [...first.keys()].find(
    each => (path !== undefined || !whole.hidden.has(each)) && rest.every(constants => constants?.has(each)),
  )
  if (name === undefined) return undefined
  const constants = [first, ...rest].map(each => each?.get(name) as readonly unknown[])
  const all = constants.flat()
  if (new Set(all).size < all.length) return undefined
  const place = { up: path, step: name }
  const expected = `one of ${either(all.map(each => literal(each) ?? 'another value'))}`
  if (!Object.hasOwn(value, name)) {
    return { path: place, issue: { keyword: 'required', message: `is required: ${expected}`, expected } }
  }
  const branch = constants.findIndex(each => each.includes(value[name]))
  if (branch >= 0) return { branch }
  const was = found(value[name])
  const message = `must be ${expected}, not ${was}${meant(value[name], all)}`
  return { path: place, issue: { keyword: 'enum', message, expected, found: was } }
}

/** The properties for which a branch has constants. */
function constantsOf(schema: PlainSchema, whole: Whole): Map<string, readonly unknown[]> | undefined {
  if (typeof schema === 'boolean') return undefined
  if (typeof schema.$ref === 'string' && Object.keys(schema).length === 1)
    return constantsOf(whole.resolve(schema.$ref), whole)
  const entries = Object.entries((schema.properties ?? {}) as Record<string, PlainSchema>).flatMap(([name, each]) => {
    if (typeof each === 'boolean') return []
    const values = Object.hasOwn(each, 'const') ? [each.const] : each.enum
    return Array.isArray(values) && values.every(value => literal(value) !== undefined) ? [[name, values] as const] : []
  })
  return new Map(entries)
}

function issuesOf(check: Check, value: unknown, path: Path): Told[] {
  const told: Told[] = []
  check(value, path, (path, issue) => told.length < maxCompared && told.push({ path, issue }), undefined)
  return told
}

/** Of what is wrong further inside more is right; then the fewest issues. */
function nearer(a: readonly Told[], b: readonly Told[], path: Path): number {
  const outside = (told: readonly Told[]) => told.filter(each => each.path === path).length
  return Math.sign(outside(a) - outside(b)) || a.length - b.length || depthOf(b) - depthOf(a)
}

function depthOf(told: readonly Told[]): number {
  let depth = 0
  for (let each = told[0]?.path; each; each = each.up) depth++
  return depth
}
