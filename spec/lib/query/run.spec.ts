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

const products = [
  { id: 1, name: 'ten', price: 10, tags: ['fun', 'even'] },
  { id: 2, name: 'five', price: 5, tags: ['fun'] },
  { id: 3, name: 'five', price: 15 },
]

describe('query/run', () => {
  const cases: [query: string, result: unknown[]][] = [
    ['sum(price)', [30]],
    ['price>5&sum(price)', [25]],
    ['sum(name)', [0]],
    ['price>99&sum(price)', [0]],
    ['mean(price)', [10]],
    ['price>99&mean(price)', []],
    ['min(price)', [5]],
    ['max(name)', ['ten']],
    ['max(missing)', []],
    ['count()', [3]],
    ['price>99&count()', [0]],
    ['values(price)&sum()', [30]],
    ['values(name)', ['ten', 'five', 'five']],
    ['values(name)&distinct()', ['ten', 'five']],
    ['values(tags)', [['fun', 'even'], ['fun']]],
    [
      'values(id,tags)',
      [
        [1, ['fun', 'even']],
        [2, ['fun']],
        [3, null],
      ],
    ],
    ['price=5&values()', [[2, 'five', 5, ['fun']]]],
    [
      'aggregate(name,sum(price))',
      [
        { name: 'ten', 0: 10 },
        { name: 'five', 0: 20 },
      ],
    ],
    [
      'aggregate(name,count(),max(tags))',
      [
        { name: 'ten', 0: 1, 1: ['fun', 'even'] },
        { name: 'five', 0: 2, 1: ['fun'] },
      ],
    ],
    ['aggregate(sum(price))', [{ 0: 30 }]],
    ['sort(price)&values(id)', [2, 1, 3]],
    ['sort(-price)&values(id)', [3, 1, 2]],
    ['sort(+name,-price)&values(id)', [3, 2, 1]],
    ['sort(tags)&values(id)', [3, 2, 1]],
    ['sort(-tags)&values(id)', [1, 2, 3]],
    ['sort(missing)&values(id)', [1, 2, 3]],
    ['limit(2)&values(id)', [1, 2]],
    ['limit(2,1)&values(id)', [2, 3]],
    ['limit(Infinity,2)&values(id)', [3]],
    ['limit(0)', []],
    ['limit(1,0,1)&values(id)', [1]],
    ['limit(1)&price>5&values(id)', [1]],
    ['limit(2)&sort(price)&limit(1)&values(id)', [2]],
    ['sort(price)&first()&values(id)', [2]],
    ['price>99&first()', []],
    ['price=10&one()&values(id)', [1]],
    ['select(name)&limit(1)', [{ name: 'ten' }]],
    ['price=15&select(tags,id)', [{ id: 3 }]],
    ['price=15&unselect(name,price)', [{ id: 3 }]],
    ['values(name)&select(length)', [{}, {}, {}]],
    ['values(name)&sort(length)&limit(1)', ['ten']],
  ]
  for (const [query, result] of cases) {
    it(query, () => expect(ask(products, query)).to.deep.equal(result))
  }

  it('keeps the order of what is asked for in a selection', () => {
    expect(JSON.stringify(ask(products, 'select(price,id)&limit(1)'))).to.equal('[{"price":10,"id":1}]')
  })

  it('selects and leaves out nested properties in their place, and changes no object', () => {
    const inner = Object.freeze({ b: 1, c: 2, d: 3 })
    const object = Object.freeze({ a: inner, e: 4, 'a/b': 5 })
    expect(ask([object], 'select(a/b,a/d)')).to.deep.equal([{ a: { b: 1, d: 3 } }])
    expect(ask([object], 'select(a,a/b)')).to.deep.equal([{ a: inner }])
    expect(ask([object], 'select(a/b,a)')).to.deep.equal([{ a: inner }])
    expect(ask([object], 'select(a/b/x,e/x,x/y)')).to.deep.equal([{ a: {} }])
    expect(ask([object], 'select(a%2Fb)')).to.deep.equal([{ 'a/b': 5 }])
    expect(ask([object], 'unselect(a/b,e)')).to.deep.equal([{ a: { c: 2, d: 3 }, 'a/b': 5 }])
    expect(ask([object], 'unselect(a/b,a)')).to.deep.equal([{ e: 4, 'a/b': 5 }])
  })

  it('keeps properties of any name as own properties', () => {
    const object = JSON.parse('{"__proto__":{"x":1},"constructor":2,"id":1}')
    for (const query of ['select(__proto__,constructor)', 'unselect(id)', 'aggregate(__proto__,constructor)']) {
      const [result] = ask([object], query) as [object]
      expect(Object.keys(result), query).to.deep.equal(['__proto__', 'constructor'])
      expect(Object.getPrototypeOf(result), query).to.equal(Object.prototype)
    }
  })

  it('sorts by the one order of values, what is missing first', () => {
    const ordered = [
      undefined,
      null,
      false,
      true,
      -1,
      0.5,
      1n,
      new Date(0),
      '',
      'a',
      '\uffff',
      '😀',
      Uint8Array.of(1),
      [],
      [1],
      {},
    ]
    const objects = ordered.map((a, id) => (a === undefined ? { id } : { id, a }))
    const shuffled = [7, 3, 12, 0, 15, 1, 9, 4, 14, 11, 2, 13, 5, 10, 6, 8].map(at => objects[at] as object)
    const ids = Array.from(objects.keys())
    const withoutTies = (sorted: unknown[]) => sorted.filter(id => id !== 0 && id !== 1)
    expect(withoutTies(ask(shuffled, 'sort(a)&values(id)'))).to.deep.equal(ids.slice(2))
    expect(withoutTies(ask(shuffled, 'sort(-a)&values(id)'))).to.deep.equal(ids.slice(2).reverse())
    expect(ask(objects, 'sort(a)&values(id)').slice(0, 2)).to.deep.equal([0, 1])
    expect(ask(objects, 'sort(-a)&values(id)').slice(-2), 'ties stay as they came').to.deep.equal([0, 1])
  })

  it('takes equal values for one, and no others', () => {
    const values = [
      1,
      '1',
      1n,
      true,
      'true',
      null,
      new Date(1),
      '1970-01-01T00:00:00.001Z',
      [1],
      ['1'],
      [[1]],
      '1',
      [1n],
      [new Date(1)],
    ]
    values.push(
      { a: 1, b: 2 } as never,
      { b: 2, a: 1 } as never,
      { a: 1 } as never,
      Uint8Array.of(1) as never,
      9007199254740993n,
      2 ** 53,
    )
    const distinct = ask(
      values.map(a => ({ a })),
      'values(a)&distinct()',
    )
    const at = (...positions: number[]) => positions.map(position => values[position])
    expect(distinct).to.deep.equal(at(0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 16, 17, 18, 19))
    expect(ask([{ a: 1 }, { a: 1n }, {}, { a: null }], 'aggregate(a,count())')).to.deep.equal([
      { a: 1, 0: 2 },
      { 0: 2 },
    ])
  })

  it('keeps groups apart', () => {
    const objects = [
      { a: 'x,y', b: 'z' },
      { a: 'x', b: 'y,z' },
      { a: '1', b: '' },
      { a: 1, b: '' },
      { a: ['1'], b: '' },
    ]
    expect(ask(objects, 'aggregate(a,b,count())')).to.deep.equal(objects.map(object => ({ ...object, 0: 1 })))
  })

  it('adds numbers and bigints, and skips the rest', () => {
    const sum = (...values: unknown[]) =>
      ask(
        values.map(a => ({ a })),
        'sum(a)',
      )
    expect(sum(1, 2n, '3', null, undefined, new Date(5), [1])).to.deep.equal([3])
    expect(sum(9007199254740993n, 1n)).to.deep.equal([9007199254740994n])
    expect(sum()).to.deep.equal([0])
    expect(ask([{ a: 1n }, { a: 2n }, {}], 'mean(a)')).to.deep.equal([1.5])
    expect(ask([{}, { a: 'x' }, { a: 5 }, { a: null }], 'min(a)')).to.deep.equal([5])
    expect(ask([{}, { a: 'x' }, { a: 5 }, { a: null }], 'max(a)')).to.deep.equal(['x'])
  })

  it('flattens trees', () => {
    const tree = {
      id: 1,
      children: [
        { id: 2, children: [{ id: 3 }] },
        { id: 4, other: { id: 5 } },
      ],
      date: new Date(0),
    }
    expect(ask([tree], 'recurse(children)&values(id)')).to.deep.equal([1, 2, 3, 4])
    expect(ask([tree], 'recurse()&values(id)')).to.deep.equal([1, 2, 3, 4, 5])
    expect(ask([tree], 'recurse(missing)&values(id)')).to.deep.equal([1])
    expect(ask([{ id: 1, next: { id: 2, next: { id: 3 } } }], 'recurse(next)&values(id)')).to.deep.equal([1, 2, 3])
  })

  it('gives one or an error', () => {
    refused(() => ask(products, 'price>99&one()'), 'none matches', 'NotFoundError')
    refused(() => ask(products, 'one()'), 'more match', 'ConstraintError')
  })

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
