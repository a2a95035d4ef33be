/** Ids: strings or safe integers, only ever names. An integer and its decimal string name the same object. */
import { StoreError } from './errors.js'
import { compareStrings } from './order.js'
import type { Id } from './store.js'
import { describe } from './value.js'

/** The most bytes of UTF-8 that an id may have. */
export const maxIdBytes = 1024

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u001f\u007f]/
const integer = /^(?:0|-?[1-9]\d{0,15})$/

/** The one key of an id: a number where the id is a safe integer or its decimal string, else the string. */
export function toKey(id: Id): Id {
  if (typeof id !== 'string') return id
  const first = id.charCodeAt(0)
  if (first > 57 || first < 45 || !integer.test(id)) return id
  const number = Number(id)
  return Number.isSafeInteger(number) ? number : id
}

/** The id itself, `-0` as `0`, if it is one; else a `TypeError`, or a `DataError` that says what is wrong. */
export function checkId<K extends Id>(id: K): K {
  if (typeof id === 'number') {
    if (!Number.isSafeInteger(id)) throw new StoreError('DataError', `the id ${id} is not a safe integer`)
    return (id === 0 ? 0 : id) as K
  }
  if (typeof id !== 'string') throw new TypeError(`an id is a string or an integer, not ${describe(id)}`)
  const problem = problemOf(id)
  if (problem !== undefined) throw new StoreError('DataError', `the id ${JSON.stringify(id.slice(0, 64))} ${problem}`)
  return id
}

function problemOf(id: string): string | undefined {
  if (id === '') return 'is empty'
  if (id.length > maxIdBytes || (id.length > maxIdBytes / 3 && bytes(id) > maxIdBytes))
    return `is longer than ${maxIdBytes} bytes`
  if (control.test(id)) return 'has a control character'
  return id.isWellFormed() ? undefined : 'is not well-formed Unicode'
}

const bytes = (text: string) => new TextEncoder().encode(text).length

/** The order of keys: integers by value, then strings by code point. */
export function compareKeys(a: Id, b: Id): number {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1
  return typeof b === 'number' ? 1 : compareStrings(a, b)
}

/** Do two ids name the same object? */
export function sameId(a: Id, b: Id): boolean {
  return a === b || toKey(a) === toKey(b)
}
