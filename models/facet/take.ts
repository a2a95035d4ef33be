/**
 * Copies of what a holder gives, each part read once, as it is: no getter, `toJSON` or thenable of his runs, and what he changes
 * later changes nothing here. A Proxy is read like any object, once; but its maker has the turn then, and may replace what we use,
 * and put it back. So the realm is checked before anything is taken, and after each time that an object was asked.
 */
import { isStoreError } from '../../lib/errors.js'
import { type Expression, isExpression, node } from '../../lib/query/expression.js'
import { Glob } from '../../lib/query/glob.js'
import { toExpression } from '../../lib/query/operators.js'
import type { Data, Id } from '../../lib/store.js'
import { describe } from '../../lib/value.js'
import { isHeld } from './held.js'
import { checkRealm, isIntact } from './realm.js'
import { mistake, refuse } from './refusal.js'
import { secret } from './secret.js'

/** How much one argument may hold, so that reading it ends: a Proxy can be endless. */
const maxParts = 200_000
const maxDepth = 100

/** What is left to be read, and where the reading is. */
interface Budget {
  parts: number
  readonly path: string[]
  /** The objects on the way. */
  readonly within: object[]
}

/** A value of the value domain, or what will be refused as none when it is stored. */
export function take(value: unknown): unknown {
  return taken(value, { parts: maxParts, path: [], within: [] }, 0)
}

/** The own properties of an object. */
export function takeObject(value: unknown): Data {
  if (typeof value !== 'object' || value === null) mistake(`an object is expected, not ${kindOf(value)}`)
  if (!isHeld(value) && !isPlain(value)) notData(value)
  return takenProperties(value, { parts: maxParts, path: [], within: [] }, 0)
}

export function takeId(value: unknown): Id {
  if (typeof value === 'string' || typeof value === 'number') return value
  mistake(`an id is a string or an integer, not ${kindOf(value)}`)
}

/** A list of what else is taken. */
export function takeList(value: unknown): unknown[] {
  if (!Array.isArray(value)) mistake(`an array is expected, not ${kindOf(value)}`)
  return take(value) as unknown[]
}

/** A query; made into a tree, which nobody else can have kept hold of, when it is called: after the realm is checked. */
export function takeQuery(query: unknown, parameters?: unknown): () => Expression {
  if (query === undefined || typeof query === 'string') {
    return () => told(() => toExpression(query, { parameters: parameters as readonly unknown[] | undefined }))
  }
  const tree = take(query)
  return () => told(() => toExpression(grown(tree) as Expression))
}

/** What is wrong with his own words, the holder may know. */
function told<R>(work: () => R): R {
  try {
    return work()
  } catch (error) {
    if (isStoreError(error)) refuse(error.name, error.message)
    if (error instanceof TypeError) mistake(error.message)
    throw error
  }
}

/** An expression that was taken apart to be copied. */
class Tree {
  constructor(
    readonly name: string,
    readonly args: readonly unknown[],
  ) {}
}

/** Trees in the place of what was taken. */
export function grown(value: unknown): unknown {
  return value instanceof Tree ? node(value.name, value.args.map(grown)) : value
}

const aborted = Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted')?.get
const { addEventListener } = EventTarget.prototype

/** These of a holder's options, and no other: an unknown one is refused. */
export function takeOptions<N extends string>(given: unknown, names: readonly N[]): { [K in N]?: unknown } {
  const options: { [name: string]: unknown } = {}
  if (given === undefined) return options as { [K in N]?: unknown }
  if (typeof given !== 'object' || given === null) return mistake('options are an object')
  for (const name of keysOf(given)) {
    const value = ownValue(given, name)
    if (value === undefined) continue
    if (!(names as readonly unknown[]).includes(name)) {
      refuse('NotSupportedError', `there is no option ${String(name).slice(0, 64)} here`)
    }
    options[name as string] =
      name === 'id'
        ? takeId(value)
        : name === 'signal'
          ? takeSignal(value)
          : name === 'ifMatch'
            ? takeExpected(value)
            : name === 'reason'
              ? takeText(value)
              : take(value)
  }
  return options as { [K in N]?: unknown }
}

/** A tag, or the object as it was read: of this facet or not, its own properties count. */
const takeExpected = (value: unknown) => (typeof value === 'string' ? value : takeObject(value))

/** It goes into histories, where a text is expected. */
const takeText = (value: unknown) =>
  typeof value === 'string' ? value : mistake(`a reason is a text, not ${kindOf(value)}`)

/** The signals that follow those of holders. */
const followers = secret<AbortSignal>()

