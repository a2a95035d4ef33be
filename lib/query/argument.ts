/** What may stand in an argument, checked once, for parsed and hand-built trees alike. */
import { StoreError } from '../errors.js'
import { checkedCopy, describe } from '../value.js'
import type { Path } from './expression.js'
import { Glob } from './glob.js'
import type { Slot } from './table.js'

/** The argument as it stands in the tree: a copy, frozen where it can be; or a `DataError` that names the operator. */
export function checkArgument(name: string, slot: Slot, argument: unknown): unknown {
  switch (slot) {
    case 'path':
    case 'column':
      return checkPath(name, argument)
    case 'key':
      return argument === '' ? '+' : checkPath(name, argument)
    case 'list':
      return Array.isArray(argument) ? checkValue(name, argument) : Object.freeze([checkValue(name, argument)])
    case 'range':
      if (!Array.isArray(argument) || argument.length !== 2) return fail(name, 'takes a list of two values')
      return checkValue(name, argument)
    case 'pattern':
      return argument instanceof Glob ? argument : checkText(name, argument)
    case 'flag':
      if (typeof argument !== 'boolean') return fail(name, `takes true or false, not ${describe(argument)}`)
      return argument
    case 'count':
      if (argument === Infinity || (Number.isSafeInteger(argument) && (argument as number) >= 0)) return argument || 0
      return fail(name, `takes an integer from 0, or Infinity, not ${shown(argument)}`)
    case 'condition':
    case 'term':
      return fail(name, `takes conditions, not ${describe(argument)}`)
    default:
      return checkValue(name, argument)
  }
}

/** A property's name, or the names on the way to it; a path of one name is that name. */
function checkPath(name: string, argument: unknown): Path {
  if (!Array.isArray(argument)) return checkName(name, argument)
  if (argument.length === 0) return fail(name, 'has an empty path')
  if (argument.length === 1) return checkName(name, argument[0])
  return Object.freeze(argument.map(each => checkName(name, each)))
}

function checkName(name: string, argument: unknown): string {
  if (typeof argument !== 'string') return fail(name, `takes the name of a property, not ${describe(argument)}`)
  return checkText(name, argument)
}

function checkText(name: string, argument: unknown): string {
  if (typeof argument !== 'string') return fail(name, `takes text or a glob, not ${describe(argument)}`)
  return argument.isWellFormed() ? argument : fail(name, 'has text that is not well-formed Unicode')
}

function checkValue(name: string, argument: unknown): unknown {
  switch (typeof argument) {
    case 'string':
      return checkText(name, argument)
    case 'number':
      if (!Number.isFinite(argument)) return fail(name, `takes values, and ${argument} is not a finite number`)
      return argument || 0
    case 'undefined':
      return null
    case 'boolean':
    case 'bigint':
      return argument
    case 'object':
      return argument === null ? null : checkObject(name, argument)
    default:
      return fail(name, `takes values, not ${describe(argument)}`)
  }
}

function checkObject(name: string, argument: object): unknown {
  if (argument instanceof Glob) return fail(name, 'takes no glob; match does')
  if (Array.isArray(argument) && argument.every(isPrimitive)) {
    return Object.freeze(Array.from(argument, each => checkValue(name, each)))
  }
  try {
    return freeze(checkedCopy({ value: argument }).value)
  } catch (cause) {
    throw new StoreError('DataError', `${name}: ${(cause as Error).message}`, { cause })
  }
}

const isPrimitive = (value: unknown) => typeof value !== 'object' || value === null

function freeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  for (const each of Object.values(value)) freeze(each)
  return Object.freeze(value)
}

const shown = (value: unknown) => (typeof value === 'number' ? `${value}` : describe(value))

function fail(name: string, problem: string): never {
  throw new StoreError('DataError', `${name} ${problem}`)
}
