import { expect } from 'chai'
import type { Expression } from '../../../lib/query/expression.js'
import { plan } from '../../../lib/query/plan.js'
import { run } from '../../../lib/query/run.js'
import type { QueryOptions } from '../../../lib/store.js'
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
})
