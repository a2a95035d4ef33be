/** Rules made ready: checked, and put so that they are quickly asked. */
import type { Expression } from '../../lib/query/expression.js'
import { Glob } from '../../lib/query/glob.js'
import { match } from '../../lib/query/match.js'
import { type Plan, plan } from '../../lib/query/plan.js'
import { operators as allOperators } from '../../lib/query/table.js'
import type { Data, MaybePromise } from '../../lib/store.js'
import { copy } from '../../lib/value.js'
import { isPromise } from '../../lib/when.js'
import type { Getter, Setter } from '../schema/rules.js'
import { type ObjectSchema, schema } from '../schema.js'
import type { Authority } from './authority.js'
import { checkedAfter, checkRealm } from './realm.js'
import type { PropertyRule, Rules } from './rules.js'
import { take } from './take.js'

/** What is always open where it is not closed. */
export interface Defaults {
  readonly blind: boolean
  readonly open: 'reading' | 'everything'
  /** That of the facet underneath: where each object is looked at, nothing else says there what may be asked. */
  readonly underneath: Policy | undefined
}

export interface Policy {
  /** The condition on the objects that there are. */
  readonly where: Expression | undefined
  /** What that says of properties by equality: an object that is put has it. */
  readonly fixed: ReadonlyMap<string, unknown>
  /** Are there objects that are not seen? */
  readonly partial: boolean
  /** Is none ever seen, as in a drop box? */
  readonly blind: boolean
  /** Must every object be looked at by a function, to know whether it is seen? */
  readonly gated: boolean
  /** Is this whole object there? */
  permits(object: Data): MaybePromise<boolean>
  readable(name: string): boolean
  writable(name: string): boolean
  /** Are there properties, declared or not, that are not seen? */
  readonly hides: boolean
  readonly getters: ReadonlyMap<string, Getter>
  readonly setters: ReadonlyMap<string, Setter>
  readonly defaults: ReadonlyMap<string, () => unknown>
  readonly readonly: ReadonlySet<string>
  readonly transient: ReadonlySet<string>
  /** What of the rules is schema, compiled when it is first used. */
  readonly validate: ObjectSchema['validate'] | undefined
  readonly operators: ReadonlySet<string>
  /** By which properties one may ask; undefined for all. */
  readonly indexed: ReadonlySet<string> | undefined
  readonly maxLimit: number
  readonly maxCost: number
  readonly max: number
  readonly actor: string | undefined
  /** What may be done with what the links lead to. */
  readonly links: ReadonlyMap<string, Pick<Authority, 'below'>>
  reveals(name: string): boolean
  readonly revealed: readonly string[]
  /** The properties for which there are rules. */
  readonly mentioned: ReadonlySet<string>
  /** Are properties seen that no rule mentions? */
  readonly open: boolean
}

/** What a facet needs to know of the model at the bottom. */
export interface Ground {
  readonly schema: ObjectSchema
  readonly idProperty: string
  /** May the objects have a property of this name? */
  declares(name: string): boolean
  /** May they have properties that are not declared? */
  readonly undeclared: boolean
}

export function policyOf(
  rules: Rules,
  { schema: ground, idProperty }: Ground,
  { open, blind, links, underneath }: Defaults & Pick<Policy, 'links'>,
): Policy {
  const all = open === 'everything'
  const { properties = {}, additionalProperties = true, parameters, allowed, context, reveals = [] } = rules
  const condition = rules.where === undefined ? undefined : conditionOf(rules.where, parameters)
  const listed = new Map(Object.entries(properties) as [string, PropertyRule][])
  const of = (name: string) => listed.get(name)
  const unlisted = (name: string) => additionalProperties || name === idProperty
  const readable = (name: string) => {
    const rule = of(name)
    return rule ? !rule.blocked && rule.readable !== false : unlisted(name)
  }
  const writable = (name: string) => {
    const rule = of(name)
    return rule ? !rule.blocked && rule.writable !== false && !(rule.get && !rule.set) : unlisted(name)
  }
  const entries = [...listed]
  const having = (rule: keyof PropertyRule) => entries.filter(([, each]) => each[rule]).map(([name]) => name)
  const functions = <F>(rule: 'get' | 'set') =>
    new Map(having(rule).map(name => [name, valued(of(name)?.[rule] as never) as F]))
  const tests = condition && testOf(condition)
  const gate = allowed && checkedAfter((object: Data) => allowed.call(rules, context, object))
  const filled = rules.properties ? ready(rules.properties) : undefined
  return {
    where: condition,
    fixed: new Map(condition ? equalities(condition) : []),
    partial: condition !== undefined || allowed !== undefined || blind,
    blind,
    gated: gate !== undefined,
    permits(object) {
      if (tests && !tests(object)) return false
      if (!gate) return true
      const given = gate(copy(object))
      return isPromise(given) ? saysYes(given) : given === true
    },
    readable,
    writable,
    hides: !additionalProperties || [...listed.keys()].some(name => !readable(name)),
    getters: functions<Getter>('get'),
    setters: functions<Setter>('set'),
    defaults: new Map([...(filled?.rules.defaults ?? [])].map(([name, make]) => [name, valued(make)])),
    readonly: new Set([...having('readonly'), ...ground.rules.readonly]),
    transient: new Set(having('transient')),
    validate: filled?.validate,
    operators: both(
      rules.operators ? new Set<string>(rules.operators) : operatorsFor(all, links.size > 0),
      underneath?.operators,
    ),
    indexed: rules.indexed ? new Set([idProperty, ...ground.rules.index, ...ground.rules.unique]) : underneath?.indexed,
    maxLimit: Math.min(rules.maxLimit ?? (all ? Infinity : 50), underneath?.maxLimit ?? Infinity),
    maxCost: Math.min(rules.maxCost ?? (all ? Infinity : 100), underneath?.maxCost ?? Infinity),
    max: rules.max ?? Infinity,
    actor: rules.actor,
    links,
    reveals: name => reveals.includes(name),
    revealed: reveals,
    mentioned: new Set(listed.keys()),
    open: additionalProperties,
  }
}

