/** The rules of properties, besides their schemas: what is fixed, hidden, computed, or not stored. */
import { checkedCopy, copy } from '../../lib/value.js'
import { plainObject, refuse } from './plain.js'

/** Computes what is seen, from what is stored. Runs whenever an object is loaded, with `this` = the stored data. */
export type Getter = (this: object, stored: unknown) => unknown

/** Computes what is stored, from what was given and what was stored before. A throw becomes an issue. */
export type Setter = (this: object, value: unknown, old: unknown) => unknown

export interface Rules {
  /** Fills what a new object has not. */
  readonly defaults: ReadonlyMap<string, () => unknown>
  /** Set when the object is made; cannot be changed or removed afterwards. */
  readonly readonly: readonly string[]
  /** Never seen or written here; what is stored stays. */
  readonly blocked: readonly string[]
  /** Kept on the instance, never stored. */
  readonly transient: readonly string[]
  readonly getters: ReadonlyMap<string, Getter>
  readonly setters: ReadonlyMap<string, Setter>
  /** With a getter and no setter: what is assigned to them is not looked at. */
  readonly computed: readonly string[]
  /** Told to the store. */
  readonly index: readonly string[]
  readonly unique: readonly string[]
}

const flags = ['readonly', 'blocked', 'transient', 'index', 'unique'] as const
const functions = ['get', 'set'] as const

/** The names of the rules, which stand beside the keywords of a property's schema. */
export const ruleNames: ReadonlySet<string> = new Set([...flags, ...functions, 'default'])

/** A property's rules and its schema, which share one object in a definition. */
export function splitProperty(property: unknown, place: readonly string[]) {
  const rules: Record<string, unknown> = {}
  if (typeof property === 'function' || typeof property === 'boolean') return { rules, schema: property }
  const schema: Record<string, unknown> = {}
  for (const [name, content] of Object.entries(plainObject(property, place))) {
    if (content !== undefined) (ruleNames.has(name) ? rules : schema)[name] = content
  }
  return { rules, schema }
}

/** Reads the rules of all properties. A `TypeError` where one is not what it should be, or contradicts another. */
export function readRules(properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Rules {
  const entries = Object.entries(properties)
  for (const [name, rules] of entries) check(rules, ['properties', name])
  const having = (rule: string) => entries.filter(([, rules]) => rules[rule]).map(([name]) => name)
  const functionsOf = <F>(rule: string) => new Map(having(rule).map(name => [name, properties[name]?.[rule] as F]))
  const withDefault = entries.filter(([, rules]) => rules.default !== undefined)
  const getters = functionsOf<Getter>('get')
  const setters = functionsOf<Setter>('set')
  return {
    defaults: new Map(
      withDefault.map(([name, rules]) => [name, maker(rules.default, ['properties', name, 'default'])]),
    ),
    readonly: having('readonly'),
    blocked: having('blocked'),
    transient: having('transient'),
    getters,
    setters,
    computed: [...getters.keys()].filter(name => !setters.has(name)),
    index: having('index'),
    unique: having('unique'),
  }
}

function check(rules: Readonly<Record<string, unknown>>, place: readonly string[]): void {
  for (const flag of flags) {
    if (rules[flag] !== undefined && typeof rules[flag] !== 'boolean') refuse([...place, flag], 'must be true or false')
  }
  for (const name of functions) {
    if (rules[name] !== undefined && typeof rules[name] !== 'function') refuse([...place, name], 'must be a function')
  }
  const { transient, blocked, index, unique, get, set, default: fill } = rules
  if (transient && (index || unique || get || set)) refuse(place, 'what is not stored has no index, get or set')
  if (blocked && (transient || get || set || fill !== undefined)) {
    refuse(place, 'what is blocked has no get, set or default and is not transient')
  }
}

/** Makes a default anew for each object: no two share one. */
function maker(fill: unknown, place: readonly string[]): () => unknown {
  if (typeof fill === 'function') return () => fill()
  try {
    const { value } = checkedCopy({ value: fill })
    return () => copy(value)
  } catch (error) {
    return refuse(place, (error as Error).message)
  }
}
