import { expect } from 'chai'
import { live } from '../../lib/live.js'
import { memory } from '../../stores/memory.js'
import { mirror, quiet } from './live/mirror.js'

import { people } from './live/people.js'

describe('live: what is current', () => {
  it('is there at once where the store is synchronous, and only while somebody looks', () => {
    const query = live(people(), 'sort(-age)&limit(1)')
    expect(query.current).to.equal(undefined)
    const leave = query.subscribe(() => {})
    expect(query.current).to.deep.equal([{ id: 3, age: 50, city: 'Oslo' }])
    leave()
    expect(query.current).to.equal(undefined)
  })

  it('stays the same array, of the same objects, where nothing changed', async () => {
    const all = people()
    const query = live(all, 'sort(age)&limit(2)')
    let told = 0
    query.subscribe(() => told++)
    const before = query.current
    all.put({ id: 3, age: 51 })
    all.put({ id: 1, age: 40, city: 'Oslo' })
    all.put({ id: 4, age: 99 })
    await quiet()
    expect(query.current).to.equal(before)
    all.put({ id: 1, age: 41 })
    await quiet()
    expect(query.current).not.to.equal(before)
    expect(query.current?.[0]).to.equal(before?.[0])
    expect(told).to.equal(3)
  })

  it('is shared by all who look; each listener is told until it leaves, however often it was given', async () => {
    const all = people()
    const query = live(all)
    const told: string[] = []
    const listener = () => told.push('one')
    const leaves = [query.subscribe(listener), query.subscribe(listener)]
    leaves[0]?.()
    leaves[0]?.()
    all.delete(1)
    await quiet()
    expect(told).to.deep.equal(['one'])
    leaves[1]?.()
    all.delete(2)
    await quiet()
    expect(told).to.deep.equal(['one'])
    query.subscribe(listener)
    expect(query.current).to.deep.equal([{ id: 3, age: 50, city: 'Oslo' }])
  })

  it('does not lose its order to whoever changes an object', async () => {
    const all = memory<{ id: number; place: number[] }>()
    for (let id = 0; id < 5; id++) all.put({ id, place: [id] })
    const query = live(all, 'sort(place)')
    const reader = mirror(query)
    await reader.catchUp()
    for (const each of query.current ?? []) each.place[0] = -each.id
    all.put({ id: 2, place: [10] })
    all.delete(1)
    all.put({ id: 9, place: [3.5] })
    await reader.catchUp()
    expect(query.current?.map(({ id }) => id)).to.deep.equal([0, 3, 9, 4, 2])
  })
})
