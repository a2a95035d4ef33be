import { expect } from 'chai'
import { expression } from '../../../lib/query/expression.js'
import { permissive, restrictive } from '../../../models/facet.js'
import { Model } from '../../../models/model.js'
import { memory } from '../../../stores/memory.js'
import { sqlite } from '../../../stores/sqlite.js'
import { refused } from '../../refusal.js'
import { all, everywhere, loose, taskModel, tasks } from './tasks.js'

const mine = (rules: object = {}) => ({ where: 'tenant=1', ...rules }) as const
const gone = 'the object would not be one of those that are here'

describe('where', () => {
  everywhere('shows the objects that fulfil it, and no others', async ({ Task, within }) => {
    const seen = await within(permissive(Task, mine()))
    expect((await seen.get('a1')).title).to.equal('sow')
    expect(await seen.get('b1')).to.equal(undefined)
    expect((await seen.query().toArray()).map(({ id }: { id: string }) => id)).to.deep.equal(['a1', 'a2', 'a3'])
    expect(await seen.query('rank=gt=2').toArray()).to.have.lengthOf(1)
    expect(await seen.query('tenant=2|rank=9').toArray()).to.deep.equal([])
    expect(await seen.query('values(title)&sort(-title)').toArray()).not.to.include('spin')
    expect(await seen.query().max('rank')).to.equal(3)
    expect([await seen.count(), await seen.count('rank=gt=2'), await seen.query().count()]).to.deep.equal([3, 1, 3])
    expect(await seen.getAll(['a1', 'b1', 'none'])).to.have.deep.nested.property('[1]', undefined)
    expect(await all(seen.query('limit(5)'))).to.have.lengthOf(3)
  })

  everywhere('cannot be widened by what is asked', async ({ Task, within }) => {
    const seen = await within(permissive(Task, mine()))
    for (const query of [
      'or(tenant=2,tenant=1)',
      'tenant=2',
      'not(tenant=1)',
      'tenant!=1',
      'id=b1',
      'or()',
      'sort(-rank)',
    ]) {
      for (const { id } of await seen.query(query).toArray()) expect(id).to.match(/^a/)
    }
    expect(await seen.query().or('tenant=2', 'tenant=1').toArray()).to.have.lengthOf(3)
    expect(await seen.query().eq('tenant', 2).toArray()).to.deep.equal([])
  })

  everywhere('holds for what is put, which gets what it says', async ({ Task, within, finish }) => {
    const seen = await within(permissive(Task, mine()))
    const added = await seen.add({ title: 'new' })
    expect(added).to.include({ title: 'new', tenant: 1, done: false })
    await refused(() => seen.add({ title: 'new', tenant: 2 }), 'NotAllowedError', gone)
    await refused(() => seen.put({ id: 'a1', title: 'x', tenant: 2 }), 'NotAllowedError', gone)
    await refused(() => seen.patch('a1', { tenant: 2 }), 'NotAllowedError', gone)
    await refused(
      () => seen.update('a1', (task: object) => Object.assign(task, { tenant: 2 })),
      'NotAllowedError',
      gone,
    )
    await refused(
      () =>
        seen.putAll([
          { id: 'a1', title: 'x' },
          { id: 'a2', title: 'y', tenant: 2 },
        ]),
      'NotAllowedError',
      gone,
    )
    const loaded = await seen.get('a1')
    loaded.tenant = 2
    await refused(() => loaded.save(), 'NotAllowedError', gone)
    await finish()
    expect(await Task.count('tenant=1')).to.equal(4)
    expect(await Task.count('tenant=2')).to.equal(1)
  })

  everywhere('keeps what is hidden from being replaced, deleted or found out', async ({ Task, within, finish }) => {
    const seen = await within(permissive(Task, mine()))
    await refused(
      () => seen.put({ id: 'b1', title: 'mine' }),
      'NotAllowedError',
      'the id of a new object is not chosen here',
    )
    await refused(
      () => seen.put({ id: 'c1', title: 'mine' }),
      'NotAllowedError',
      'the id of a new object is not chosen here',
    )
    await refused(
      () => seen.add({ id: 'b1', title: 'mine' }),
      'NotAllowedError',
      'the id of a new object is not chosen here',
    )
    expect(await seen.delete('b1')).to.equal(false)
    expect(await seen.deleteAll(['b1', 'a2'])).to.equal(1)
    expect(await seen.deleteAll('rank=9')).to.equal(0)
    await refused(() => seen.update('b1', () => {}), 'NotFoundError', 'there is no such object')
    await refused(() => seen.patch('b1', {}), 'NotFoundError', 'there is no such object')
    await refused(() => seen.put({ id: 'b1', title: 'x' }, { ifMatch: '*' }), 'PreconditionFailedError')
    await finish()
    expect(await Task.get('b1')).to.deep.include(tasks[3])
  })

  everywhere('lets ids be chosen where that may be learnt', async ({ Task, within, finish }) => {
    const seen = await within(permissive(Task, mine({ reveals: ['id'] })))
    expect((await seen.add({ id: 'c1', title: 'mine' })).tenant).to.equal(1)
    await refused(() => seen.add({ id: 'b1', title: 'mine' }), 'ConstraintError')
    await refused(() => seen.put({ id: 'b1', title: 'mine' }), 'ConstraintError', 'there is such an object already')
    await finish()
    expect((await Task.get('b1'))?.title).to.equal('spin')
  })

  it('may be an expression, or have parameters', async () => {
    for (const rules of [{ where: expression('eq', 'tenant', 2) }, { where: 'tenant=$1', parameters: [2] }]) {
      const seen = loose(permissive(taskModel(), rules as object))
      expect(await seen.count()).to.equal(1)
      expect((await seen.add({ title: 'x' })).tenant).to.equal(2)
    }
  })

  it('fills what it says by equality, and nothing else', async () => {
    const Task = taskModel()
    for (const [where, given, filled] of [
      ['tenant=5&rank=2', {}, { tenant: 5, rank: 2 }],
      ['tenant=5&(rank=2|rank=3)', { rank: 3 }, { tenant: 5 }],
      ['tenant=null', {}, {}],
      ['tenant=in=(5)', { tenant: 5 }, {}],
      ['tenant=ge=5', { tenant: 5 }, {}],
      ['match(title,glob:n*)', {}, {}],
    ] as const) {
      const { id, ...added } = await permissive(Task, { where }).add({ title: 'new', ...given })
      expect(added, where).to.deep.equal({ title: 'new', done: false, ...given, ...filled })
    }
  })

  it('fills what the holder neither sees nor writes', async () => {
    const Task = taskModel()
    const seen = permissive(Task, { where: 'tenant=1', properties: { tenant: { blocked: true } } })
    const added = await seen.add({ title: 'x' })
    expect(added).not.to.have.property('tenant')
    expect((await Task.get(added.id))?.tenant).to.equal(1)
    await refused(
      () => seen.add({ title: 'x', tenant: 1 } as never),
      'ValidationError',
      'tenant cannot be written here',
    )
    await refused(() => seen.count('tenant=1'), 'NotAllowedError', 'tenant cannot be seen here')
  })

  it('is asked of the store, with its index', async () => {
    const asked: string[] = []
    const store = sqlite({ path: ':memory:', table: 'tasks' })
    const Task = Model(
      {
        ...store,
        query(query, options) {
          asked.push(JSON.stringify(query))
          return store.query(query, options)
        },
      } as typeof store,
      { properties: { tenant: { type: 'integer', index: true } } },
    )
    await restrictive(Task, { where: 'tenant=1' }).query('limit(5)').toArray()
    expect(asked.join()).to.contain('"eq","args":["tenant",1]')
  })

  it('that nothing fulfils hides all', async () => {
    const seen = permissive(Model(memory({ objects: [{ id: 1 }] }), {}), { where: 'or()' })
    expect([await seen.get(1), await seen.count()]).to.deep.equal([undefined, 0])
    await refused(() => seen.add({ x: 1 }), 'NotAllowedError', gone)
  })
})

