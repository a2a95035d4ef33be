import assert from 'node:assert/strict'
import { all, fill, law, needs, refused } from '../case.js'
import { people } from './people.js'

const queried = needs('put', 'query')

/** What a query gives that is not whole objects. */
const given: readonly [query: string, result: unknown][] = [
  ['select(name)&limit(2)', [{ name: 'Ada' }, { name: 'Bo' }]],
  [
    'select(id,age)&limit(5)',
    [{ id: 1, age: 36 }, { id: 2, age: 7 }, { id: 3, age: 36 }, { id: 4, age: '36' }, { id: 5 }],
  ],
  ['name=Bo&unselect(name,tags,address)', [{ id: 2, age: 7, city: 'Oslo' }]],
  ['values(age)', [36, 7, 36, '36', 36.5, 0]],
  ['sort(-name)&values(name)&limit(2)', ['ada', 'Ed & Flo']],
  ['values(city)&distinct()', ['London', 'Oslo', null, 'Paris', 'london']],
  ['count()', [7]],
  ['city=Oslo&count()', [2]],
  ['name=Nobody&count()', [0]],
  ['limit(3)&count()', [3]],
  ['sum(age)', [115.5]],
  ['name=Nobody&sum(age)', [0]],
  ['city=Oslo&mean(age)', [21.5]],
  ['name=Nobody&mean(age)', []],
  ['city=Oslo&min(age)', [7]],
  ['city=Oslo&max(age)', [36]],
  ['name=Nobody&max(age)', []],
  ['min(name)', ['']],
  ['max(age)', ['36']],
  ['values(age)&sum()', [115.5]],
  [
    'limit(3)&aggregate(city,count())',
    [
      { city: 'London', 0: 1 },
      { city: 'Oslo', 0: 2 },
    ],
  ],
  [
    'aggregate(city,sum(age),max(name))&limit(2)',
    [
      { city: 'London', 0: 72.5, 1: 'ada' },
      { city: 'Oslo', 0: 43, 1: 'Cy' },
    ],
  ],
]

const refusedQueries: readonly [query: string, why: string][] = [
  ['unknown(x)', 'an operator that is none'],
  ['constructor()', 'a method of every object'],
  ['toString()', 'another'],
  ['__defineGetter__(0,count())', 'a third'],
  ['__proto__(x)', 'the prototype'],
  ['a=1&b=2|c=3', 'and and or on one level'],
  ['(a=1', 'an open parenthesis'],
  ['a=1)', 'a closing parenthesis'],
  ['eq(a', 'an open call'],
  ['a=%zz', 'broken percent-encoding'],
  ['a=%ff', 'percent-encoding that is no UTF-8'],
  ['a=$1', 'a parameter that is not given'],
  ['a=number:x', 'a number that is none'],
  ['a=date:tomorrow', 'a date that is none'],
  ['limit(-1)', 'a negative limit'],
  ['limit(x)', 'a limit that is no number'],
  ['eq(a)&eq()', 'missing arguments'],
  ['or(sort(a),b=1)', 'a sort in an or'],
  ['('.repeat(500) + ')'.repeat(500), 'deep nesting'],
]

export const results = law('law 8: projections, reductions and what is refused', [
  ...given.map(([query, expected]) =>
    queried(`${query}`, async ({ store }) => {
      await fill(store, people)
      assert.deepEqual(await all(store, query), expected)
    }),
  ),
  ...refusedQueries.map(([query, why]) =>
    queried(`refused: ${why}`, async ({ store }) => {
      await fill(store, people)
      await refused(() => all(store, query), 'DataError')
    }),
  ),
  queried('one() on nothing, and on two', async ({ store }) => {
    await fill(store, people)
    await refused(() => all(store, 'name=Nobody&one()'), 'NotFoundError')
    await refused(() => all(store, 'city=Oslo&one()'), 'ConstraintError')
  }),
  needs(
    'put',
    'query',
    'setSchema',
  )('an index changes no result', async ({ store }) => {
    await fill(store, people)
    const properties = ['age', 'city', 'name'].map(name => [name, { index: true }])
    store.setSchema({ properties: Object.fromEntries(properties) })
    for (const [query, expected] of given) assert.deepEqual(await all(store, query), expected, query)
  }),
])
