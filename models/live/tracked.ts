/** Makes live objects of plain data, and puts data into them. Nothing here is written down: that is for their owners. */
import { checkedCopy, equal } from '../../lib/value.js'
import { carry, known, type Node as LiveNode, manyNames, Node, nodeOf, type Owner, plainOf } from './node.js'
import { arrayPrototype, nestedPrototype } from './prototypes.js'

/** A live object over data that is its own from now on. */
export function tracked(data: object, owner: Owner, prototype: object): LiveNode {
  return filled(new Node(owner, undefined, '', undefined), Object.create(prototype), data)
}

function filled(node: LiveNode, self: object, data: object): LiveNode {
  carry(self, node)
  for (const name of Object.keys(data)) place(node, name, data[name as never])
  return node
}

/** Lets a property be a plain value, or the live object that stands for one. */
export function place(node: LiveNode, name: string | number, value: unknown): void {
  const { values } = node
  const before = values[name]
  if (typeof before === 'object' && before !== null) detach(node, before)
  values[name as never] = (typeof value === 'object' && value !== null ? held(node, name, value) : value) as never
  if (before !== undefined) return
  node.size++
  show(node, name)
}

/** Gives the live object the property that stands for a value. */
export function show(node: LiveNode, name: string | number): void {
  Object.defineProperty(node.self, name, accessorOf(name))
}

/** What stands for a value in a node. What is live already is taken as it is. */
export function held(node: LiveNode, name: string | number, value: object): object {
  if (value instanceof Date || value instanceof Uint8Array) return value
  const own = nodeOf(value)
  node.children++
  if (own) {
    attach(own, node, name)
    return value
  }
  const isArray = Array.isArray(value)
  const child = new Node(node.owner, node, name, isArray ? [] : undefined)
  const self = isArray ? Object.setPrototypeOf([], arrayPrototype) : Object.create(nestedPrototype)
  return filled(child, self, value).self
}

/** Removes a property, or the last item. */
export function remove(node: LiveNode, name: string | number): void {
  const { values, items, self } = node
  const before = values[name]
  if (typeof before === 'object' && before !== null) detach(node, before)
  if (items) {
    items.length--
    ;(self as unknown[]).length = items.length
  } else {
    delete values[name]
    delete self[name as never]
  }
  node.size--
}

/** Lets an array hold these: values, or the live objects that stand for some. */
export function refill(node: LiveNode, next: readonly unknown[]): void {
  const items = node.items as unknown[]
  const staying = new Set(next)
  for (const each of items) if (nodeOf(each) && !staying.has(each)) detach(node, each as object)
  node.children = 0
  items.length = next.length
  ;(node.self as unknown[]).length = Math.min((node.self as unknown[]).length, next.length)
  for (let at = 0; at < next.length; at++) {
    const value = next[at]
    items[at] = typeof value === 'object' && value !== null ? held(node, at, value) : value
    if (!Object.hasOwn(node.self, at)) show(node, at)
  }
  node.size = items.length
}

function attach(child: LiveNode, parent: LiveNode, name: string | number): void {
  child.parent = parent
  child.name = name
  own(child, parent.owner)
}

/** What is no longer part of an object is nobody's: it goes on as an object by itself. */
function detach(node: LiveNode, value: object): void {
  const child = nodeOf(value)
  if (!child) return
  node.children--
  child.parent = undefined
  own(child, undefined)
}

function own(node: LiveNode, owner: Owner | undefined): void {
  if (node.owner === owner) return
  node.owner = owner
  if (node.children === 0) return
  for (const value of Object.values(node.values)) {
    const child = nodeOf(value)
    if (child) own(child, owner)
  }
}

/** Sets a property as a caller does. */
export function assign(node: LiveNode, name: string | number, given: unknown): void {
  const before = node.values[name]
  if (given === before && (given !== undefined || !node.items)) return
  // an item that is absent is a hole, which cannot be stored
  const next = given === undefined && node.items ? admitted([given], name) : admitted(given, name)
  if (typeof next === 'object' && next !== null && isSame(before, next)) return
  if (node.owner) node.owner.change(node, name, next)
  else if (next !== undefined) place(node, name, next)
  else if (before !== undefined) remove(node, name)
}

function isSame(before: unknown, next: object): boolean {
  if (typeof before !== 'object' || before === null) return false
  const node = nodeOf(before)
  return equal(node ? plainOf(node) : before, next)
}

/** A caller's value as one of ours, or the error that says what is wrong with it. */
export function admitted(given: unknown, name: string | number): unknown {
  switch (typeof given) {
    case 'string':
      if (given.isWellFormed()) return given
      break
    case 'number':
      if (Number.isFinite(given)) return given === 0 ? 0 : given
      break
    case 'boolean':
    case 'undefined':
      return given
    case 'object':
      if (given === null) return given
      break
  }
  const node = nodeOf(given)
  return checkedCopy({ [name]: node ? plainOf(node) : given })[name]
}

const accessors = new Map<string | number, PropertyDescriptor>()

function accessorOf(name: string | number): PropertyDescriptor {
  const found = accessors.get(name)
  if (found) return found
  if (accessors.size >= manyNames) accessors.clear()
  const accessor: PropertyDescriptor = {
    get(this: object) {
      return known(this).values[name]
    },
    set(this: object, value: unknown) {
      assign(known(this), name, value)
    },
    enumerable: true,
    configurable: true,
  }
  accessors.set(name, accessor)
  return accessor
}
