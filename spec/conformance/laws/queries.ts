import assert from 'node:assert/strict'
import { all, fill, ids, law, needs, refused } from '../case.js'

const queried = needs('put', 'query')

import { people } from './people.js'

/** What a query finds, by id, in order. */
const found: readonly [query: string, ids: readonly unknown[], parameters?: readonly unknown[]][] = [
  ['', [1, 2, 3, 4, 5, 6, 'x-7']],
  ['name=Ada', [1]],
  ['name==Ada', [1]],
  ['eq(name,Ada)', [1]],
  ['name=eq=Ada', [1]],
  ['name!=Ada', [2, 3, 4, 5, 6, 'x-7']],
  ['age=36', [1, 3]],
  ['age=string:36', [4]],
  ['age=number:36', [1, 3]],
  ['age<36', [2, 'x-7']],
  ['age<=36', [1, 2, 3, 'x-7']],
  ['age>7', [1, 3, 6]],
  ['age>=36', [1, 3, 6]],
  ['age=lt=36', [2, 'x-7']],
  ['age=le=7', [2, 'x-7']],
  ['age=gt=36', [6]],
  ['age=ge=36', [1, 3, 6]],
  ['age=gte=36', [1, 3, 6]],
  ['age=lte=7', [2, 'x-7']],
  ['age%3C36', [2, 'x-7']],
  ['age%3E=36', [1, 3, 6]],
  ['age>=7&age<36.5', [1, 2, 3]],
  ['between(age,(7,36))', [2]],
  ['city=Oslo&age=36', [3]],
  ['city=Oslo|age=36', [1, 2, 3]],
  ['city=Oslo%7Cage=36', [1, 2, 3]],
  ['(city=Oslo|city=Paris)&age<10', [2]],
  ['city=Paris|(city=Oslo&age=36)', [3, 5]],
  ['or(city=Paris,and(city=Oslo,age=36))', [3, 5]],
  ['not(city=Oslo)', [1, 4, 5, 6, 'x-7']],
  ['not(or(city=Oslo,city=London))', [4, 5, 'x-7']],
  ['in(city,(Oslo,Paris))', [2, 3, 5]],
  ['city=in=(Oslo,Paris)', [2, 3, 5]],
  ['in(age,(0,7,string:36))', [2, 4, 'x-7']],
  ['in(city,())', []],
  ['out(city,(Oslo,Paris))', [1, 4, 6, 'x-7']],
  ['contains(tags,math)', [1]],
  ['excludes(tags,math)', [2, 3, 4, 5, 6, 'x-7']],
  ['contains(children,age<5)', [5]],
  ['contains(children,name=Nobody)', []],
  ['contains(name,Flo)', [5]],
  ['exists(age)', [1, 2, 3, 4, 6, 'x-7']],
  ['exists(city)', [1, 2, 3, 5, 6, 'x-7']],
  ['exists(city,false)', [4]],
  ['active=true', [3]],
  ['active=false', [4]],
  ['active=null', [1, 2, 5, 6, 'x-7']],
  ['city=null', [4]],
  ['name=', ['x-7']],
  ['name=string:', ['x-7']],
  ['address/city=Oslo', [2]],
  ['(address,city)=Bergen', [3]],
  ['address/zip=string:0150', [2]],
  ['address/zip=0150', [2]],
  ['address/zip/more=1', []],
  ['a.b=3', [4]],
  ['a/b=4', [4]],
  ['with%2Fslash=yes', ['x-7']],
  ['constructor=own', ['x-7']],
  ['exists(constructor)', ['x-7']],
  ['exists(toString)', []],
  ['constructor/name=Object', []],
  ['__proto__=null', [1, 2, 3, 4, 5, 6, 'x-7']],
  ['exists(__proto__)', []],
  ['tags/length=2', []],
  ['name=Ed%20%26%20Flo', [5]],
  ['note=100%25', [5]],
  ['born=1815-12-10T00:00:00.21Z', [1]],
  ['born=date:1815-12-10T00:00:00.210Z', [1]],
  ['born<1815-12-11T00:00:00Z', [1]],
  ['born>1815-12-11T00:00:00Z', []],
  ['big=bigint:1152921504606846976', [6]],
  ['big>1000', [6]],
  ['big=bigint:1152921504606846977', []],
  ['raw=$1', [6], [Uint8Array.of(1, 2)]],
  ['name=$1', [5], ['Ed & Flo']],
  ['in(id,$1)', [1, 'x-7'], [[1, 'x-7', 99]]],
  ['age=$2&city=$1', [3], ['Oslo', 36]],
  ['tags=$1', [1], [['math', 'code']]],
  ['address=$1', [2], [{ zip: '0150', city: 'Oslo' }]],
  ['name=match=glob:a*', [1, 6]],
  ['match(name,glob:?d?)', [1, 6]],
  ['match(name,glob:*%26*)', [5]],
  ['id=1', [1]],
  ['id=x-7', ['x-7']],
  ['in(id,(3,1,x-7))', [1, 3, 'x-7']],
  ['id>2&id<5', [3, 4]],
  ['limit(2)', [1, 2]],
  ['limit(2,3)', [4, 5]],
  ['limit(0)', []],
  ['limit(100)', [1, 2, 3, 4, 5, 6, 'x-7']],
  ['limit(10,5)', [6, 'x-7']],
  ['limit(10,50)', []],
  ['limit(Infinity)', [1, 2, 3, 4, 5, 6, 'x-7']],
  ['limit(1)&age=36', [1]],
  ['sort(age)&limit(4)', [5, 'x-7', 2, 1]],
  ['sort(-age)&limit(3)', [4, 6, 1]],
  ['sort(-age,-name)&limit(4)', [4, 6, 3, 1]],
  ['sort(name)', ['x-7', 1, 2, 3, 4, 5, 6]],
  ['sort(address/city)&limit(10,5)', [3, 2]],
  ['city=Oslo&sort(-age)', [3, 2]],
  ['sort(age)&age>0', [2, 1, 3, 6]],
  ['sort(-id)&limit(2)', ['x-7', 6]],
  ['first()', [1]],
  ['sort(-age)&first()', [4]],
  ['name=Nobody&first()', []],
  ['name=Ada&one()', [1]],
  ['&name=Ada&', [1]],
]

