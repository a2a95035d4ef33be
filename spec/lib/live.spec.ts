import { expect } from 'chai'
import { type Live, live } from '../../lib/live.js'
import { transaction } from '../../lib/transaction.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { expires } from '../../wrappers/expires.js'
import { quiet } from './live/mirror.js'

import { next, type Person, people, steps } from './live/people.js'

describe('live: a step', () => {
  it('is the set first, then what changed, by the places before and after', async () => {
    const all = people()
    const items = steps(live(all, 'age>=30&sort(-age)'))
    expect(await next(items)).to.deep.equal({
      type: 'set',
      objects: [
        { id: 3, age: 50, city: 'Oslo' },
        { id: 1, age: 40, city: 'Oslo' },
      ],
      again: false,
    })
    all.put({ id: 2, age: 45 })
    all.put({ id: 1, age: 60 })
    all.delete(3)
    await quiet()
    expect(await next(items)).to.deep.equal({
      type: 'changes',
      objects: [
        { id: 1, age: 60 },
        { id: 2, age: 45 },
      ],
      changes: [
        { type: 'remove', id: 3, from: 0 },
        { type: 'change', id: 1, object: { id: 1, age: 60 }, from: 1, index: 0 },
        { type: 'add', id: 2, object: { id: 2, age: 45 }, index: 1 },
      ],
    })
  })

  it('lets slide into the window what was held outside', async () => {
    const all = people()
    const items = steps(live(all, 'sort(age)&limit(1,1)'))
    expect((await next(items)).objects).to.deep.equal([{ id: 1, age: 40, city: 'Oslo' }])
    all.delete(2)
    expect(await next(items)).to.deep.include({
      changes: [
        { type: 'remove', id: 1, from: 0 },
        { type: 'add', id: 3, object: { id: 3, age: 50, city: 'Oslo' }, index: 0 },
      ],
    })
    all.delete(1)
    expect(await next(items)).to.deep.include({ changes: [{ type: 'remove', id: 3, from: 0 }] })
  })

  it('never shows half a transaction', async () => {
    for (const all of [people(), sqlite<Person, number>({ path: ':memory:', table: 'people' })]) {
      const items = steps(live(all, 'age=1'))
      await next(items)
      const step = items.next()
      await transaction(all, async tx => {
        for (let id = 10; id < 30; id++) await tx.put({ id, age: id % 2 })
      })
      expect((await step).value?.objects).to.have.length(10)
    }
  })

  it('never shows half a transaction where a wrapper leaves out the end of it', async () => {
    let time = 1000
    const all = expires(memory<Person, number>(), { now: () => time })
    const items = steps(live(all, 'age=1'))
    await next(items)
    const told = all.subscribe('age=1')[Symbol.asyncIterator]()
    await transaction(all, async tx => {
      await tx.put({ id: 1, age: 1 })
      await tx.put({ id: 2, age: 1 })
      await tx.put({ id: 3, age: 1 }, { ttl: 5 })
      time += 10
    })
    expect((await next(items)).objects).to.have.length(2)
    expect([await told.next(), await told.next()].map(({ value }) => value.more)).to.deep.equal([true, undefined])
  })

  it('is all that was missed for whoever is slow, and nothing if that comes to nothing', async () => {
    const all = people()
    const query = live(all, 'sort(age)')
    const items = steps(query)
    await next(items)
    for (let age = 0; age < 3000; age++) {
      all.put({ id: 1, age })
      all.put({ id: 4, age })
      all.delete(4)
    }
    await quiet()
    const step = await next(items)
    expect(step).to.deep.include({
      changes: [{ type: 'change', id: 1, object: { id: 1, age: 2999 }, from: 1, index: 2 }],
    })
    all.put({ id: 5 })
    all.delete(5)
    await quiet()
    const last = items.next()
    await quiet()
    all.put({ id: 6 })
    expect((await last).value).to.deep.include({ changes: [{ type: 'add', id: 6, object: { id: 6 }, index: 0 }] })
  })

  it('shows what is made of objects, at their places', async () => {
    const all = people()
    const items = steps(live(all, 'select(city)&distinct()&sort(city)') as Live<unknown>)
    expect((await next(items)).objects).to.deep.equal([{ city: 'Bergen' }, { city: 'Oslo' }])
    all.delete(1)
    all.delete(2)
    await quiet()
    expect((await next(items)).objects).to.deep.equal([{ city: 'Oslo' }])
    all.delete(3)
    expect((await next(items)).objects).to.deep.equal([])
  })
})
