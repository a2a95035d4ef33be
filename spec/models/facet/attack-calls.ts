/** Random calls of a holder, some of them hostile, and all that he gets for them. */
import { expression } from '../../../lib/query/expression.js'
import type { Random } from '../../oracle/random.js'
import type { Any } from './attack-configurations.js'
import { canary } from './attack-world.js'
import { hostile } from './hostile.js'

export interface Calls {
  /** What he got: results and errors, in order. */
  readonly got: unknown[]
  /** The names of what was called. */
  readonly called: Set<string>
}

const idsOfAll = ['m0', 'm1', 'm2', 'm3', 'y0', 'y1', 'y2', 'new1', 'new2', 'nobody', '__proto__', 7]
const names = [
  'name',
  'owner',
  'age',
  'email',
  'ssn',
  'card',
  'tags',
  'home',
  'code',
  'id',
  'label',
  'other',
  '__proto__',
]
const guesses = ['me', `${canary}-A-ssn1`, `${canary}-A-owner`, 'Mine 1', 22, 0, null, true]

/** Makes calls on the facet, and on what it gives. */
export async function callsOn(facet: Any, random: Random, count: number): Promise<Calls> {
  const got: unknown[] = []
  const called = new Set<string>()
  const held: Any[] = []
  const { pick, chance, below } = random

  const value = (): unknown =>
    chance(0.15) ? hostile(random) : pick([...guesses, { city: 'x', rooms: below(3) }, [pick(guesses)]])
  const id = (): unknown => (chance(0.1) ? hostile(random) : pick(idsOfAll))
  function object(): Record<string, unknown> {
    if (chance(0.1)) return hostile(random) as never
    const made: Record<string, unknown> = chance(0.5) ? { id: id() } : {}
    for (let at = below(4); at > 0; at--) {
      Object.defineProperty(made, pick(names), { value: value(), writable: true, enumerable: true, configurable: true })
    }
    return made
  }
  function options(): unknown {
    if (chance(0.5)) return undefined
    if (chance(0.15)) return hostile(random)
    const all = {
      ifMatch: pick(['*', '"tag"', object(), undefined]),
      ifNoneMatch: pick(['*', undefined]),
      id: id(),
      reason: 'r',
    }
    const more = {
      actor: 'somebody',
      group: { join: () => true },
      type: 'x',
      since: 0,
      limit: 1,
      start: below(3),
      parameters: [1],
    }
    const made: Record<string, unknown> = {}
    for (const [name, content] of Object.entries({ ...all, ...(chance(0.2) && more) }))
      if (chance(0.3)) made[name] = content
    return made
  }
  function query(): unknown {
    if (chance(0.08)) return hostile(random)
    if (chance(0.1)) return expression(pick(['eq', 'ne', 'lt', 'ge']), pick(names), pick(guesses))
    if (chance(0.05)) return { name: 'and', args: [{ name: 'eq', args: [pick(names), pick(guesses)] }] }
    const name = () => encodeURIComponent(pick(names))
    const parts = Array.from({ length: 1 + below(3) }, () =>
      pick([
        () => `${name()}=${encodeURIComponent(String(pick(guesses)))}`,
        () => `gt(${name()},${below(30)})`,
        () => `match(${name()},glob:*${pick(['M', 'C', 'A'])}*)`,
        () => `match(${name()},${canary})`,
        () => `contains(${name()},${pick(['a', canary])})`,
        () => `contains(tags,eq(label,t${below(3)}))`,
        () => `or(eq(${name()},me),gt(age,${below(30)}))`,
        () => `not(eq(${name()},me))`,
        () => `sort(${pick(['+', '-'])}${name()})`,
        () => `limit(${pick([1, 2, 50])},${below(3)})`,
        () => `select(${name()},${name()})`,
        () => `unselect(${name()})`,
        () => `values(${name()})`,
        () => 'values()',
        () => 'distinct()',
        () => 'recurse()',
        () => `recurse(${name()})`,
        () => `aggregate(${name()},count())`,
        () => `max(${name()})`,
        () => 'min()',
        () => 'sum(age)',
        () => 'exists()',
        () => `in(${name()},(me,${canary}-A-owner))`,
        () => `rel(boss,${name()}=${pick(['me', canary])})`,
        () => 'rel(reports)',
        () => 'first()',
        () => 'count()',
      ])(),
    )
    return chance(0.7) ? [...parts, 'limit(3)'].join('&') : parts.join('&')
  }

  async function keep(name: string, work: () => unknown): Promise<void> {
    called.add(name)
    try {
      const result = await work()
      got.push(result)
      for (const each of [result].flat()) if (typeof each === 'object' && each !== null) held.push(each)
    } catch (error) {
      got.push(error)
    }
  }

  async function iterate(iterator: Any, times: number): Promise<unknown[]> {
    const items: unknown[] = []
    for (let at = 0; at < times; at++) {
      const { value: item, done } = await iterator.next()
      if (done) break
      items.push(item)
    }
    await iterator.return()
    return items
  }

  const steps: Record<string, (on: Any) => unknown> = {
    get: on => on.get(id(), options()),
    query: on => {
      const cursor = on.query(query(), options())
      const way = pick(['toArray', 'first', 'one', 'count', 'iterate', 'more', 'values', 'sum'])
      if (way === 'iterate') return iterate(cursor[Symbol.asyncIterator](), below(4))
      if (way === 'more')
        return cursor
          .eq(pick(names), value())
          .and((q: Any) => q.gt('age', 1))
          .limit(2)
          .toArray()
      if (way === 'values') return cursor.values(pick(names)).limit(3).toArray()
      if (way === 'sum') return cursor[pick(['sum', 'max', 'min', 'mean'])](pick(names))
      return cursor[way]()
    },
    count: on => on.count(query(), options()),
    put: on => on.put(object(), options()),
    add: on => on.add(object(), options()),
    delete: on => on.delete(id(), options()),
    update: on =>
      on.update(
        id(),
        (each: Any) => {
          got.push(structuredClone({ ...each }))
          each[pick(names)] = value()
          return chance(0.3) ? object() : undefined
        },
        options(),
      ),
    patch: on =>
      on.patch(
        id(),
        chance(0.5)
          ? object()
          : [
              { op: pick(['add', 'replace', 'test', 'remove']), path: `/${pick(names)}`, value: value() },
              { op: pick(['copy', 'move']), from: `/${pick(names)}`, path: '/name' },
            ],
        options(),
      ),
    getAll: on => on.getAll([id(), id()], options()),
    putAll: on => on.putAll([object(), object()], options()),
    deleteAll: on => on.deleteAll(chance(0.5) ? [id(), id()] : query(), options()),
    everything: on => on.everything(value()),
    own: on => on.own(value()),
    itself: on => on.itself(),
    cursor: on => on.cursor(),
    transaction: async on => {
      const tx = await on.transaction(options())
      try {
        for (let at = below(3); at >= 0; at--) await step(tx, 1)
      } finally {
        await tx[pick(['commit', 'abort'])]()
      }
      await step(tx, 1)
    },
    subscribe: async on => {
      const changes = on.subscribe(query(), options())
      const first = changes.next()
      first.then(
        (each: unknown) => got.push(each),
        (error: unknown) => got.push(error),
      )
      await step(on, 1)
      await changes.return()
    },
  }

  async function step(on: Any, chanceOfFacet: number): Promise<void> {
    if (held.length > 0 && !chance(chanceOfFacet)) {
      const instance = pick(held)
      const name = pick(['save', 'load', 'delete', 'link', 'links', 'greet', 'tell', 'ownOne'])
      if (typeof instance[name] !== 'function') return
      const changed = chance(0.5) && Object.isExtensible(instance) ? pick(names) : undefined
      if (changed) {
        Reflect.defineProperty(instance, changed, {
          value: value(),
          writable: true,
          enumerable: true,
          configurable: true,
        })
      }
      called.add(name === 'save' ? 'put' : name === 'load' ? 'get' : name)
      const on = chance(0.1) ? pick(held) : instance
      await keep(name, () => instance[name].call(on, pick<unknown>(['boss', 'reports', options(), value()])))
      // what he has put there himself is no find
      if (changed) Reflect.deleteProperty(instance, changed)
      return
    }
    const open = Object.keys(steps).filter(name => typeof on[name] === 'function')
    if (open.length === 0) return
    const name = pick(open)
    await keep(name, () => steps[name]?.(on))
  }

  for (let at = 0; at < count; at++) await step(facet, 0.7)
  return { got, called }
}
