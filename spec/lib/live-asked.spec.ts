import { expect } from 'chai'
import { live } from '../../lib/live.js'
import type { Id, Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { slow } from '../../wrappers/slow.js'
import { mute } from '../forwarded.js'
import { mirror, quiet } from './live/mirror.js'

import { next, type Person, people, steps, watched } from './live/people.js'

describe('live', () => {
  it('begins again with a new set, and says so, when it cannot keep up', async () => {
    const { source, put, changes } = watched(3)
    const query = live(source, 'age>0')
    const reader = mirror(query)
    await reader.catchUp()
    for (let id = 10; id < 20; id++) put({ id, age: id })
    await reader.catchUp()
    expect(reader).to.deep.include({ steps: 2, sets: 2 })
    expect(reader.objects).to.have.length(13)
    put({ id: 20, age: 20 })
    await reader.catchUp()
    expect(reader).to.deep.include({ steps: 3, sets: 2 })
    const items = steps(query)
    expect(await next(items)).to.deep.include({ type: 'set', again: false })
    for (let id = 30; id < 40; id++) put({ id, age: id })
    expect(await next(items)).to.deep.include({ type: 'set', again: true })
    await items.return?.()
    await reader.leave()
    await quiet()
    expect(changes.followed).to.equal(false)
  })

  it('sees what a transaction writes that had begun before', async () => {
    for (const all of [people(), sqlite<Person, Id>({ path: ':memory:', table: 'people' })] as Store<Person, Id>[]) {
      const tx = await all.transaction?.()
      await tx?.put?.({ id: 10, age: 10 })
      const reader = mirror(live(all, 'age<20'))
      await reader.catchUp()
      expect(reader.steps).to.equal(0)
      await tx?.put?.({ id: 11, age: 11 })
      await tx?.commit()
      while (reader.steps === 0) await reader.catchUp()
      expect(reader.objects).to.deep.equal([
        { id: 10, age: 10 },
        { id: 11, age: 11 },
      ])
    }
  })

  it('knows the property with the id', async () => {
    const all = memory<{ name: string; age: number }>({ idProperty: 'name' })
    all.put({ name: 'Ada', age: 36 })
    const reader = mirror(live(all, '', { idProperty: 'name' }))
    await reader.catchUp()
    all.put({ name: 'Ada', age: 37 })
    await reader.catchUp()
    expect(reader.objects).to.deep.equal([{ name: 'Ada', age: 37 }])
    for (const store of [all, slow(all)]) {
      let followers = 0
      const counted: Store<{ name: string; age: number }> = {
        query: store.query,
        subscribe: (query, options) => {
          followers++
          options?.signal?.addEventListener('abort', () => followers--)
          return all.subscribe(query, options)
        },
      }
      const error = await steps(live(counted))
        .next()
        .catch(failure => failure)
      expect(error.name).to.equal('DataError')
      expect(followers).to.equal(0)
    }
  })

  it('takes parameters, a start and an end', async () => {
    const query = live(people(), 'age>$1&sort(age)', { parameters: [10], start: 1, end: 2 })
    query.subscribe(() => {})
    expect(query.current).to.deep.equal([{ id: 1, age: 40, city: 'Oslo' }])
  })

  it('refuses at once what it cannot keep up to date', () => {
    const all = people()
    const refused = [
      'count()',
      'sum(age)',
      'mean(age)',
      'min(age)',
      'max(age)',
      'aggregate(city,count())',
      'recurse()',
      'one()',
      'limit(3)&sort(age)',
      'limit(3)&distinct()&limit(2)',
      'limit(3)&values(age)&limit(2)',
      'match(city,Oslo)',
    ]
    for (const query of refused) {
      expect(() => live(all, query), query)
        .to.throw()
        .with.property('name', 'NotSupportedError')
    }
    expect(() => live(all, 'age>')).not.to.throw()
    expect(() => live(all, 'nothing(1)'))
      .to.throw()
      .with.property('name', 'DataError')
    expect(() => live(mute(people() as Store<Person, number>)))
      .to.throw()
      .with.property('name', 'NotSupportedError')
    expect(() => live(all, '', { include: ['friend'] } as object)).to.throw(/include/)
  })
})
