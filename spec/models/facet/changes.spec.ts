import { expect } from 'chai'
import { permissive, restrictive } from '../../../models/facet.js'
import { Model } from '../../../models/model.js'
import { memory } from '../../../stores/memory.js'
import { history } from '../../../wrappers/history.js'
import { refused } from '../../refusal.js'
import { loose, taskModel } from './tasks.js'

/** The next changes, as data. */
async function next(changes: AsyncIterator<unknown>, count = 1) {
  const found: object[] = []
  while (found.length < count) {
    const { object, previous, ...change } = loose((await changes.next()).value)
    found.push({ ...change, ...(object && { object: { ...object } }), ...(previous && { previous: { ...previous } }) })
  }
  return found
}

describe('changes through a facet', () => {
  it('are those of what is seen', async () => {
    const Task = taskModel()
    const seen = permissive(Task, {
      where: 'tenant=1',
      properties: { secret: { blocked: true }, tags: { blocked: true } },
    })
    const changes = seen.subscribe()[Symbol.asyncIterator]()
    await Task.patch('b1', { title: 'never seen' })
    await Task.patch('a1', { secret: 'changed, not seen' })
    await Task.patch('a1', { rank: 4 })
    await Task.delete('a2')
    const before = { id: 'a1', tenant: 1, title: 'sow', rank: 3, done: false }
    expect(await next(changes, 2)).to.deep.equal([
      { type: 'put', id: 'a1', object: { ...before, rank: 4 }, previous: before },
      { type: 'delete', id: 'a2', previous: { id: 'a2', tenant: 1, title: 'mow', rank: 1, done: true } },
    ])
  })

  it('tell of objects that come and go as if they were made and deleted', async () => {
    const Task = taskModel()
    const changes = permissive(Task, { where: 'tenant=1' }).subscribe()[Symbol.asyncIterator]()
    await Task.patch('b1', { tenant: 1 })
    await Task.patch('b1', { tenant: 2 })
    const [came, went] = await next(changes, 2)
    expect(came).to.include({ type: 'put', id: 'b1' }).and.not.have.property('previous')
    expect(went).to.include({ type: 'delete', id: 'b1' }).and.not.have.property('object')
  })

  it('may be narrowed by conditions that are vetted', async () => {
    const Task = taskModel()
    const seen = permissive(Task, { properties: { secret: { blocked: true } } })
    const changes = seen.subscribe('rank=gt=$1', { parameters: [5] })[Symbol.asyncIterator]()
    await Task.patch('a1', { title: 'no' })
    await Task.patch('a1', { rank: 6 })
    expect(await next(changes)).to.have.deep.nested.property('[0].object.rank', 6)
    const ask = (query: string) => async () => seen.subscribe(query)[Symbol.asyncIterator]().next()
    await refused(ask('secret=x'), 'NotAllowedError', 'secret cannot be seen here')
    await refused(ask('sort(rank)'), 'NotSupportedError', 'changes cannot be followed through sort')
  })

  it('give objects that can do what the facet’s can', async () => {
    const Task = taskModel()
    const seen = permissive(Task)
    const changes = seen.subscribe()[Symbol.asyncIterator]()
    await Task.patch('a1', { rank: 4 })
    const { object } = loose((await changes.next()).value)
    object.rank = 5
    await object.save()
    expect((await Task.get('a1'))?.rank).to.equal(5)
  })

  it('end when they are left, or a signal says so', async () => {
    const Task = taskModel()
    const seen = permissive(Task)
    const stop = new AbortController()
    const changes = seen.subscribe('', { signal: stop.signal })[Symbol.asyncIterator]()
    const coming = changes.next()
    stop.abort()
    expect((await coming).done).to.equal(true)
    const left = seen.subscribe()[Symbol.asyncIterator]()
    await left.return?.()
    expect((await left.next()).done).to.equal(true)
  })

  it('have numbers only where nothing is hidden, or that may be known', async () => {
    const Task = Model(history(memory(), { log: memory() }), { properties: { tenant: Number, secret: String } })
    await Task.put({ id: 1, tenant: 1 })
    const whole = permissive(Task).subscribe('', { since: 0 })[Symbol.asyncIterator]()
    expect((await next(whole))[0]).to.include({ id: 1, sequence: 1 })
    for (const rules of [{ where: 'tenant=1' }, { properties: { secret: { blocked: true } } }] as const) {
      const seen = permissive(Task, rules as never)
      const refusedSince = async () => seen.subscribe('', { since: 0 })[Symbol.asyncIterator]().next()
      await refused(refusedSince, 'NotSupportedError', 'since is not possible here')
      const told = permissive(Task, { ...rules, reveals: ['sequence'] })
        .subscribe('', { since: 0 })
        [Symbol.asyncIterator]()
      expect((await next(told))[0]).to.include({ id: 1, sequence: 1 })
    }
  })

  it('are closed unless they are opened', () => {
    expect(loose(restrictive(taskModel())).subscribe).to.equal(undefined)
  })

  it('of one commit say so until the last that is seen', async () => {
    const Task = taskModel()
    const changes = permissive(Task, { where: 'tenant=1' }).subscribe()[Symbol.asyncIterator]()
    const tx = await Task.transaction()
    await tx.patch('a1', { rank: 1 })
    await tx.patch('b1', { rank: 1 })
    await tx.patch('a2', { rank: 2 })
    await tx.patch('b1', { rank: 2 })
    await tx.commit()
    await Task.patch('a3', { rank: 3, title: 'later' })
    const [one, other, later] = await next(changes, 3)
    expect(one).to.include({ id: 'a1', more: true })
    expect(other).to.include({ id: 'a2' }).and.not.have.property('more')
    expect(later).to.include({ id: 'a3' }).and.not.have.property('more')
  })
})