/** A signal of our own that follows the holder's, one for all his calls: what he hands in may only look like one. */
function takeSignal(signal: unknown): AbortSignal {
  const known = followers.of(signal)
  if (known) return known
  const own = new AbortController()
  // whoever aborts has the turn, and may have replaced what this leads to
  const abort = () => {
    if (isIntact()) own.abort()
  }
  if (asked(() => Reflect.apply(aborted as () => boolean, signal, []))) abort()
  else asked(() => Reflect.apply(addEventListener, signal, ['abort', abort, { once: true }]))
  followers.keep(signal as object, own.signal)
  return own.signal
}

const getTime = Date.prototype.getTime
const typedArrayTag = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)?.get

function taken(value: unknown, budget: Budget, depth: number): unknown {
  if (--budget.parts < 0) refuse('DataError', `what is given has more than ${maxParts} parts`)
  if (typeof value === 'function' || typeof value === 'symbol') notData(value, budget.path.slice(0, depth))
  if (typeof value !== 'object' || value === null) return value
  if (depth > maxDepth) tooDeep(budget.within)
  budget.within[depth] = value
  if (isExpression(value)) {
    return new Tree(ownValue(value, 'name') as string, takenItems(value.args, budget, depth))
  }
  if (Array.isArray(value)) return takenItems(value, budget, depth)
  if (Reflect.apply(typedArrayTag as () => unknown, value, []) === 'Uint8Array') {
    return new Uint8Array(value as Uint8Array)
  }
  const prototype = prototypeOf(value)
  if (prototype === Date.prototype) return new Date(Reflect.apply(getTime, value, []))
  if (prototype === Glob.prototype) {
    const pattern = ownValue(value, 'pattern')
    return typeof pattern === 'string' ? new Glob(pattern) : notData(value, budget.path.slice(0, depth))
  }
  if (!isPlain(value)) notData(value, budget.path.slice(0, depth))
  return takenProperties(value, budget, depth)
}

function takenItems(value: readonly unknown[], budget: Budget, depth: number): unknown[] {
  const length = ownValue(value, 'length') as number
  const items: unknown[] = []
  for (let at = 0; at < length; at++) {
    budget.path[depth] = String(at)
    items.push(taken(ownValue(value, String(at)), budget, depth + 1))
  }
  return items
}

function tooDeep(within: readonly object[]): never {
  if (new Set(within.slice(0, maxDepth)).size < maxDepth) refuse('DataCloneError', 'what is given refers to itself')
  refuse('DataError', `what is given is nested deeper than ${maxDepth} levels`)
}

/** Of this realm or another. */
function isPlain(value: object): boolean {
  const prototype = prototypeOf(value)
  return prototype === null || prototypeOf(prototype) === null
}

function takenProperties(value: object, budget: Budget, depth: number): Data {
  const own: Data = {}
  for (const name of keysOf(value)) {
    if (typeof name === 'symbol') continue
    const descriptor = descriptorOf(value, name)
    if (!descriptor?.enumerable) continue
    budget.path[depth] = String(name)
    const content = taken(dataOf(descriptor), budget, depth + 1)
    if (content === undefined) continue
    Object.defineProperty(own, name, { value: content, writable: true, enumerable: true, configurable: true })
  }
  return own
}

/** Read without asking anybody. */
function ownValue(object: object, name: PropertyKey): unknown {
  const descriptor = descriptorOf(object, name)
  return descriptor && dataOf(descriptor)
}

export const keysOf = (object: object): PropertyKey[] => asked(() => Reflect.ownKeys(object))
export const prototypeOf = (object: object): object | null => asked(() => Object.getPrototypeOf(object))

export function descriptorOf(object: object, name: PropertyKey): PropertyDescriptor | undefined {
  return asked(() => Reflect.getOwnPropertyDescriptor(object, name))
}

/** What an object of the holder's answers. What it throws is not looked at. */
function asked<R>(ask: () => R): R {
  try {
    return ask()
  } catch {
    return refuse('DataCloneError', 'what is given cannot be read')
  } finally {
    checkRealm()
  }
}

function dataOf(descriptor: PropertyDescriptor): unknown {
  if (descriptor.get || descriptor.set) refuse('DataCloneError', 'an accessor cannot be given')
  return descriptor.value
}

function notData(value: unknown, path: readonly string[] = []): never {
  const place = path.length > 0 ? `${path.join('/')}: ` : ''
  return refuse('DataCloneError', `${place}${kindOf(value)} cannot be given`)
}

/** Names a value by its kind, without asking it. */
function kindOf(value: unknown): string {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? 'such an object' : describe(value)
}
