/**
 * Is the language as it was when this module was loaded? Who shares a realm with us may replace what our own code calls, such
 * as `Map.prototype.get`, and would be handed what we work with. So a facet looks before it does anything, and refuses.
 */
import { StoreError } from '../../lib/errors.js'

const { getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect
const bytes = getPrototypeOf(Uint8Array.prototype) as object

/** One property of the language, as it was. */
interface Known {
  readonly object: object
  readonly key: PropertyKey
  readonly value: unknown
  readonly get: unknown
  readonly set: unknown
}

/** What others replace with good reason, and which is handed nothing. */
const ignored = new Set<PropertyKey>(['now', 'stackTraceLimit'])

const globals =
  'Object Function Array Map Set WeakMap WeakSet WeakRef FinalizationRegistry Promise String Number Boolean Symbol BigInt RegExp Date Error TypeError RangeError SyntaxError EvalError ReferenceError URIError AggregateError DOMException JSON Reflect Math Intl Atomics Proxy ArrayBuffer SharedArrayBuffer Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array DataView Iterator AbortController AbortSignal Event EventTarget TextEncoder TextDecoder Buffer URL structuredClone queueMicrotask parseInt parseFloat isNaN isFinite encodeURIComponent decodeURIComponent'.split(
    ' ',
  )

const objects = intrinsics()
const known = objects.flatMap(knownOf)
const sizes = objects.map(object => ownKeys(object).length)

/** What need not be there, and the language asks for: who adds it is called, with what we work with. */
const asked = [
  [['then', 'toJSON', Symbol.isConcatSpreadable, Symbol.toPrimitive], values().map(getPrototypeOf)],
  [['then', 'return', 'throw'], hidden()],
  [
    [Symbol.hasInstance, Symbol.species],
    [Array, Date, Error, Function, Map, Object, Promise, RegExp, Set, TypeError],
  ],
  [
    [Symbol.hasInstance, Symbol.species],
    [AbortSignal, ArrayBuffer, DOMException, Uint8Array],
  ],
  [['get', 'set', 'value', 'writable', 'enumerable', 'configurable', 'done', 'next', 'cause'], [Object.prototype]],
  [[Symbol.iterator, Symbol.asyncIterator, Symbol.toStringTag], [Object.prototype]],
] as const satisfies readonly (readonly [readonly PropertyKey[], readonly unknown[]])[]

/** Getters that are called on what we work with, and whose results do not tell who they are. */
const getters = known.filter(
  ({ object, key, get }) => get && key === 'size' && !(object as object as { name?: string }).name,
)
const { length } = getters
/** Whatever is added there is asked for by somebody: an index, for each item that an array has not yet. */
const all = ownKeys(Object.prototype).length

const glance = written() ?? audit

/** After how many glances comes an audit, so that it costs little on average. */
const auditEvery = 8192
let glances = 0

/**
 * Refuses to go on, with a `NotAllowedError`, where something has been replaced or added. Costs about 0.5 µs; from time to time
 * 60 µs, to find also what hides itself: an accessor in the place of a method, an addition that nothing of ours asks for.
 */
export function checkRealm(): void {
  if (!isIntact()) throw tampered()
}

/** The same as an answer. */
export function isIntact(): boolean {
  return ownKeys(Object.prototype).length === all && isIntactForReading()
}

/**
 * The same for work in which no array grows: what is hidden under an index in `Object.prototype` is not met there. Costs about
 * 0.2 µs.
 */
export function checkRealmForReading(): void {
  if (!isIntactForReading()) throw tampered()
}

function isIntactForReading(): boolean {
  if (!glance()) return false
  for (let at = 0; at < length; at++) {
    const { object, key, get } = getters[at] as Known
    if (getOwnPropertyDescriptor(object, key)?.get !== get) return false
  }
  return ++glances % auditEvery !== 0 || audit()
}

/**
 * A function of the rules. A facet can be made over a facet by its holder, whose functions run in the middle of our work: what
 * they have replaced is noticed before we go on.
 */
export function checkedAfter<A extends unknown[], R>(call: (this: unknown, ...args: A) => R) {
  return function (this: unknown, ...args: A): R {
    try {
      return Reflect.apply(call, this, args)
    } finally {
      checkRealm()
    }
  }
}

/** What is thrown where it is not. */
export function tampered(): StoreError {
  const hint = 'load what replaces it before holdfast/models/facet'
  return new StoreError('NotAllowedError', `the language has been changed since facets were loaded: ${hint}`)
}

function intrinsics(): object[] {
  const found = new Set<object>([globalThis])
  for (const name of globals) {
    const value = (globalThis as Record<string, unknown>)[name]
    if ((typeof value !== 'function' && typeof value !== 'object') || value === null) continue
    found.add(value)
    const { prototype } = value as { prototype?: unknown }
    if (typeof prototype === 'object' && prototype !== null) found.add(prototype)
  }
  for (const each of hidden()) {
    // iterators have prototypes of their own, above which stands the one they share
    for (let object: object | null = each; object && !found.has(object); object = getPrototypeOf(object)) {
      found.add(object)
    }
  }
  return [...found]
}

/** One of each kind that we work with. */
function values(): object[] {
  const made = [[], () => {}, new Map(), new Set(), new WeakMap(), Promise.resolve(), new Error(), new TypeError()]
  return [...made, new Date(), /a/, new Uint8Array(), new ArrayBuffer(0), Object(0n), new AbortController().signal]
}

/** What has no name. */
function hidden(): object[] {
  const iterators = [[][Symbol.iterator](), new Map().entries(), new Set().values(), ''[Symbol.iterator]()]
  return [
    ...[getPrototypeOf(Uint8Array) as object, bytes],
    ...[...iterators, 'a'.matchAll(/a/g)].map(each => getPrototypeOf(each) as object),
    ...[function* () {}, async function* () {}, async () => {}].map(each => getPrototypeOf(each) as object),
    ...[function* () {}, async function* () {}].map(each => getPrototypeOf(each.prototype) as object),
  ]
}

function knownOf(object: object): Known[] {
  const keys = object === globalThis ? globals.filter(name => name in globalThis) : ownKeys(object)
  return keys
    .filter(key => !ignored.has(key) && !(typeof object === 'function' && (key === 'name' || key === 'length')))
    .map(key => ({ key, ...(getOwnPropertyDescriptor(object, key) as PropertyDescriptor) }))
    .filter(({ writable, configurable }) => writable || configurable)
    .map(({ key, value, get, set }) => ({ object, key, value, get, set }))
}

/** As code in a straight line, of which the engine makes hundreds of comparisons in the time of one lookup by name. */
function written(): (() => boolean) | undefined {
  const values = known.filter(({ get, set }) => !get && !set)
  try {
    const lines = inParts([...values, ...lookedUp()]).map(lineOf)
    return new Function(
      ...lines.map((_, at) => `line${at}`),
      `'use strict'; return () => ${lines.map((_, at) => `line${at}()`).join(' && ')}`,
    )(...lines)
  } catch {
    // where code may not be made from text (Content Security Policy) it is looked up one by one
    return undefined
  }
}

/** The engine does its best with no more than some hundred lines at once. */
function inParts<T>(items: readonly T[]): T[][] {
  const size = 400
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))
}

