/** What callers of a live store have: at once where all objects are loaded, in its time where they are not. */
import { toKey } from '../../lib/id.js'
import type { Id, MaybePromise, Query } from '../../lib/store.js'
import { when } from '../../lib/when.js'
import { become, look, turn as turnBack, turnTogether } from './acts.js'
import type { Begun } from './begin.js'
import { toChange } from './change.js'
import { finding, type Test } from './finding.js'
import { changes } from './handle.js'
import { nodeOf } from './node.js'
import { plainData } from './open.js'
import type { Direction } from './past.js'
import { taken } from './register.js'
import { type Root, rootOf } from './root.js'

export function methods(begun: Begun, isLazy: boolean): object {
  const { own, bring } = begun
  const { source, roots } = own
  const { isThere, loaded, matching } = finding(begun)

  const common = {
    get saveOnChange() {
      return own.saveOnChange
    },
    set saveOnChange(is: boolean) {
      own.saveOnChange = is
    },
    add: (object: object) => {
      const { key, data } = prepared(object)
      return brought(key, known => {
        if (isThere(known)) throw taken(key)
        return added(known, key, data)
      })
    },
    set: (object: object) => {
      const { key, data } = prepared(object)
      return brought(key, known => {
        if (!isThere(known)) return added(known, key, data)
        look(known)
        become(known, data)
        return known.object
      })
    },
    upsert: (object: object) => {
      own.check()
      const given = plainData(object)
      const key = keyOf(object, given)
      if (key === undefined) return common.add(object)
      return brought(key, known => {
        if (!isThere(known)) return added(known, key, prepared(object).data)
        look(known)
        own.together(() => Object.assign(known.object, given))
        return known.object
      })
    },
    get: (key: Id) => within(key, root => (isThere(root) ? root.object : undefined)),
    has: (which: object | Id) => within(which, root => isThere(root)),
    delete: (which: object | Id) =>
      within(which, root => {
        if (!isThere(root)) return false
        look(root)
        root.delete()
        return true
      }),
    commit: (...objects: readonly object[]) => own.commit(objects.map(mine)),
    commitAll: own.saveAll,
    flush: own.flush,
    transaction: own.transaction,
    undo: (which?: object | Id, n = 1) => turn('undo', which, n),
    redo: (which?: object | Id, n = 1) => turn('redo', which, n),
    changes: (key?: Id) =>
      key === undefined ? everyChange() : within(key, root => (root ? changes(root.object) : [])),
    onChange: own.onChange,
    subscribe: own.subscribe,
    problems: () => own.problems().map(({ object, problem }) => ({ object, error: problem })),
    close: own.close,
    [Symbol.asyncDispose]: own.close,
  }

  function prepared(object: object) {
    own.check()
    return source.prepare(object)
  }

  /** Does the work with the object of a key, there or not. Who has waited may find that others have made it meanwhile. */
  function brought<R>(key: Id, work: (root: Root | undefined) => R): MaybePromise<R> {
    return when(bring(key), known => work(known ?? roots.get(toKey(key))))
  }

  function keyOf(object: object, given: object): Id | undefined {
    const { keyProperty } = source
    return keyProperty ? given[keyProperty as never] : source.prepare(object).key
  }

  function added(known: Root | undefined, key: Id, data: object): object {
    const root = known ?? own.make(key)
    root.add(data)
    return root.object
  }

  /** The whole object of one of ours, there or not. */
  function mine(object: object): Root {
    const root = rootOf(object)
    if (!own.owns(root)) throw new TypeError(`${root.key} is an object of another live store`)
    return root
  }

  function within<R>(which: object | Id, work: (root: Root | undefined) => R): MaybePromise<R> {
    own.check()
    if (typeof which !== 'object') return brought(which, work)
    return work(nodeOf(which) ? mine(which) : undefined)
  }

  function turn(direction: Direction, which: object | Id | undefined, n: number): MaybePromise<number> {
    if (which !== undefined) {
      return within(which, root => {
        if (!root) return 0
        look(root)
        return turnBack(root, direction, n)
      })
    }
    own.check()
    const all = own.all()
    for (const root of all) if (root.holder === undefined) look(root)
    // who changes something anew ends what can be done again, of whatever object
    const since = direction === 'redo' ? latest(all, ({ past }) => past.newest) : 0
    const next = all.filter(({ past }) => past.turn(direction) > since)
    const last = latest(next, ({ past }) => past.turn(direction))
    const first = next.find(({ past }) => past.turn(direction) === last)
    if (!first) return 0
    const made = (root: Root) => root.past.next(direction)[0]?.transaction
    const transaction = made(first)
    const together = transaction === undefined ? [first] : next.filter(root => made(root) === transaction)
    turnTogether(together, direction)
    return together.length
  }

  function everyChange() {
    const steps = own.all().flatMap(({ past }) => past.steps)
    return steps.sort((a, b) => a.sequence - b.sequence).map(toChange)
  }

  function* objects(test: Test = () => true): Generator<object> {
    own.check()
    for (const { object } of loaded()) if (test(object as never)) yield object
  }

  async function* objectsLater(test: Test | Query = ''): AsyncGenerator<object> {
    own.check()
    const isTest = typeof test === 'function'
    for await (const { object } of matching(isTest ? '' : test)) if (!isTest || test(object as never)) yield object
  }

  async function firstLater(test: Test | Query): Promise<object | undefined> {
    for await (const object of objectsLater(test)) return object
    return undefined
  }

  const atOnce = {
    get size() {
      let size = 0
      for (const _ of loaded()) size++
      return size
    },
    *keys() {
      for (const { key } of loaded()) yield key
    },
    values: () => objects(),
    all: () => objects(),
    [Symbol.iterator]: () => objects(),
    filter: (test: Test | Query) => (typeof test === 'function' ? objects(test) : objectsLater(test)),
    first: (test: Test | Query) => (typeof test === 'function' ? objects(test).next().value : firstLater(test)),
  }
  const later = {
    async count() {
      let count = 0
      for await (const _ of matching()) count++
      return count
    },
    async *keys() {
      for await (const { key } of matching()) yield key
    },
    values: () => objectsLater(),
    all: () => objectsLater(),
    [Symbol.asyncIterator]: () => objectsLater(),
    filter: objectsLater,
    first: firstLater,
  }
  const all = Object.getOwnPropertyDescriptors(isLazy ? { ...inTheirTime(common), ...later } : atOnce)
  return Object.freeze(Object.defineProperties(common, all))
}

function latest(roots: readonly Root[], of: (root: Root) => number): number {
  return roots.reduce((last, root) => Math.max(last, of(root)), 0)
}

/** What may have to read first always gives a promise. */
function inTheirTime(methods: object): object {
  const names = ['add', 'set', 'upsert', 'get', 'has', 'delete', 'undo', 'redo', 'changes']
  const later =
    (method: (...given: unknown[]) => unknown) =>
    async (...given: unknown[]) =>
      method(...given)
  return Object.fromEntries(names.map(name => [name, later(methods[name as never])]))
}
