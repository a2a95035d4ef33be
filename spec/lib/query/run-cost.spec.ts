import { expect } from 'chai'
import { type Expression, expression as e } from '../../../lib/query/expression.js'
import { plan } from '../../../lib/query/plan.js'
import { counted, run } from '../../../lib/query/run.js'
import type { QueryOptions } from '../../../lib/store.js'
import { condition, list, name, pick, random, seed, stage, value } from './random.js'
import { answer } from './reference.js'
import { refused } from './refusal.js'

const ask = (objects: Iterable<object>, query: string | Expression, options?: QueryOptions) => [
  ...run(objects, plan(query, options)),
]

describe('query/run, its cost, and at random', () => {
  it('reads no more than it needs', () => {
    let reads = 0
    function* many() {
      for (let id = 0; id < 1000; id++) {
        reads++
        yield { id }
      }
    }
    const costs: [query: string, reads: number][] = [
      ['limit(3)', 3],
      ['limit(3,2)', 5],
      ['limit(0)', 0],
      ['id>9&limit(1)', 11],
      ['first()', 1],
      ['select(id)&limit(2)', 2],
      ['distinct()&limit(2)', 2],
      ['values(id)&limit(2)', 2],
    ]
    for (const [query, most] of costs) {
      reads = 0
      ask(many(), query)
      expect(reads, query).to.equal(most)
    }
    reads = 0
    run(many(), plan('id>9&sort(id)&limit(1)'))
    expect(reads, 'nothing before the first item is asked for').to.equal(0)
    refused(() => ask(many(), 'one()'), '', 'ConstraintError')
    expect(reads).to.equal(2)
  })

  it('keeps few of many to find the first of them', () => {
    let alive = 0
    function* many() {
      for (let id = 0; id < 5000; id++)
        yield {
          id,
          get a() {
            alive++
            return (id * 7919) % 5000
          },
        }
    }
    expect(ask(many(), 'sort(a)&limit(3,1)&values(a)')).to.deep.equal([1, 2, 3])
    expect(alive, 'each key is read once').to.equal(5003)
  })

  it(`agrees with the plain way (SEED=${seed})`, () => {
    const next = random()
    for (let turn = 0; turn < 3000; turn++) {
      const objects = list(next, 12, () => Object.fromEntries(list(next, 6, () => [name(next), value(next, 2, true)])))
      const stages = list(next, 3, () => stage(next)).filter(({ name }) => !['unselect', 'aggregate'].includes(name))
      const terms = next() < 0.5 ? [condition(next, 1), ...stages] : stages
      const planned = plan(e('and', ...terms), pick(next, [{}, { start: 1 }, { start: 1, end: 3 }, { end: 0 }]))
      const before = structuredClone(objects)
      const what = `turn ${turn}: ${JSON.stringify([planned, objects], show)}`
      const result = [...run(objects, planned)]
      expect(result, what).to.deep.equal(answer(objects, planned))
      expect(counted(objects, planned), what).to.equal(result.length)
      expect(objects, what).to.deep.equal(before)
    }
  })

  it(`finds the same first ones as a whole sort (SEED=${seed})`, () => {
    const next = random()
    for (let turn = 0; turn < 300; turn++) {
      const objects = Array.from({ length: 300 }, (_, id) => ({
        id,
        a: Math.floor(next() * 20),
        b: Math.floor(next() * 5),
      }))
      const [count, start] = [Math.floor(next() * 90), Math.floor(next() * 60)]
      const query = `sort(${pick(next, ['+a', '-a'])},${pick(next, ['b', '-b'])})`
      const whole = ask(objects, query)
      expect(ask(objects, `${query}&limit(${count},${start})`)).to.deep.equal(whole.slice(start, start + count))
      expect(ask(objects, query, { start, end: start + count })).to.deep.equal(whole.slice(start, start + count))
    }
  })
})

const show = (_: string, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each)
