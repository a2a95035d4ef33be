/** What live objects inherit from: what catches properties that they have not got yet, and what changes arrays as a whole. */
import { known, madeOf, nodeOf } from './node.js'
import { admitted, assign, refill, show } from './tracked.js'

const custom = Symbol.for('nodejs.util.inspect.custom')

/** Catches what is set where there is no property of the object's own. */
const catching: ProxyHandler<object> = {
  set(target, name, value, receiver) {
    const node = typeof name === 'string' ? nodeOf(receiver) : undefined
    if (!node || accepts(target, name)) return Reflect.set(target, name, value, receiver)
    const place = node.items ? position(itemsOf(receiver), name as string) : (name as string)
    assign(node, place, value)
    // it was deleted, which nobody saw
    if (node.values[place] !== undefined && !Object.hasOwn(receiver, place)) show(node, place)
    return true
  },
}

/** Is there an accessor for the property, which is asked in place of it? */
function accepts(prototype: object, name: string | symbol): boolean {
  for (let each: object | null = prototype; each && each !== Object.prototype; each = Object.getPrototypeOf(each)) {
    const found = Object.getOwnPropertyDescriptor(each, name)
    if (found) return found.set !== undefined || found.get !== undefined
  }
  return false
}

/** The next position of an array: what leaves holes, or is no position, could not be stored. */
function position(items: readonly unknown[], name: string): number {
  if (name === String(items.length)) return items.length
  throw new TypeError(`an array is filled from one position to the next: ${name} cannot follow ${items.length - 1}`)
}

/** The prototype of live objects of a class, with methods for names that the class has none for. */
export function prototypeOver(prototype: object, methods: Readonly<Record<string, unknown>>): object {
  const between = Object.create(prototype)
  for (const [name, method] of Object.entries(methods)) hide(between, name, method)
  if (!(custom in prototype)) {
    hide(between, custom, function inspect(this: object) {
      return nodeOf(this) ? madeOf(prototype, known(this).values) : this
    })
  }
  return new Proxy(between, catching)
}

/** Of objects in live objects. They pass for plain ones. */
export const nestedPrototype = new Proxy(Object.prototype, {
  ...catching,
  get: (target, name, receiver) => (name === custom ? inspectNested : Reflect.get(target, name, receiver)),
})

function inspectNested(this: object): object {
  return nodeOf(this) ? { ...known(this).values } : this
}

const mutators = ['pop', 'shift', 'unshift', 'splice', 'sort', 'reverse', 'fill', 'copyWithin'] as const

export const arrayPrototype = arrays()

function arrays(): object {
  const between = Object.create(Array.prototype)
  // with a proxy to inherit from, V8 takes it for another object
  hide(between, Symbol.toStringTag, 'Array')
  hide(between, custom, function inspect(this: object) {
    return nodeOf(this) ? (known(this).items as unknown[]).slice() : this
  })
  hide(between, 'push', function push(this: unknown[], ...added: unknown[]) {
    const items = itemsOf(this)
    if (added.length === 1) assign(known(this), items.length, added[0])
    else replace(this, [...items, ...added])
    return this.length
  })
  for (const name of mutators) {
    hide(between, name, function mutate(this: unknown[], ...given: unknown[]) {
      const items = itemsOf(this).slice()
      const result = (Array.prototype[name] as (...given: unknown[]) => unknown).apply(items, given)
      replace(this, items)
      return result === items ? this : result
    })
  }
  return new Proxy(between, catching)
}

/** What an array holds: less than before, where it was cut, which nobody saw. */
function itemsOf(array: unknown[]): readonly unknown[] {
  const items = known(array).items as unknown[]
  if (array.length < items.length) replace(array, items.slice(0, array.length))
  return items
}

/** Lets an array hold these: what it held before, and what is checked and copied. */
function replace(array: unknown[], given: readonly unknown[]): void {
  const node = known(array)
  const before = new Set(node.items)
  const next = given.map((item, at) => {
    if (item === undefined) return admitted([item], at)
    return typeof item === 'object' && item !== null && before.has(item) ? item : admitted(item, at)
  })
  // the same object in two places becomes two
  const seen = new Set<unknown>()
  for (const [at, item] of next.entries()) {
    if (!nodeOf(item)) continue
    if (seen.has(item)) next[at] = admitted(item, at)
    seen.add(item)
  }
  if (node.owner) node.owner.replace(node, next)
  else refill(node, next)
}

function hide(object: object, name: string | symbol, value: unknown): void {
  Object.defineProperty(object, name, { value, writable: true, configurable: true })
}
