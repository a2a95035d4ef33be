/** Every function and accessor of the language that can be replaced, and the names that can be added to it. */

export interface Place {
  readonly object: object
  readonly key: PropertyKey
  readonly name: string
}

/** All objects that are reached from the global object by own properties and prototypes, and hidden ones; with their names. */
export function intrinsics(): Map<object, string> {
  const found = new Map<object, string>()
  const hidden = {
    TypedArray: Object.getPrototypeOf(Uint8Array),
    ArrayIterator: Object.getPrototypeOf([][Symbol.iterator]()),
    MapIterator: Object.getPrototypeOf(new Map().entries()),
    SetIterator: Object.getPrototypeOf(new Set().values()),
    StringIterator: Object.getPrototypeOf(''[Symbol.iterator]()),
    RegExpIterator: Object.getPrototypeOf('a'.matchAll(/a/g)),
    Generator: Object.getPrototypeOf(function* () {}),
    AsyncGenerator: Object.getPrototypeOf(async function* () {}),
    AsyncFunction: Object.getPrototypeOf(async () => {}),
    GeneratorPrototype: Object.getPrototypeOf(Object.getPrototypeOf((function* () {})())),
    AsyncGeneratorPrototype: Object.getPrototypeOf(Object.getPrototypeOf((async function* () {})())),
  }
  function visit(value: unknown, name: string, depth: number): void {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || found.has(value)) return
    found.set(value, name)
    if (depth > 3) return
    visit(Object.getPrototypeOf(value), `${name}.__proto__`, depth + 1)
    for (const key of Reflect.ownKeys(value)) {
      const { value: content, get, set } = Reflect.getOwnPropertyDescriptor(value, key) as PropertyDescriptor
      // what is not of the language, but of Node and of who tests
      if (
        value === globalThis &&
        !/^[A-Z]|^(?:structuredClone|queueMicrotask|parse|is|encode|decode)/.test(String(key))
      )
        continue
      for (const each of [content, get, set]) visit(each, `${name}.${String(key)}`, depth + 1)
    }
  }
  visit(globalThis, 'globalThis', 0)
  for (const [name, value] of Object.entries(hidden)) visit(value, name, 0)
  return found
}

/** What can be replaced: functions and accessors. */
export function places(): Place[] {
  const found: Place[] = []
  for (const [object, name] of intrinsics()) {
    for (const key of Reflect.ownKeys(object)) {
      const { value, get, writable, configurable } = Reflect.getOwnPropertyDescriptor(object, key) as PropertyDescriptor
      if (typeof value !== 'function' && !get) continue
      if (object === globalThis && ['Mocha', 'gc'].includes(String(key))) continue
      if (writable || configurable) found.push({ object, key, name: `${name}.${String(key)}` })
    }
  }
  return found
}

/** Names that may be asked for, of objects that have them not. */
export function additions(): Place[] {
  const names: PropertyKey[] = [
    'then',
    'toJSON',
    'return',
    'throw',
    'next',
    'get',
    'set',
    'value',
    'cause',
    'done',
    '0',
    'constructor',
  ]
  const symbols = Reflect.ownKeys(Symbol)
    .map(name => Symbol[name as never] as unknown)
    .filter(each => typeof each === 'symbol')
  const objects = [...intrinsics()].filter(
    ([object, name]) => object !== globalThis && /^[^.]*$|prototype$|^globalThis\.\w+$|__proto__$/.test(name),
  )
  return objects.flatMap(([object, name]) =>
    [...names, ...symbols]
      .filter(key => Object.isExtensible(object) && !Object.hasOwn(object, key as never))
      .map(key => ({ object, key: key as PropertyKey, name: `${name} + ${String(key)}` })),
  )
}

/** Whoever is called tells with what; then it does as it did before. */
export interface Spying {
  /** What was seen. */
  readonly seen: unknown[]
  active: boolean
}

const { apply, construct, defineProperty, deleteProperty, getOwnPropertyDescriptor, setPrototypeOf } = Reflect

/** Puts a spy in the place. Gives what takes it back. */
export function replaced({ object, key }: Place, spying: Spying, adaptive = false): (() => void) | undefined {
  const before = getOwnPropertyDescriptor(object, key)
  const { seen } = spying
  let length = 0
  const note = (self: unknown, given: ArrayLike<unknown>) => {
    if (!spying.active || length > 2000) return
    defineProperty(seen, length++, { value: self, writable: true, enumerable: true, configurable: true })
    for (let at = 0; at < given.length; at++) {
      defineProperty(seen, length++, { value: given[at], writable: true, enumerable: true, configurable: true })
    }
  }
  const none: unknown[] = []
  function spied(original: (...given: never[]) => unknown) {
    const spy = function (this: unknown, ...given: unknown[]) {
      note(new.target ? undefined : this, given)
      return new.target
        ? construct(original as never, given, new.target === (spy as unknown) ? (original as never) : new.target)
        : apply(original as never, this, given)
    }
    for (const name of Reflect.ownKeys(original)) {
      const descriptor = getOwnPropertyDescriptor(original, name) as PropertyDescriptor
      try {
        defineProperty(spy, name, descriptor)
      } catch {}
    }
    setPrototypeOf(spy, Object.getPrototypeOf(original))
    return spy
  }
  let now: PropertyDescriptor
  if (!before) {
    now = {
      get(this: unknown) {
        note(this, none)
        return undefined
      },
      set(this: unknown, value: unknown) {
        note(this, [value])
        defineProperty(this as object, key, { value, writable: true, enumerable: true, configurable: true })
      },
      configurable: true,
    }
  } else if (before.get) {
    const { get } = before
    now = {
      ...before,
      get(this: unknown) {
        note(this, none)
        return apply(get, this, none)
      },
    }
  } else if (adaptive && before.configurable) {
    const { value } = before
    now = {
      get(this: unknown) {
        note(this, none)
        return value
      },
      set() {},
      enumerable: before.enumerable ?? false,
      configurable: true,
    }
  } else if (before.configurable || before.writable) {
    now = { ...before, value: spied(before.value) }
  } else return undefined
  if (!defineProperty(object, key, now)) return undefined
  return () => {
    if (before) defineProperty(object, key, before)
    else deleteProperty(object, key)
    // an index had made it longer
    if (object === Array.prototype) Array.prototype.length = 0
  }
}