export const queries = law('law 8: the same query gives the same answer on every store', [
  ...found.map(([query, expected, parameters]) =>
    queried(`${query || '(everything)'} finds ${expected.length}`, async ({ store }) => {
      await fill(store, people)
      const options = parameters && { parameters }
      assert.deepEqual(await ids(store, query, options), expected)
    }),
  ),
  needs(
    'put',
    'query',
    'count',
  )('count is the number of objects the query gives', async ({ store }) => {
    await fill(store, people)
    for (const [query, expected, parameters] of found) {
      assert.equal(await store.count(query, parameters && { parameters }), expected.length, query)
    }
  }),
  queried('start and end cut a half-open range', async ({ store }) => {
    await fill(store, people)
    assert.deepEqual(await ids(store, '', { start: 2, end: 4 }), [3, 4])
    assert.deepEqual(await ids(store, 'sort(-id)', { end: 2 }), ['x-7', 6])
    assert.deepEqual(await ids(store, '', { start: 6 }), ['x-7'])
    assert.deepEqual(await ids(store, '', { start: 3, end: 3 }), [])
    assert.deepEqual(await ids(store, '', { start: 100 }), [])
    assert.deepEqual(await ids(store, 'limit(5,1)', { start: 1, end: 3 }), [3, 4])
  }),
  queried('a start or end that is no position is refused', async ({ store }) => {
    for (const options of [{ start: -1 }, { end: 1.5 }, { start: 3, end: 2 }, { end: Number.NaN }]) {
      await refused(() => all(store, '', options), 'DataError')
    }
  }),
  queried('no part of the data is changed by a query', async ({ store }) => {
    await fill(store, people)
    for (const [query, , parameters] of found) await all(store, query, parameters && { parameters })
    assert.deepEqual(await all(store), people)
  }),
  needs(
    'put',
    'query',
    'setSchema',
  )('an index changes no answer', async ({ store }) => {
    await fill(store, people)
    const properties = ['age', 'city', 'name', 'active', 'born', 'big', 'tags'].map(name => [name, { index: true }])
    store.setSchema({ properties: Object.fromEntries(properties) })
    for (const [query, expected, parameters] of found) {
      assert.deepEqual(await ids(store, query, parameters && { parameters }), expected, query)
      assert.equal(await store.count(query, parameters && { parameters }), expected.length, query)
    }
  }),
])
