/** Rules that are not what they should be are refused when a facet is made: no mistake in them may open anything. */
import { type Expression, isExpression, isTree, type Path } from '../../lib/query/expression.js'
import { operatorOf, operators, slotAt } from '../../lib/query/table.js'
import { describe } from '../../lib/value.js'
import { ruleNames } from '../schema/rules.js'
import type { Authority } from './authority.js'
import { isBulk, isStoreMethod, needs, type Opening, storeMethods } from './opening.js'
import type { Ground, Policy } from './policy.js'
import type { Rules } from './rules.js'
import { vet } from './vet.js'

type Kind = readonly [(content: unknown) => boolean, string]

/** Of another, such as a Map, what it says would not be found, and what it should close would be open. */
const isPlain = (content: unknown) => {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return false
  const prototype = Object.getPrototypeOf(content)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
const isNames = (content: unknown) => Array.isArray(content) && content.every(each => typeof each === 'string')

const anything: Kind = [() => true, '']
const object: Kind = [isPlain, 'a plain object']
const names: Kind = [isNames, 'a list of names']
const methods: Kind = [content => isNames(content) || isPlain(content), 'a list of names, or a plain object']
const flag: Kind = [content => typeof content === 'boolean', 'true or false']
const call: Kind = [content => typeof content === 'function', 'a function']
const number: Kind = [content => typeof content === 'number' && content >= 0, 'a number from 0 on']

const kinds: Readonly<Record<keyof Rules, Kind>> = {
  methods,
  prototype: methods,
  where: [
    content => typeof content === 'string' || isTree(content),
    "a query: text such as 'tenant=$1', or an expression",
  ],
  parameters: [
    content => Array.isArray(content) && !content.includes(undefined),
    'the list of the values of $1, $2, …, none of them undefined',
  ],
  properties: object,
  additionalProperties: flag,
  links: object,
  context: anything,
  allowed: call,
  reveals: names,
  actor: [content => typeof content === 'string', 'a string'],
  now: call,
  operators: names,
  indexed: flag,
  maxLimit: number,
  maxCost: number,
  max: number,
  rate: [isRate, '{ max, ttl }: so many calls in so many milliseconds'],
  expires: [content => typeof content === 'number' || content instanceof Date, 'a Date, or milliseconds since 1970'],
}

/** Is each rule what it should be, and there is none that nobody knows? */
export function checkShape(rules: unknown): asserts rules is Rules {
  if (!isPlain(rules)) throw new TypeError(`rules are a plain object, not ${describe(rules)}`)
  for (const [name, content] of Object.entries(rules as object)) {
    if (!Object.hasOwn(kinds, name)) {
      throw new TypeError(`there is no rule ${name}: the rules are ${Object.keys(kinds).join(', ')}`)
    }
    if (content === undefined) throw new TypeError(`${name} is undefined: leave the rule out, or say what it is`)
    const [fits, expected] = kinds[name as keyof Rules]
    if (!fits(content)) throw new TypeError(`${name} must be ${expected}, not ${described(content)}`)
  }
  const { properties = {}, expires, where, parameters } = rules as Rules
  for (const [name, rule] of Object.entries(properties)) checkProperty(name, rule)
  if (Number.isNaN(Number(expires ?? 0))) throw new TypeError('expires is no valid Date')
  if (parameters !== undefined && where === undefined)
    throw new TypeError('parameters are those of where, and there is none')
}

function isRate(content: unknown): boolean {
  const { max, ttl } = Object(content) as { max: unknown; ttl: unknown }
  return typeof max === 'number' && max >= 0 && typeof ttl === 'number' && ttl > 0
}

const flags = ['readable', 'writable', 'readonly', 'blocked', 'transient'] as const

function checkProperty(name: string, rule: unknown): void {
  const place = `properties.${name}`
  if (!isPlain(rule)) {
    throw new TypeError(`${place} must be a plain object, such as { blocked: true }, not ${described(rule)}`)
  }
  for (const [key, content] of Object.entries(rule as object)) {
    if (content === undefined) throw new TypeError(`${place}.${key} is undefined: leave it out, or say what it is`)
    if (key === 'index' || key === 'unique') throw new TypeError(`${place}.${key}: that is for the model to say`)
    const [fits, expected] = flags.includes(key as never)
      ? flag
      : ruleNames.has(key) && key !== 'default'
        ? call
        : anything
    if (!fits(content)) throw new TypeError(`${place}.${key} must be ${expected}, not ${described(content)}`)
  }
}

const described = (content: unknown) => (typeof content === 'string' ? JSON.stringify(content) : describe(content))

/** A name that nobody has is a mistake: who wrote it wanted something opened, or closed, that is not. */
export function checkMethods(methods: Opening, inner: Authority): void {
  const known = [...storeMethods, ...inner.names('static')]
  const has = (name: string) => methods.open(name) && inner.has(name)
  for (const [name, open] of methods.said) {
    checkKnown('methods', name, known)
    if (!open) continue
    const closed = needs[name]?.find(each => !has(each))
    if (closed) throw new TypeError(`methods.${name} cannot be opened: it needs ${closed}, which is not open`)
    const there = isBulk(name) ? inner.has('transaction') || inner.has(name) : needs[name] || inner.has(name)
    if (!there && isStoreMethod(name)) {
      const lacking = isBulk(name) ? 'transaction' : name
      throw new TypeError(`methods.${name} cannot be opened: what the facet is made over has no ${lacking}`)
    }
  }
}

const instanceMethods: Readonly<Record<string, string>> = { save: 'put', load: 'get', delete: 'delete' }

/** The same for the methods of the instances. */
export function checkPrototype({ said, functions }: Opening, inner: Authority): void {
  for (const name of [...said.keys(), ...functions.keys()]) {
    const method = instanceMethods[name]
    if (method) throw new TypeError(`prototype.${name}: objects have it where methods.${method} is open`)
  }
  for (const name of said.keys()) checkKnown('prototype', name, inner.names('prototype'))
}

function checkKnown(place: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return
  const hint = known.length > 0 ? `there are ${known.join(', ')}` : 'there are none'
  throw new TypeError(`${place}: there is no method ${name} to open or close; ${hint}`)
}

/** Refuses rules about what there is not, or that would let be learnt what they hide. */
export function checkRules(
  rules: Rules,
  policy: Policy,
  { schema: ground, idProperty, declares }: Ground,
  writes: boolean,
): void {
  for (const name of rules.operators ?? []) {
    if (!operators.has(name)) throw new TypeError(`operators: there is no operator ${name}`)
    if (name === 'rel' && policy.links.size === 0)
      throw new TypeError('operators: rel needs links that can be followed')
  }
  if (!policy.readable(idProperty) || policy.getters.has(idProperty) || policy.setters.has(idProperty)) {
    throw new TypeError(`properties.${idProperty}: the id is always seen, as it is`)
  }
  for (const [name, rule] of Object.entries(rules.properties ?? {}) as [string, { get?: unknown }][]) {
    if (rule.get === undefined) checkDeclared(name, `properties.${name}`, declares)
  }
  const { unique, getters, blocked } = ground.rules
  for (const name of policy.where ? namesIn(policy.where) : []) {
    checkDeclared(name, 'where', declares)
    // questions go by what is stored, of which an object of the model does not tell
    if (getters.has(name) || blocked.includes(name)) {
      throw new TypeError(
        `where: the model ${getters.has(name) ? 'computes' : 'blocks'} ${name}, so no object tells what is stored there`,
      )
    }
  }
  for (const name of rules.reveals ?? []) {
    if (name !== 'sequence' && name !== idProperty && !unique.includes(name)) {
      const those = [...new Set([idProperty, ...unique, 'sequence'])].join(', ')
      throw new TypeError(`reveals: ${name} shows nothing by failure; what does is ${those}`)
    }
  }
  const telling = unique.find(
    name => writes && policy.writable(name) && (policy.partial || !policy.readable(name)) && !policy.reveals(name),
  )
  if (telling !== undefined) {
    const hint = `properties: { ${telling}: { writable: false } }, or reveals: ['${telling}'] if that may be`
    throw new TypeError(
      `who writes ${telling}, which is unique, can learn which values hidden objects have: say ${hint}`,
    )
  }
}

/** Over a facet: a condition is asked of that, and there it may be refused as any other; and nobody writes in another's name. */
export function checkOver({ where, actor }: Policy, underneath: readonly Policy[]): void {
  if (actor !== undefined && underneath.length > 0)
    throw new TypeError('actor: who writes is for the rules of the facet over the model to say')
  for (const policy of where ? underneath : []) {
    try {
      vet(where as Expression, policy)
    } catch (cause) {
      throw new TypeError(`where cannot be asked of the facet underneath: ${(cause as Error).message}`, { cause })
    }
  }
}

function checkDeclared(name: string, place: string, declares: Ground['declares']): void {
  if (declares(name)) return
  throw new TypeError(`${place}: the model declares no property ${name}; is it spelt otherwise?`)
}

/** The properties by which a condition asks. */
function* namesIn({ name, args }: Expression): Generator<string> {
  const operator = operatorOf(name)
  for (const [position, argument] of args.entries()) {
    const slot = slotAt(operator, position, args.length)
    if (isExpression(argument)) {
      if (slot !== 'item') yield* namesIn(argument)
    } else if (slot === 'path' && name !== 'rel') yield String([argument as Path].flat()[0])
  }
}
