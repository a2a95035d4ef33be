/**
 * JSON Patch (RFC 6902) over the values that stores keep, of which JSON has only some. Names are only ever names, and own
 * properties; the work is limited by the size of the patch and of what it copies.
 */
import { StoreError } from '../../../lib/errors.js'
import { rank } from '../../../lib/order.js'
import type { Data } from '../../../lib/store.js'
import { copy, equal, limits } from '../../../lib/value.js'
import { define } from '../instance.js'
import { nowhere, type Operation, operationIn } from './operation.js'

/** The most operations of one patch. */
const maxOperations = 1000

/** Does the operations, one after the other, on a document that is the caller's own. Gives the document, which may be another. */
export function jsonPatch(document: unknown, operations: readonly unknown[]): unknown {
  if (operations.length > maxOperations) {
    throw new StoreError('DataError', `a patch has at most ${maxOperations} operations, not ${operations.length}`)
  }
  const root: Root = { document, work: 0 }
  operations.forEach((each, position) => {
    const operation = operationIn(each, position)
    actions[operation.op](root, operation)
  })
  return root.document
}

/** What the document stands in: the way to all of it leads to the property `document`. */
interface Root {
  document: unknown
  /** How much was copied or shifted so far. */
  work: number
}

type Action = (root: Root, operation: Operation) => void

const actions: Readonly<Record<Operation['op'], Action>> = {
  add: (root, operation) => insert(root, operation, copy(operation.value)),
  remove: (root, operation) => void take(root, operation, operation.path),
  replace: (root, operation) => {
    const { holder, name } = existing(root, operation, operation.path)
    if (Array.isArray(holder)) holder[Number(name)] = copy(operation.value)
    else define(holder, name, copy(operation.value))
  },
  move: (root, operation) => {
    const { path, from } = operation
    if (from.length < path.length && from.every((name, position) => name === path[position])) {
      nowhere(operation, 'a value cannot be moved into itself')
    }
    insert(root, operation, take(root, operation, from))
  },
  copy: (root, operation) => {
    const value = valueAt(existing(root, operation, operation.from))
    spend(root, operation, weigh(value, operation))
    insert(root, operation, copy(value))
  },
  test: (root, operation) => {
    if (equal(valueAt(existing(root, operation, operation.path)), operation.value)) return
    throw new StoreError('PreconditionFailedError', `${operation.shown}: another value is stored there`)
  },
}

/** A property of an object, or an item of an array. */
interface Place {
  readonly holder: Data | unknown[]
  readonly name: string
}

function insert(root: Root, operation: Operation, value: unknown): void {
  const { holder, name } = placeOf(root, operation, operation.path)
  if (!Array.isArray(holder)) define(holder, name, value)
  else if (name === '-') holder.push(value)
  else if (isPosition(name) && Number(name) <= holder.length) {
    shift(root, operation, holder, name)
    holder.splice(Number(name), 0, value)
  } else nowhere(operation)
}

function take(root: Root, operation: Operation, path: readonly string[]): unknown {
  const place = existing(root, operation, path)
  const value = valueAt(place)
  if (place.holder === (root as object)) nowhere(operation, 'the whole object cannot be taken away')
  if (Array.isArray(place.holder)) {
    shift(root, operation, place.holder, place.name)
    place.holder.splice(Number(place.name), 1)
  } else delete place.holder[place.name]
  return value
}

/** What comes after a position has to be shifted, which is about eight times as fast as to copy it. */
function shift(root: Root, operation: Operation, items: readonly unknown[], name: string): void {
  spend(root, operation, (items.length - Number(name)) / 8)
}

function spend(root: Root, operation: Operation, work: number): void {
  root.work += work
  if (root.work > limits.size) nowhere(operation, 'the patch copies or shifts too much')
}

function existing(root: Root, operation: Operation, path: readonly string[]): Place {
  const place = placeOf(root, operation, path)
  return has(place) ? place : nowhere(operation)
}

/** Where a path leads. All but the end of it must be there. */
function placeOf(root: Root, operation: Operation, path: readonly string[]): Place {
  let place: Place = { holder: root as never, name: 'document' }
  for (const name of path) {
    const holder = has(place) ? valueAt(place) : undefined
    if (!Array.isArray(holder) && rank(holder) !== 7) nowhere(operation)
    place = { holder: holder as Data, name }
  }
  return place
}

function has({ holder, name }: Place): boolean {
  return Array.isArray(holder) ? isPosition(name) && Number(name) < holder.length : Object.hasOwn(holder, name)
}

const valueAt = ({ holder, name }: Place): unknown => holder[name as never]

const isPosition = (name: string) => /^(?:0|[1-9]\d{0,9})$/.test(name)

/** About how much a value holds. */
function weigh(value: unknown, operation: Operation, depth = 0): number {
  if (typeof value === 'string') return 8 + value.length
  if (typeof value !== 'object' || value === null || value instanceof Date) return 8
  if (value instanceof Uint8Array) return 8 + value.length
  if (depth > limits.depth) nowhere(operation, 'what is copied is nested too deeply')
  return Object.values(value).reduce((weight, each) => weight + weigh(each, operation, depth + 1), 8)
}
