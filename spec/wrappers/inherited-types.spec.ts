import { expect } from 'chai'
import type { Expression } from '../../lib/query/expression.js'
import { print } from '../../lib/query/print.js'
import type { Query, Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { inherited } from '../../wrappers/inherited.js'
import { all, ids, refused } from '../conformance/case.js'
import { held, tick } from './held.js'
import { zoo } from './inherited/zoo.js'

async function full() {
  const stores = zoo()
  const { pike, frog, swimmer, walker, animal, stone } = stores
  for (const [id, store] of [animal, walker, swimmer, frog, pike, stone].entries())
    await store.put?.({ id, n: 10 - id })
  return stores
}

describe('inherited: types', () => {
  it('a query contains the sub-types, through any number of steps and on several ways, in order', async () => {
    const { pike, frog, swimmer, walker, animal, stone } = await full()
    const found = await Promise.all([pike, frog, swimmer, walker, animal, stone].map(each => ids(each)))
    expect(found).to.deep.equal([[4], [3], [2, 3, 4], [1, 3], [0, 1, 2, 3, 4], [5]])
    expect(await ids(animal, 'sort(n)&limit(2)')).to.deep.equal([4, 3])
    expect(await all(swimmer, 'sum(n)')).to.deep.equal([21])
    expect(await swimmer.count?.('n<8')).to.equal(2)
  })

  it('get is limited as well, so is delete', async () => {
    const { pike, animal, stone } = await full()
    expect(await animal.get?.(4)).to.deep.equal({ id: 4, n: 6 })
    expect(await pike.get?.(0)).to.equal(undefined)
    expect(await stone.get?.(4)).to.equal(undefined)
    expect(await stone.delete?.(4)).to.equal(false)
    expect(await pike.delete?.(0)).to.equal(false)
    expect(await animal.delete?.(4)).to.equal(true)
    expect(await pike.get?.(4)).to.equal(undefined)
  })

  it('an id is taken by an object of any type', async () => {
    const { pike, frog, animal, inner } = await full()
    const before = await all(inner)
    for (const store of [pike, frog, animal]) await refused(() => store.add?.({ id: 5 }), 'ConstraintError')
    for (const store of [pike, frog, animal]) await refused(() => store.put?.({ id: 5 }), 'ConstraintError')
    await refused(() => pike.put?.({ n: 1 }, { id: '3' as never }), 'ConstraintError')
    await refused(() => pike.put?.({ id: 3 }, { ifMatch: '*' }), 'PreconditionFailedError')
    await refused(() => pike.delete?.(3, { ifMatch: '*' }), 'PreconditionFailedError')
    expect(await all(inner)).to.deep.equal(before)
  })

  it('a put through a super-type leaves an object its type', async () => {
    const { pike, swimmer, animal } = await full()
    await animal.put?.({ id: 4, n: 0 })
    expect(await pike.get?.(4)).to.deep.equal({ id: 4, n: 0 })
    expect(await ids(swimmer, 'n=0')).to.deep.equal([4])
  })

  it('nothing in an object sets its type, whatever it is called', async () => {
    const { pike, stone, animal, inner } = zoo()
    const object = JSON.parse('{"$type": "pike", "type": "pike", "$$type": 1, "$$$type": 2, "__proto__": 3, "id": "a"}')
    await stone.put?.(object)
    expect(await pike.get?.('a')).to.equal(undefined)
    expect(await all(animal)).to.deep.equal([])
    const got = (await stone.get?.('a')) as object
    expect(got).to.deep.equal(object)
    expect(Object.keys(got)).to.deep.equal(Object.keys(object))
    // nor does an object that sees itself read twice
    let reads = 0
    await stone.put?.({
      id: 'b',
      get $type() {
        return reads++ ? 'pike' : 'stone'
      },
    } as object)
    expect(await ids(stone)).to.deep.equal(['a', 'b'])
    expect(await all(inner, 'values($type)')).to.deep.equal(['stone', 'stone'])
  })

  it('a query sees no type where the object has none, and its own where it has one', async () => {
    const { stone, frog } = zoo()
    await frog.put?.({ id: 0, $type: 'c' })
    await stone.put?.({ id: 1, $type: 'b', n: 1 })
    await stone.put?.({ id: 2, $$type: 'a', n: 1 })
    for (const [query, result] of [
      ['$type=stone', []],
      ['$type=b&select($type)', [{ $type: 'b' }]],
      ['or($type=b,$$type=a)&select(id)', [{ id: 1 }, { id: 2 }]],
      ['exists($type,false)&values(id)', [2]],
      ['sort(-$$type)&values(id)', [2, 1]],
      ['sort($type)&first()', [{ id: 2, $$type: 'a', n: 1 }]],
      [
        'values()',
        [
          [1, 'b', 1],
          [2, 'a', 1],
        ],
      ],
      [
        'unselect(id)&distinct()',
        [
          { $type: 'b', n: 1 },
          { $$type: 'a', n: 1 },
        ],
      ],
      ['unselect(id,$type,$$type)&distinct()', [{ n: 1 }]],
      ['aggregate($type,count())', [{ $type: 'b', 0: 1 }, { 0: 1 }]],
      ['aggregate(n,max($$type))', [{ n: 1, 0: 'a' }]],
      ['recurse()&values(id)', [1, 2]],
      ['max($type)', ['b']],
      ['limit(1)&count()', [1]],
      ['limit(1)&unselect(id)&count()', [1]],
      ['n=1&one()&unselect(id)', 'ConstraintError'],
    ] as const) {
      if (typeof result === 'string') await refused(() => all(stone, query), result)
      else expect(await all(stone, query), query).to.deep.equal(result)
      if (typeof result !== 'string') expect(await stone.count?.(query), query).to.equal(result.length)
    }
    const whole = { id: 1, $type: 'b', n: 1 }
    expect(await all(stone, 'eq($1)', { parameters: [whole] })).to.deep.equal([whole])
    expect(await all(stone, 'ne($1)&sort(-id)&limit(9)', { parameters: [whole], end: 1 })).to.have.length(1)
  })

  it('asks the inner store for the type and for all that it can do', async () => {
    const asked: string[] = []
    const { query, ...inner } = memory()
    const store = inherited(
      {
        ...inner,
        query(text?: Query, options?: object) {
          asked.push(print(text as Expression))
          return query(text, options)
        },
      },
      { type: 'dog', extends: 'animal' },
    )
    await all(store, 'a=1&sort(-b)&limit(5)', { start: 1, end: 2 })
    await all(store, 'or(a=1,c/d=2)&limit(3)&unselect(a)&first()')
    await all(store, '$type=1&a=2&limit(3)')
    expect(asked).to.deep.equal([
      'eq(a,1)&in(%24type,(dog))&sort(-b)&limit(5)&limit(1,1)',
      'or(eq(a,1),eq(c/d,2))&in(%24type,(dog))&limit(3)',
      'eq(a,2)&in(%24type,(dog))',
    ])
  })

  it('two at once: one id gets one type', async () => {
    const { store } = held()
    const [dog, cat] = [inherited(store, { type: 'dog' }), inherited(store, { type: 'cat' })]
    const puts = Array.from({ length: 20 }, async (_, n) => (n % 2 ? dog : cat).put({ id: 1, n }))
    const done = (await Promise.allSettled(puts)).map(({ status }) => status === 'fulfilled')
    expect([done.filter((_, n) => n % 2), done.filter((_, n) => n % 2 === 0)]).to.deep.include(Array(10).fill(false))
    expect(done.filter(each => each)).to.have.length(10)
    expect([await dog.count(), await cat.count()].sort()).to.deep.equal([0, 1])
  })

  it('a write that was overtaken looks again', async () => {
    const { inner, store, hold } = held()
    inherited(store, { type: 'animal' })
    const [dog, cat] = ['dog', 'cat'].map(type => inherited(store, { type, extends: 'animal' })) as [Store, Store]
    const animal = inherited(store, { type: 'animal' })
    const becomesCat = () => inner.put({ id: 1, $type: 'cat' })

    await dog.put?.({ id: 1 })
    const put = hold('before', 'put')
    const stored = animal.put({ id: 1, n: 2 })
    await tick()
    becomesCat()
    put()
    await stored
    expect([await dog.get?.(1), await cat.get?.(1)]).to.deep.equal([undefined, { id: 1, n: 2 }])

    await animal.delete(1)
    await dog.put?.({ id: 1 })
    const get = hold('after', 'get')
    const deleted = dog.delete?.(1)
    await tick()
    becomesCat()
    get()
    expect(await deleted).to.equal(false)
    expect(await cat.get?.(1)).to.deep.equal({ id: 1 })
  })
})