/** What the language finds where it asks. */
function lookedUp(): Pick<Known, 'object' | 'key' | 'value'>[] {
  return asked.flatMap(([keys, objects]) =>
    (objects as readonly object[]).flatMap(object => keys.map(key => ({ object, key, value: object[key as never] }))),
  )
}

function lineOf(values: readonly Pick<Known, 'object' | 'key' | 'value'>[]): () => boolean {
  const tests = values.map(({ object, key, value }, at) => {
    const name = typeof key === 'string' ? JSON.stringify(key) : `k${at}`
    // what is added may be an accessor, which says that it is not there
    if (value === undefined && !(key in object)) return `if (${name} in o${at}) return false`
    return `if (o${at}[${name}] !== v${at}) return false`
  })
  // an index in Array.prototype makes that longer
  const more = ['if (Array.prototype.length !== 0) return false', 'for (const _ in Object.prototype) return false']
  const names = values.flatMap((_, at) => [`o${at}`, `k${at}`, `v${at}`])
  const make = new Function(
    'Array',
    'Object',
    ...names,
    `'use strict'; return () => { ${[...more, ...tests].join('\n')}\nreturn true }`,
  )
  return make(Array, Object, ...values.flatMap(({ object, key, value }) => [object, key, value]))
}

function audit(): boolean {
  for (let at = 0; at < known.length; at++) {
    const { object, key, value, get, set } = known[at] as Known
    const now = getOwnPropertyDescriptor(object, key)
    if (now === undefined || now.value !== value || now.get !== get || now.set !== set) return false
  }
  for (let at = 0; at < objects.length; at++) {
    if (objects[at] !== globalThis && ownKeys(objects[at] as object).length !== sizes[at]) return false
  }
  return true
}
