import { expect } from 'chai'
import { permissive, restrictive, revoke } from '../../../models/facet.js'
import { refused } from '../../refusal.js'
import { everywhere, loose, taskModel } from './tasks.js'

describe('max', () => {
  everywhere('is how many objects there may be, of those that are seen', async ({ Task, within }) => {
    const seen = await within(permissive(Task, { where: 'tenant=1', max: 4 }))
    const { id } = await seen.add({ title: 'fourth' })
    const full = 'there may be 4 objects here'
    await refused(() => seen.add({ title: 'fifth' }), 'QuotaExceededError', full)
    await refused(() => seen.put({ title: 'fifth' }), 'QuotaExceededError', full)
    await seen.put({ id: 'a1', title: 'there already' })
    await seen.delete(id)
    await seen.add({ title: 'fourth again' })
  })

  everywhere('holds for what is put under a new id, and for many', async ({ Task, within }) => {
    const seen = await within(permissive(Task, { max: 5 }))
    await seen.put({ id: 'n1', title: 'fifth' })
    await refused(() => seen.put({ id: 'n2', title: 'sixth' }), 'QuotaExceededError', 'there may be 5 objects here')
    await refused(() => seen.putAll([{ id: 'n3', title: 'x' }]), 'QuotaExceededError', 'there may be 5 objects here')
    await refused(() => seen.put({ id: 'n2', title: 'sixth' }, { ifNoneMatch: '*' }), 'QuotaExceededError')
  })

  it('counts what a function lets through', async () => {
    const seen = permissive(taskModel(), { allowed: (_, { tenant }) => tenant === 1, max: 3 })
    await refused(() => seen.add({ title: 'x', tenant: 1 }), 'QuotaExceededError', 'there may be 3 objects here')
  })
})

describe('rate', () => {
  it('is so many calls in so many milliseconds, of all methods together', async () => {
    let time = 1000
    const seen = permissive(taskModel(), { rate: { max: 3, ttl: 100 }, now: () => time })
    const task = loose(await seen.get('a1'))
    await seen.count()
    await task.save()
    const full = 'there may be 3 calls in 100 ms'
    await refused(() => seen.get('a1'), 'QuotaExceededError', full)
    await refused(() => task.shout(), 'QuotaExceededError', full)
    await refused(() => seen.query().toArray(), 'QuotaExceededError', full)
    await refused(() => seen.subscribe()[Symbol.asyncIterator]().next(), 'QuotaExceededError', full)
    time += 99
    await refused(() => seen.count(), 'QuotaExceededError', full)
    time += 1
    await seen.count()
    // a clock that is put back does not stop it for ever
    time = 5
    await seen.count()
  })

  it('of the facet underneath counts, too', async () => {
    const parent = permissive(taskModel(), { rate: { max: 2, ttl: 100 }, now: () => 0 })
    const child = restrictive(parent)
    await child.count()
    await parent.count()
    await refused(() => child.count(), 'QuotaExceededError', 'there may be 2 calls')
  })
})

describe('expires', () => {
  it('ends it, at a Date or a time in milliseconds', async () => {
    const Task = taskModel()
    for (const expires of [5000, new Date(5000)]) {
      let time = 4999
      const seen = permissive(Task, { expires, now: () => time })
      const task = loose(await seen.get('a1'))
      const query = seen.query()
      const changes = seen.subscribe()[Symbol.asyncIterator]()
      const tx = await seen.transaction()
      time = 5000
      const expired = 'this facet has expired'
      for (const use of [
        () => seen.get('a1'),
        () => task.save(),
        () => query.toArray(),
        () => changes.next(),
        () => tx.get?.('a1'),
        () => tx.commit(),
      ]) {
        await refused(use, 'NotAllowedError', expired)
      }
      revoke(seen)
      await Task.put({ id: 'z', title: 'free again' })
    }
  })
})

describe('revoke', () => {
  it('ends a facet with all that was obtained through it', async () => {
    const Task = taskModel()
    const seen = permissive(Task)
    const child = restrictive(seen)
    const task = loose(await seen.get('a1'))
    const items = seen.query()[Symbol.asyncIterator]()
    await items.next()
    const waiting = seen.subscribe()[Symbol.asyncIterator]()
    const coming = waiting.next()
    const tx = await seen.transaction()
    await tx.put?.({ id: 'a1', title: 'never' })
    revoke(seen)
    const revoked = 'this facet has been revoked'
    for (const use of [
      () => seen.get('a1'),
      () => seen.query(),
      () => seen.subscribe(),
      () => child.get('a1'),
      () => task.save(),
      () => task.load(),
      () => task.shout(),
      () => tx.commit(),
    ]) {
      await refused(use, 'NotAllowedError', revoked)
    }
    await refused(() => items.next(), 'NotAllowedError', revoked)
    expect(await items.next()).to.deep.equal({ value: undefined, done: true })
    await coming.catch(() => {})
    expect(await waiting.next()).to.deep.equal({ value: undefined, done: true })
    // its transaction holds nobody up, and has changed nothing
    expect(await Task.patch('a1', { rank: 8 })).to.include({ title: 'sow', rank: 8 })
    expect(() => restrictive(seen)).not.to.throw()
    revoke(seen)
  })

  it('leaves other facets alone, and that underneath', async () => {
    const Task = taskModel()
    const parent = permissive(Task)
    const child = restrictive(parent)
    const other = restrictive(parent)
    revoke(child)
    await refused(() => child.count(), 'NotAllowedError', 'this facet has been revoked')
    expect([await parent.count(), await other.count(), await Task.count()]).to.deep.equal([4, 4, 4])
  })

  it('is the owner’s: of facets only', () => {
    expect(() => revoke({})).to.throw(TypeError, 'a facet is expected')
    expect(() => revoke(taskModel() as never)).to.throw(TypeError, 'a facet is expected')
  })
})
