/** From what is given to what is stored: copied, completed, checked as a whole, then put together by the rules. */
import type { Issue } from '../../lib/errors.js'
import type { Data, MaybePromise } from '../../lib/store.js'
import { copy } from '../../lib/value.js'
import { when } from '../../lib/when.js'
import { validationError } from '../schema/issues.js'
import type { Check } from '../schema/standard.js'
import type { ObjectSchema } from '../schema.js'
import type { Class } from './access.js'
import { assemble, fixed, forbidden, needsCurrent, seenOf } from './carry.js'
import type { Coerce } from './coerce.js'
import { type Draft, divide, fill, take } from './draft.js'
import type { Hooks } from './hooks.js'
import { own, put } from './view.js'

/** What a write is about. */
export interface Writing {
  readonly method: string
  /** The class of the instance. */
  readonly model: Class
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
  readonly writing: Writing
}

/** Prepares writes of one model's objects. All that is wrong is one `ValidationError`; nothing is stored then. */
export type Prepare = (given: object, writing: Writing) => MaybePromise<Prepared>

/** The completed data of an object that is not to be stored, and what is wrong with it. */
export type Examine = (given: object) => MaybePromise<{ readonly data: Data; readonly issues: readonly Issue[] }>

/** What a definition does to an object besides checking it against the schema. */
export interface Treatment {
  readonly coerce?: Coerce | undefined
  /** A Standard Schema. */
  readonly check?: Check | undefined
  readonly beforeSave?: Hooks['beforeSave'] | undefined
}

export function preparer(
  { rules, validate }: ObjectSchema,
  methodNames: readonly string[],
  { coerce, check, beforeSave }: Treatment,
): { readonly prepare: Prepare; readonly examine: Examine } {
  const simple = !(needsCurrent(rules) || rules.transient.length > 0 || coerce || check || beforeSave)

  function prepareSimple(given: object, writing: Writing): Prepared {
    const stored = take(given)
    if (writing.complete && rules.defaults.size > 0) fill(stored, nothing, rules)
    const hiding = shadowed(stored, methodNames)
    const found = validate(stored)
    if (hiding.length + found.length > 0) throw failure([...hiding, ...found], writing)
    return { stored, kept: nothing, writing }
  }

  /** An own copy, converted and completed. */
  function draft(given: object, complete: boolean, seen?: Data): Draft {
    const { data, kept } = divide(given, rules)
    const begun = coerce ? { data: coerce(data), kept: coerce(kept) } : { data, kept }
    if (complete) fill(begun.data, begun.kept, rules, seen)
    return begun
  }

  function hooked(begun: Draft, method: string, seen: Data | undefined): MaybePromise<Draft> {
    if (!beforeSave) return begun
    const object = { ...begun.data, ...begun.kept }
    return when(beforeSave(object, { previous: seen && copy(seen), method }), made => divide(made ?? object, rules))
  }

  /** What the Standard Schema makes of it; as it is, if there is none. */
  function checked(begun: Draft): MaybePromise<Draft & { readonly issues: readonly Issue[] }> {
    if (!check) return { ...begun, issues: none }
    return when(check({ ...begun.data, ...begun.kept }), ({ value, issues }) =>
      value ? { ...divide(value, rules), issues } : { ...begun, issues },
    )
  }

  /** What the rules and the schema say is wrong. */
  function judged({ data, kept }: Draft, current: Data | undefined, seen: Data | undefined): Issue[] {
    const issues = [...shadowed(data, methodNames), ...forbidden(data, rules)]
    if (seen) issues.push(...fixed(data, seen, rules))
    for (const name of rules.blocked) put(data, name, own(current, name))
    issues.push(...validate({ ...data, ...kept }))
    return issues
  }

  function finished(begun: Draft, writing: Writing, seen: Data | undefined): MaybePromise<Prepared> {
    return when(checked(begun), ({ data, kept, issues: found }) => {
      const { current } = writing
      const issues = found.length > 0 ? [...found] : judged({ data, kept }, current, seen)
      issues.push(...assemble(data, rules, issues, current, seen))
      if (issues.length > 0) throw failure(issues, writing)
      return { stored: rules.setters.size > 0 ? take(data) : data, kept, writing }
    })
  }

  function prepare(given: object, writing: Writing): MaybePromise<Prepared> {
    const seen = writing.current && seenOf(writing.current, rules)
    const begun = draft(given, writing.complete, seen)
    return when(hooked(begun, writing.method, seen), made => finished(made, writing, seen))
  }

  return {
    prepare: simple ? prepareSimple : prepare,
    examine: given =>
      when(checked(draft(given, true)), ({ data, kept, issues }) => ({
        data: { ...data, ...kept },
        issues: issues.length > 0 ? issues : judged({ data, kept }, undefined, undefined),
      })),
  }
}

const none: readonly never[] = []
const nothing: Data = Object.freeze({})

/** A property may not stand before a method of the instances. */
function shadowed(data: Data, methodNames: readonly string[]): readonly Issue[] {
  // almost always there is none, and this is asked of every object
  if (!methodNames.some(name => name in data)) return none
  const names = methodNames.filter(name => Object.hasOwn(data, name))
  return names.map(name => ({ path: [name], keyword: 'propertyNames', message: 'is the name of a method' }))
}

function failure(issues: readonly Issue[], { method, model, id }: Writing): Error {
  return validationError(issues, model.name, method, id)
}
