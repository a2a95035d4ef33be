/** The operations of a JSON Patch (RFC 6902), read from what was given. */
import { StoreError } from '../../../lib/errors.js'
import type { Data } from '../../../lib/store.js'

export interface Operation {
  readonly op: (typeof names)[number]
  /** The names in the JSON Pointers (RFC 6901). */
  readonly path: readonly string[]
  /** Empty, where the operation has none. */
  readonly from: readonly string[]
  readonly value: unknown
  /** For messages. */
  readonly shown: string
}

const names = ['add', 'remove', 'replace', 'move', 'copy', 'test'] as const
const withValue: readonly unknown[] = ['add', 'replace', 'test']
const withFrom: readonly unknown[] = ['move', 'copy']

/** Checks one operation. Members that it does not need are not looked at. */
export function operationIn(given: unknown, position: number): Operation {
  const shown = `operation ${position} of the patch`
  const member = (name: string) =>
    typeof given === 'object' && given !== null && Object.hasOwn(given, name) ? (given as Data)[name] : undefined
  const op = member('op')
  const known = names.find(name => name === op)
  if (!known) throw new StoreError('DataError', `${shown}: op must be one of ${names.join(', ')}`)
  const path = pointer(member('path'), `${shown} (${known})`, 'path')
  const value = member('value')
  if (value === undefined && withValue.includes(known)) {
    throw new StoreError('DataError', `${shown} (${known}): needs a value`)
  }
  const from = withFrom.includes(known) ? pointer(member('from'), `${shown} (${known})`, 'from') : []
  return { op: known, path, from, value, shown: `${shown} (${known} ${JSON.stringify(short(member('path')))})` }
}

/** Throws the error of an operation that cannot be done. */
export function nowhere({ shown }: Operation, reason = 'leads nowhere'): never {
  throw new StoreError('DataError', `${shown}: ${reason}`)
}

function pointer(text: unknown, shown: string, member: string): readonly string[] {
  if (typeof text !== 'string' || !/^(?:\/(?:[^/~]|~[01])*)*$/.test(text)) {
    throw new StoreError('DataError', `${shown}: ${member} must be a JSON Pointer, as "/name/0" is`)
  }
  return text
    .split('/')
    .slice(1)
    .map(name => name.replaceAll('~1', '/').replaceAll('~0', '~'))
}

const short = (text: unknown) => String(text).slice(0, 100)
