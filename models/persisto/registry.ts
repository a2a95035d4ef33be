/** The methods of a Persisto: added together, or not at all. */
import type { Method, MethodInfo } from './method.js'

export interface Registry {
  /** Adds methods. A `TypeError` before anything is added, if a name is taken or given twice. */
  check(methods: readonly Method[]): void
  add(methods: readonly Method[]): void
  list(): MethodInfo[]
}

/** What a promise, or a class, would be taken for. */
const reserved = ['then', 'constructor', '__proto__', 'prototype', 'toJSON']

export function registry(target: object): Registry {
  const known = new Map<string, Method>()

  function check(methods: readonly Method[]): void {
    const names = new Set<string>()
    for (const { name } of methods) {
      if (names.has(name) || name in target || reserved.includes(name)) {
        throw new TypeError(`there is a method ${name} already: nothing was added`)
      }
      names.add(name)
    }
  }

  return {
    check,
    add(methods) {
      check(methods)
      for (const method of methods) {
        known.set(method.name, method)
        Object.defineProperty(target, method.name, { value: method.call, enumerable: true })
      }
    },
    list: () =>
      [...known.values()].map(({ name, description, arguments: taken }) => ({ name, description, arguments: taken })),
  }
}
