/** What a write changes in an object, kept so that it can be undone and done again. */
import { equal } from '../../lib/value.js'

export interface Delta {
  /** Nothing was there before; something was; nothing is there any more. */
  readonly type: 'add' | 'put' | 'delete'
  /** The object that was there; of a put, those of its properties that changed or went. */
  readonly previous?: object
  /** The object that is there; of a put, those of its properties that changed or came. */
  readonly next?: object
  /** The names of all properties in their order, where it cannot be told from the rest. */
  readonly order?: { readonly previous: readonly string[]; readonly next: readonly string[] }
}

type Properties = Record<string, unknown>

/** What has to be done to the previous object to get the next one; `undefined` if there is neither. */
export function between(previous: object | undefined, next: object | undefined): Delta | undefined {
  if (!previous) return next && { type: 'add', next }
  if (!next) return { type: 'delete', previous }
  const was: Properties = {}
  const is: Properties = {}
  const before = Object.keys(previous)
  const after = Object.keys(next)
  for (const name of before) {
    const stays = Object.hasOwn(next, name)
    if (stays && equal(previous[name as never], next[name as never])) continue
    set(was, name, previous[name as never])
    if (stays) set(is, name, next[name as never])
  }
  for (const name of after) if (!Object.hasOwn(previous, name)) set(is, name, next[name as never])
  const delta: Delta = { type: 'put', previous: was, next: is }
  return followsFrom(before, after) ? delta : { ...delta, order: { previous: before, next: after } }
}

/** The way back. */
export function inverse({ type, previous, next, order }: Delta): Delta {
  const turned = { add: 'delete', put: 'put', delete: 'add' } as const
  return {
    type: turned[type],
    ...(next && { previous: next }),
    ...(previous && { next: previous }),
    ...(order && { order: { previous: order.next, next: order.previous } }),
  }
}

/** What becomes of an object. Its values are used, not copied. */
export function apply({ type, previous = {}, next = {}, order }: Delta, object: object = {}): object | undefined {
  if (type === 'delete') return undefined
  if (type === 'add') return next
  const changed: Properties = {}
  for (const name of Object.keys(object)) {
    if (Object.hasOwn(next, name)) set(changed, name, next[name as never])
    else if (!Object.hasOwn(previous, name)) set(changed, name, object[name as never])
  }
  for (const name of Object.keys(next)) set(changed, name, next[name as never])
  return order ? inOrder(changed, order.next) : changed
}

/** Do both change the same property, or one of them the whole object? */
export function overlap(one: Delta, other: Delta): boolean {
  if (one.type !== 'put' || other.type !== 'put') return true
  const names = new Set(namesOf(one))
  return namesOf(other).some(name => names.has(name))
}

/** Is the object as this has left it, so that it can be undone? */
export function stands({ type, previous = {}, next = {} }: Delta, object: object | undefined): boolean {
  if (type !== 'put') return equal(object, type === 'add' ? next : undefined)
  return (
    object !== undefined && namesOf({ type, previous, next }).every(name => equal(own(object, name), own(next, name)))
  )
}

function namesOf({ previous = {}, next = {} }: Delta): string[] {
  return [...Object.keys(previous), ...Object.keys(next)]
}

function own(object: object, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name as never] : undefined
}

/** Also a property named `__proto__`, which is a name like any other. */
function set(object: Properties, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value
  else Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true })
}

/** Does one list begin with all of the other? Then what comes or goes does so at the end. */
function followsFrom(before: readonly string[], after: readonly string[]): boolean {
  const length = Math.min(before.length, after.length)
  for (let at = 0; at < length; at++) if (before[at] !== after[at]) return false
  return true
}

function inOrder(object: Properties, names: readonly string[]): object {
  const ordered: Properties = {}
  for (const name of names) if (Object.hasOwn(object, name)) set(ordered, name, object[name])
  for (const name of Object.keys(object)) set(ordered, name, object[name])
  return ordered
}