/** A function that gives a value, which must not change any more. */
function valued<A extends unknown[]>(call: (this: unknown, ...args: A) => unknown) {
  const checked = checkedAfter(call)
  return function (this: unknown, ...args: A): unknown {
    const value = Reflect.apply(checked, this, args)
    return typeof value === 'object' && value !== null ? take(value) : value
  }
}

async function saysYes(given: Promise<boolean>): Promise<boolean> {
  const yes = await given
  checkRealm()
  return yes === true
}

const both = (these: ReadonlySet<string>, those = these): ReadonlySet<string> =>
  these === those ? these : new Set([...these].filter(each => those.has(each)))

/** By default; what leads to others needs links, and what reads more than it gives must be opened. */
const operatorsFor = (all: boolean, links: boolean): ReadonlySet<string> =>
  (links ? linking : plain)[all ? 'all' : 'cheap']
const linking = operatorSets([])
const plain = operatorSets(['rel'])

function operatorSets(without: readonly string[]) {
  const all = [...allOperators.keys()].filter(name => !without.includes(name))
  return { all: new Set(all), cheap: new Set(all.filter(name => name !== 'recurse' && name !== 'aggregate')) }
}

function conditionOf(where: NonNullable<Rules['where']>, parameters: Rules['parameters']): Expression {
  const { condition, stages } = planOf(where, parameters)
  if (stages.length > 0) throw new TypeError(`where is a condition, and ${stages[0]?.name} is none`)
  if (!condition) throw new TypeError('where says nothing: leave it out, if all objects are there')
  return condition
}

function planOf(where: NonNullable<Rules['where']>, parameters: Rules['parameters']): Plan {
  try {
    return plan(where, { parameters })
  } catch (cause) {
    throw new TypeError(`where: ${(cause as Error).message}`, { cause })
  }
}

function testOf(condition: Expression): (object: Data) => boolean {
  try {
    return match(condition)
  } catch (cause) {
    throw new TypeError(`where: ${(cause as Error).message}`, { cause })
  }
}

function equalities({ name, args }: Expression): [string, unknown][] {
  if (name === 'and') return (args as Expression[]).flatMap(equalities)
  const [path, value] = args
  const fills = value !== null && !(value instanceof Glob)
  return name === 'eq' && args.length === 2 && typeof path === 'string' && fills ? [[path, value]] : []
}

/** The schema in the rules of properties. The same rules are made ready once, so keep them where they are written. */
const known = new WeakMap<object, ObjectSchema>()

function ready(properties: object): ObjectSchema | undefined {
  const found = known.get(properties)
  if (found) return found
  const entries = Object.entries(properties as { readonly [name: string]: PropertyRule }).map(
    ([name, { readable, writable, get, set, blocked, readonly, transient, ...schema }]) => [name, schema] as const,
  )
  const said = entries.filter(([, schema]) => Object.keys(schema).length > 0)
  if (said.length === 0) return undefined
  const made = compiled(Object.fromEntries(said))
  known.set(properties, made)
  return made
}

function compiled(properties: object): ObjectSchema {
  try {
    return schema({ properties })
  } catch (cause) {
    throw new TypeError((cause as Error).message.replace(/^definition\./, ''), { cause })
  }
}
