/** The answers of an aggregate are those of a memory that holds the whole objects: the same queries on random data. */
import { expect } from 'chai'
import { type Expression, expression } from '../../lib/query/expression.js'
import { print } from '../../lib/query/print.js'
import { define } from '../../lib/query/project.js'
import type { Data, Id, Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { aggregate, type Part } from '../../wrappers/aggregate.js'
import { all } from '../conformance/case.js'
import { condition, list, pick, type Random, random, seed, stage, value } from '../lib/query/random.js'

const sets = process.env.GATE ? 3000 : 300
const queries = 20

const names = ['a', 'b', 'c', 'list', 'a.b', 'a/b', '__proto__', 'constructor', 'toString', 'length', '', '+a', '$1']
const ids: readonly Id[] = [...Array(20).keys(), ...Array.from('abcdefgh'), '__proto__', 'a/b']

/** Who keeps what: the properties of a, those of b, the rest. In the order of the parts. */
type Kept = { readonly a: readonly string[]; readonly b: readonly string[] }
type Shape = (kept: Kept) => readonly Part[]
const keyed = () => ({ store: memory({ idProperty: 'key' }), idProperty: 'key' })

const shapes: readonly Shape[] = [
  ({ a }) => [{ store: memory(), properties: a }, { store: memory() }],
  ({ b }) => [{ store: memory() }, { store: memory(), properties: b }],
  ({ a, b }) => [{ store: memory(), properties: a }, { ...keyed(), properties: b }, { store: memory() }],
  ({ a, b }) => [{ ...keyed() }, { store: memory(), properties: a }, { store: memory(), properties: b }],
]

describe('queries of an aggregate', () => {
  for (const [kind, shape] of shapes.entries()) {
    for (const atomic of [true, false] as const) {
      it(`equal those of a memory, shape ${kind}${atomic ? '' : ', not atomic'}, SEED=${seed}`, async () => {
        for (let run = 0; run < sets / 10; run++) await compare(shape, random(seed + kind * 10_007 + run), atomic)
      })
    }
  }
  it(`equal those of a memory, with sqlite, SEED=${seed}`, async () => {
    const shape: Shape = ({ a }) => [{ store: memory() }, { store: sqlite({ path: ':memory:' }), properties: a }]
    for (let run = 0; run < sets / 5; run++) await compare(shape, random(seed + run), true)
  })
})

async function compare(shape: Shape, next: Random, atomic: boolean): Promise<void> {
  const owners = names.map(() => pick(next, ['a', 'b', 'rest']))
  const kept = { a: names.filter((_, at) => owners[at] === 'a'), b: names.filter((_, at) => owners[at] === 'b') }
  const parts = shape(kept)
  const store: Store = atomic ? aggregate(parts) : aggregate(parts, { atomic: false })
  const order = namesInOrder(parts)
  const whole = memory()
  for (const object of list(next, 25, () => thing(next, order))) {
    await whole.put(object)
    await store.put?.(object)
  }
  for (let asked = 0; asked < queries; asked++) {
    const query = question(next)
    const text = print(query)
    expect(await outcome(() => all(store, query)), text).to.deep.equal(await outcome(() => all(whole, query)))
    expect(await outcome(() => store.count?.(query)), text).to.equal(await outcome(() => whole.count(query)))
  }
  await store.close?.()
}

/** The order in which a query of all values shows the properties: that of the parts. */
function namesInOrder(parts: readonly Part[]): readonly string[] {
  const named = new Set(parts.flatMap(({ properties = [] }) => properties))
  return parts.flatMap(({ properties }) => properties ?? names.filter(name => !named.has(name)))
}

function thing(next: Random, order: readonly string[]): Data {
  const object: Data = { id: pick(next, ids) }
  for (const name of order) if (next() < 0.4) define(object, name, value(next, 2, true))
  return object
}

function question(next: Random): Expression {
  const byId = () => {
    const kind = pick(next, ['eq', 'ne', 'gt', 'le', 'in'])
    return expression(kind, 'id', kind === 'in' ? list(next, 6, () => pick(next, ids)) : pick(next, ids))
  }
  const term = (): Expression => {
    const chance = next()
    if (chance < 0.2) return byId()
    if (chance < 0.3) return expression('or', byId(), condition(next, 1))
    if (chance < 0.4) return expression('not', expression('and', byId(), condition(next, 1)))
    return condition(next, 2)
  }
  return expression('and', ...list(next, 2, term), ...list(next, 2, () => stage(next)))
}

/** What is given, or the name of what is thrown. */
async function outcome(work: () => unknown): Promise<unknown> {
  try {
    return await work()
  } catch (error) {
    return (error as Error).name
  }
}
