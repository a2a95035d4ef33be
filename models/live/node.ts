/**
 * Live objects are real objects, so that all that looks at objects sees what it expects, `structuredClone` too: each property
 * is an accessor of the object's own, and what it stands for is in a node that the object carries in a private field. What has
 * no accessor yet is caught by the prototype. What can happen to a real object unseen, a `delete`, is found by looking.
 */
import type { Value } from '../../lib/value.js'
import type { Path } from './change.js'

/** Who is told what happens to an object and to what is in it. */
export interface Owner {
  /** A property, or item, is to become this: a value that is the owner's own, or absent. Throws where it may not. */
  change(node: Node, name: string | number, next: unknown): void
  /** The items of an array are to become these: values of its own, or what it held already. */
  replace(node: Node, items: readonly unknown[]): void
}

/** Makes an object that inherits nothing: `Object.create(null)` makes one that is slow to read. */
const Values = function values() {} as unknown as new () => Record<string, unknown>
Values.prototype = Object.create(null)

/** What is behind a live object or array. */
export class Node {
  owner: Owner | undefined
  parent: Node | undefined
  /** Where it is in its parent. */
  name: string | number
  /** What the properties hold: plain values, and the live objects that stand for others. */
  readonly values: Record<string, unknown>
  /** The items, where it is an array: the same as `values`. */
  readonly items: unknown[] | undefined
  /** How many properties the live object must have. */
  size: number
  /** How many of its values are live objects. */
  children: number
  self: object

  constructor(owner: Owner | undefined, parent: Node | undefined, name: string | number, items: unknown[] | undefined) {
    this.owner = owner
    this.parent = parent
    this.name = name
    this.items = items
    this.values = (items as never) ?? new Values()
    this.size = 0
    this.children = 0
    this.self = this.values
  }
}

/** A constructor that returns another object than it makes gives its private fields to that. */
const Given = function given(object: object) {
  return object
} as unknown as new (
  object: object,
) => object

class Carrier extends Given {
  readonly #node: Node

  constructor(object: object, node: Node) {
    super(object)
    this.#node = node
  }

  static is(object: object): boolean {
    return #node in object
  }

  static of(object: Carrier): Node {
    return object.#node
  }
}

/** Makes this the live object of a node. */
export function carry(object: object, node: Node): void {
  new Carrier(object, node)
  node.self = object
}

/** The node of what is known to be live. */
export const known = Carrier.of as (object: object) => Node

export function nodeOf(value: unknown): Node | undefined {
  return typeof value === 'object' && value !== null && Carrier.is(value) ? known(value) : undefined
}

const paths = new Map<string | number, Path>()

/** The way to a property of the whole object: the same each time, as there are so many changes. */
export function pathOf(name: string | number): Path {
  const found = paths.get(name)
  if (found) return found
  if (paths.size >= manyNames) paths.clear()
  const path = Object.freeze([name])
  paths.set(name, path)
  return path
}

/** More names than programs have; data used as names may go on for ever. */
export const manyNames = 10_000

/** The way to a property of a node from the whole object. */
export function pathTo(node: Node, name: string | number): Path {
  const path = [name]
  for (let each = node; each.parent; each = each.parent) path.unshift(each.name)
  return path
}

/** What is in a node, as plain data that shares nothing with it. */
export function plainOf(node: Node): Record<string, Value> | Value[] {
  if (node.items) return node.items.map(plain) as Value[]
  const object: Record<string, Value> = {}
  for (const name in node.values) {
    const value = plain(node.values[name]) as Value
    if (value === undefined) continue
    if (name === '__proto__') define(object, name, value)
    else object[name] = value
  }
  return object
}

/** An object with these properties for its own, whatever its class would do if one of that name were set. */
export function madeOf(prototype: object | null, data: object): object {
  return Object.create(prototype, Object.getOwnPropertyDescriptors(data))
}

/** A value of a node, as data. */
export function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const node = nodeOf(value)
  if (node) return plainOf(node)
  return value instanceof Date ? new Date(value.getTime()) : new Uint8Array(value as Uint8Array)
}

function define(object: object, name: string | number, value: unknown): void {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
}
