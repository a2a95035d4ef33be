/** From what is given to what is stored: copied, completed, checked as a whole, then put together by the rules. */
import type { Issue } from '../../lib/errors.js'
import type { Data } from '../../lib/store.js'
import { checkedCopy } from '../../lib/value.js'
import { validationError } from '../schema/issues.js'
import type { Rules } from '../schema/rules.js'
import type { ObjectSchema } from '../schema.js'
import { assemble, fixed, forbidden, needsCurrent, seenOf } from './carry.js'
import { define, Instance } from './instance.js'
import { own, put } from './view.js'

/** What a write is about. */
export interface Writing {
  /** For the error: the method, the model and the object. */
  readonly method: string
  readonly model: string
  readonly id?: string | number | undefined
  /** What is stored now, if that is known. */
  readonly current?: Data | undefined
  /** Is the object given as a whole, so that defaults complete it? */
  readonly complete: boolean
}

export interface Prepared {
  readonly stored: Data
  /** Properties that stay on the instance. */
  readonly kept: Data
}

/** Prepares writes of one model's objects. All that is wrong is one `ValidationError`; nothing is stored then. */
export type Prepare = (given: object, writing: Writing) => Prepared

export function preparer({ rules, validate }: ObjectSchema, methodNames: readonly string[]): Prepare {
  const ruled = needsCurrent(rules) || rules.transient.length > 0 || rules.computed.length > 0
  const simple: Prepare = (given, writing) => {
    const stored = take(given)
    if (writing.complete) fill(stored, nothing, rules)
    fail([...shadowed(stored, methodNames), ...validate(stored)], writing)
    return { stored, kept: nothing }
  }
  if (!ruled) return simple
  return (given, writing) => {
    const { current } = writing
    const { rest, kept } = setAside(given, rules.transient)
    const candidate = take(rest)
    const issues = [...shadowed(candidate, methodNames), ...forbidden(candidate, rules)]
    for (const name of rules.computed) delete candidate[name]
    const seen = current && seenOf(current, rules)
    if (seen) issues.push(...fixed(candidate, seen, rules))
    if (writing.complete) fill(candidate, kept, rules, seen)
    for (const name of rules.blocked) put(candidate, name, own(current, name))
    issues.push(...validate({ ...candidate, ...kept }))
    issues.push(...assemble(candidate, rules, issues, current, seen))
    fail(issues, writing)
    return { stored: rules.setters.size > 0 ? take(candidate) : candidate, kept }
  }
}

const nothing: Data = Object.freeze({})

/** An own copy, checked to be in the value domain. */
function take(given: object): Data {
  return checkedCopy((given instanceof Instance ? { ...given } : given) as Data)
}

/** Takes out what is not to be stored, and so need not be in the value domain. */
function setAside(given: object, transient: readonly string[]): { rest: object; kept: Data } {
  const kept: Data = {}
  const found = isTakable(given) ? transient.filter(name => Object.hasOwn(given, name)) : []
  if (found.length === 0) return { rest: given, kept }
  const rest: Data = { ...given }
  for (const name of found) {
    put(kept, name, rest[name])
    delete rest[name]
  }
  return { rest, kept }
}

/** What is neither an instance nor plain is left as it is, to be refused. */
export function isTakable(given: object): boolean {
  if (typeof given !== 'object' || given === null) return false
  const prototype = Object.getPrototypeOf(given)
  return given instanceof Instance || prototype === Object.prototype || prototype === null
}

/** The data of a new object, with its defaults. */
export function complete(given: object, rules: Rules): Data {
  const data: Data = { ...given }
  fill(data, data, rules)
  return data
}

/** Gives what is absent its default. What is fixed is not made anew. */
function fill(candidate: Data, kept: Data, { defaults, readonly, transient }: Rules, seen?: Data) {
  for (const [name, make] of defaults) {
    const stays = transient.includes(name)
    const target = stays ? kept : candidate
    if (own(target, name) !== undefined || (readonly.includes(name) && own(seen, name) !== undefined)) continue
    const value = make()
    if (value !== undefined) define(target, name, stays ? value : checkedCopy({ value }).value)
  }
}

/** A property may not stand before a method of the instances. */
function shadowed(candidate: Data, methodNames: readonly string[]): Issue[] {
  const names = methodNames.filter(name => Object.hasOwn(candidate, name))
  return names.map(name => ({ path: [name], keyword: 'propertyNames', message: 'is the name of a method' }))
}

function fail(issues: readonly Issue[], { method, model, id }: Writing): void {
  if (issues.length > 0) throw validationError(issues, model, method, id)
}
