/** An object on its way into a store: the model's own copy, apart from what stays on the instance. */
import type { Data } from '../../lib/store.js'
import { checkedCopy } from '../../lib/value.js'
import type { Rules } from '../schema/rules.js'
import { define, Instance } from './instance.js'
import { own, put } from './view.js'

export interface Draft {
  /** To be stored. */
  readonly data: Data
  /** Properties that stay on the instance. They need not be in the value domain. */
  readonly kept: Data
}

/** Copies an object, and takes it apart. What is computed is left out. */
export function divide(given: object, { transient, computed }: Rules): Draft {
  const kept: Data = {}
  const found = isTakable(given) ? transient.filter(name => Object.hasOwn(given, name)) : []
  const rest: Data = found.length > 0 ? { ...given } : (given as Data)
  for (const name of found) {
    put(kept, name, rest[name])
    delete rest[name]
  }
  const data = take(rest)
  for (const name of computed) delete data[name]
  return { data, kept }
}

/** An own copy, checked to be in the value domain. */
export function take(given: object): Data {
  return checkedCopy((given instanceof Instance ? { ...given } : given) as Data)
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
export function fill(data: Data, kept: Data, { defaults, readonly, transient }: Rules, seen?: Data): void {
  for (const [name, make] of defaults) {
    const stays = transient.includes(name)
    const target = stays ? kept : data
    if (own(target, name) !== undefined || (readonly.includes(name) && own(seen, name) !== undefined)) continue
    const value = make()
    if (value !== undefined) define(target, name, stays ? value : checkedCopy({ value }).value)
  }
}