describe('allowed', () => {
  for (const kind of ['at once', 'later'] as const) {
    const answer = (yes: boolean) => (kind === 'at once' ? yes : Promise.resolve(yes))
    const rules = {
      context: { tenant: 1 },
      allowed: (user: { tenant: number }, task: { tenant?: number }) => answer(task.tenant === user.tenant),
    }

    everywhere(`is asked of every object that is read or written, ${kind}`, async ({ Task, within, finish }) => {
      const seen = await within(permissive(Task, rules as never))
      expect((await seen.get('a1')).title).to.equal('sow')
      expect(await seen.get('b1')).to.equal(undefined)
      expect([await seen.count(), await seen.query().count(), await seen.count('rank=gt=2')]).to.deep.equal([3, 3, 1])
      expect(await all(seen.query('sort(-rank)&limit(1)'))).to.have.deep.nested.property('[0].id', 'a1')
      expect(await seen.query().max('rank')).to.equal(3)
      expect(await seen.query('values(rank)').toArray()).to.deep.equal([3, 1, 2])
      expect(await seen.query('rank=gt=0', { start: 1, end: 2 }).toArray()).to.have.lengthOf(1)
      expect((await seen.add({ title: 'x', tenant: 1 })).tenant).to.equal(1)
      await refused(() => seen.add({ title: 'x', tenant: 2 }), 'NotAllowedError', gone)
      await refused(() => seen.put({ ...tasks[0], tenant: 2 }), 'NotAllowedError', gone)
      await refused(() => seen.patch('b1', { title: 'x' }), 'NotFoundError')
      expect(await seen.delete('b1')).to.equal(false)
      expect(await seen.delete('a2')).to.equal(true)
      await finish()
      expect(await Task.count()).to.equal(4)
    })
  }

  it('that does not say true says no, and so does one that throws', async () => {
    const Task = taskModel()
    for (const given of [1, 'yes', {}, null, undefined]) {
      const seen = restrictive(Task, { allowed: () => given as never })
      expect([await seen.get('a1'), await seen.count()]).to.deep.equal([undefined, 0])
    }
    const failing = restrictive(Task, {
      allowed() {
        throw new Error('the secret is x')
      },
    })
    await refused(() => failing.get('a1'), 'UnknownError', 'it has failed')
    await refused(() => failing.query('limit(1)').toArray(), 'UnknownError', 'it has failed')
  })

  it('gets copies: what it does to them is done to nothing', async () => {
    const Task = taskModel()
    const seen = permissive(Task, {
      allowed: (_, task) => {
        task.title = 'changed'
        return true
      },
    })
    expect((await seen.get('a1'))?.title).to.equal('sow')
    expect((await seen.put({ id: 'a1', title: 'new' })).title).to.equal('new')
  })

  it('works over a facet that wants a limit', async () => {
    const Task = taskModel()
    const parent = restrictive(Task, { maxLimit: 2 })
    const child = restrictive(parent, { allowed: (_, { tenant }) => tenant === 1 })
    expect(await child.count()).to.equal(3)
    expect(await child.query('limit(2)').toArray()).to.have.lengthOf(2)
    await refused(() => child.query('limit(3)').toArray(), 'NotAllowedError', 'of at most 2')
  })

  it('is followed in changes, too', async () => {
    const Task = taskModel()
    const seen = permissive(Task, { allowed: async (_, { tenant }) => tenant === 1 })
    const changes = seen.subscribe()[Symbol.asyncIterator]()
    await Task.patch('b1', { title: 'hidden' })
    await Task.patch('a1', { title: 'seen' })
    expect((await changes.next()).value).to.deep.include({ type: 'put', id: 'a1' })
    expect(loose(await changes.return?.()).done).to.equal(true)
  })
})
