import assert from 'node:assert/strict'
import { fill, ids, law, needs, type Thing } from '../case.js'

const queried = needs('put', 'query')

/** One value of each place in the total order, in that order; `undefined` is a missing property. */
const ascending: readonly unknown[] = [
  undefined,
  false,
  true,
  -1e300,
  -(10n ** 30n),
  -1,
  0,
  0.5,
  1,
  2n ** 53n + 1n,
  1e300,
  10n ** 400n,
  new Date(-1),
  new Date(0),
  new Date(5),
  '',
  'A',
  'Z',
  'a',
  'aa',
  'b',
  '\u00e9',
  '\u{ff5e}',
  '\u{1f600}',
  new Uint8Array(0),
  Uint8Array.of(0),
  Uint8Array.of(1, 2),
  Uint8Array.of(2),
  [],
  [1],
  [1, 2],
  ['a'],
  {},
  { a: 1 },
  { a: 2 },
  { b: 0 },
]

const mixed: Thing[] = ascending.map((value, n) => ({ id: n, value }))
/** A fixed shuffle: 7 and 36 have no common divisor. */
const shuffled = mixed.map((_, n) => mixed[(n * 7 + 3) % mixed.length] as Thing)
const inOrder = mixed.map(({ id }) => id)

const typed: readonly [string, string, (value: unknown) => boolean][] = [
  ['numbers', 'value>number:-1e300&value<number:1e301', value => typeof value === 'number' && value > -1e300],
  ['strings', 'value>=string:', value => typeof value === 'string'],
  ['dates', 'value>=date:1970-01-01', value => value instanceof Date && value.getTime() >= 0],
  ['booleans', 'value<=true', value => typeof value === 'boolean'],
]

export const order = law('law 7: one total order', [
  queried('sort ascending over all types', async ({ store }) => {
    await fill(store, shuffled)
    assert.deepEqual(await ids(store, 'sort(value)'), inOrder)
    assert.deepEqual(await ids(store, 'sort(+value)'), inOrder)
  }),
  queried('sort descending over all types', async ({ store }) => {
    await fill(store, shuffled)
    assert.deepEqual(await ids(store, 'sort(-value)'), [...inOrder].reverse())
  }),
  queried('missing and null are the same, ties go by id', async ({ store }) => {
    await fill(store, [{ id: 3 }, { id: 1, value: null }, { id: 2 }, { id: 0, value: false }])
    assert.deepEqual(await ids(store, 'sort(value)'), [1, 2, 3, 0])
    assert.deepEqual(await ids(store, 'sort(-value)'), [0, 1, 2, 3])
  }),
  queried('ties go by id, ascending, whatever the direction', async ({ store }) => {
    await fill(store, [
      { id: 'b', n: 1 },
      { id: 10, n: 1 },
      { id: 'a', n: 1 },
      { id: 9, n: 1 },
    ])
    assert.deepEqual(await ids(store, 'sort(n)'), [9, 10, 'a', 'b'])
    assert.deepEqual(await ids(store, 'sort(-n)'), [9, 10, 'a', 'b'])
  }),
  queried('several keys, each in its direction', async ({ store }) => {
    await fill(store, [
      { id: 1, a: 1, b: 1 },
      { id: 2, a: 1, b: 2 },
      { id: 3, a: 2, b: 1 },
      { id: 4, a: 2, b: 2 },
    ])
    assert.deepEqual(await ids(store, 'sort(-a,+b)'), [3, 4, 1, 2])
    assert.deepEqual(await ids(store, 'sort(b,-a)'), [3, 1, 4, 2])
  }),
  queried('a number and an equal bigint are equal', async ({ store }) => {
    await fill(store, [
      { id: 1, n: 5n },
      { id: 2, n: 5 },
      { id: 3, n: 6n },
    ])
    assert.deepEqual(await ids(store, 'n=5'), [1, 2])
    assert.deepEqual(await ids(store, 'n=bigint:5'), [1, 2])
    assert.deepEqual(await ids(store, 'n>5'), [3])
  }),
  ...typed.map(([kind, query, is]) =>
    queried(`a range of ${kind} matches nothing else`, async ({ store }) => {
      await fill(store, shuffled)
      const expected = mixed.filter(({ value }) => is(value)).map(({ id }) => id)
      const found = await ids(store, query)
      assert.deepEqual(
        found.filter(id => typeof ascending[id as number] !== 'bigint'),
        expected,
      )
    }),
  ),
  queried('lt with a number never matches a string', async ({ store }) => {
    await fill(store, [{ id: 1, age: 4 }, { id: 2, age: '4' }, { id: 3, age: null }, { id: 4 }, { id: 5, age: true }])
    assert.deepEqual(await ids(store, 'lt(age,5)'), [1])
    assert.deepEqual(await ids(store, 'le(age,string:5)'), [2])
  }),
  queried('eq(p,null) matches null and missing, ne everything else', async ({ store }) => {
    await fill(store, [{ id: 1, p: null }, { id: 2 }, { id: 3, p: 0 }, { id: 4, p: '' }, { id: 5, p: false }])
    assert.deepEqual(await ids(store, 'eq(p,null)'), [1, 2])
    assert.deepEqual(await ids(store, 'ne(p,null)'), [3, 4, 5])
  }),
  queried('sort by id is the order of values of the ids', async ({ store }) => {
    await fill(store, [{ id: 10 }, { id: 'x' }, { id: 9 }, { id: 'Y' }])
    assert.deepEqual(await ids(store, 'sort(id)'), [9, 10, 'Y', 'x'])
    assert.deepEqual(await ids(store, 'sort(-id)'), ['x', 'Y', 10, 9])
  }),
])
