import { expect } from 'chai'
import { audit, explainRefusal, permissive, restrictive } from '../../../models/facet.js'
import { refused } from '../../refusal.js'
import { all, loose, taskModel } from './tasks.js'

const methodsOf = (object: object) => Object.getOwnPropertyNames(Object.getPrototypeOf(object))

describe('a facet of a facet', () => {
  it('can do no more than both allow', async () => {
    const Task = taskModel()
    const parent = permissive(Task, {
      where: 'tenant=1',
      properties: { secret: { blocked: true } },
      methods: { delete: false },
    })
    const child = permissive(parent, { where: 'rank=ge=2', properties: { tags: { readable: false } } })
    expect(Object.keys(child)).not.to.include.oneOf(['delete', 'deleteAll'])
    expect(await all(child.query())).to.deep.equal([
      { id: 'a1', tenant: 1, title: 'sow', rank: 3, done: false },
      { id: 'a3', tenant: 1, title: 'reap', rank: 2, done: false },
    ])
    expect(await child.get('a2')).to.equal(undefined)
    await refused(() => child.count('secret=x'), 'NotAllowedError', 'secret cannot be seen here')
    await refused(() => child.count('contains(tags,soil)'), 'NotAllowedError', 'tags cannot be seen here')
    expect((await child.put({ id: 'a1', title: 'new', rank: 5 })).title).to.equal('new')
    expect(await Task.get('a1')).to.deep.equal({
      id: 'a1',
      tenant: 1,
      title: 'new',
      rank: 5,
      secret: 'x',
      tags: ['soil'],
      done: false,
    })
    await refused(() => child.put({ id: 'a1', title: 'x', rank: 1 }), 'NotAllowedError', 'would not be one of those')
    await refused(
      () => child.put({ id: 'a1', title: 'x', tenant: 2, rank: 3 }),
      'NotAllowedError',
      'would not be one of those',
    )
    await refused(() => child.patch('a1', { secret: 'y' } as never), 'ValidationError', 'secret cannot be written here')
    expect((await child.add({ title: 'x', rank: 2 })).tenant).to.equal(1)
  })

  it('made permissive of a restrictive one is no wider', async () => {
    const parent = restrictive(taskModel(), { methods: ['add'], maxLimit: 3, operators: ['eq', 'limit'] })
    const child = permissive(parent)
    expect(Object.keys(child)).to.deep.equal(['get', 'add', 'query', 'count', 'getAll'])
    await refused(() => child.query().toArray(), 'NotAllowedError', 'of at most 3')
    await refused(() => child.query('sort(rank)&limit(1)').toArray(), 'NotAllowedError', 'sort cannot be asked here')
    expect(audit(child)).to.deep.include({ maxLimit: 3, maxCost: 100, operators: ['eq', 'limit'] })
    expect(methodsOf((await child.get('a1')) as object)).to.deep.equal(['load'])
  })

  it('writes by the methods that the parent has put in the place of others', async () => {
    const Task = taskModel()
    const parent = permissive(Task, {
      properties: { secret: { blocked: true } },
      methods: {
        put: (task: object, options?: object) =>
          Task.put({ ...task, rank: 99, secret: 'kept' } as never, options as never),
        get: async (id: string) => Task.get(id.toLowerCase()),
      },
    })
    const child = loose(permissive(parent as never, { methods: { patch: false } } as never))
    expect(Object.keys(child)).not.to.include.oneOf(['transaction', 'putAll'])
    expect(await child.get('A1'))
      .to.include({ id: 'a1' })
      .and.not.have.property('secret')
    const put = await child.put({ id: 'a1', title: 'x' })
    expect(put).to.include({ title: 'x', rank: 99 }).and.not.have.property('secret')
    expect((await Task.get('a1'))?.secret).to.equal('kept')
    const task = await child.get('a1')
    task.title = 'saved'
    await task.save()
    expect(await Task.get('a1')).to.include({ title: 'saved', rank: 99 })
  })

  it('gives what the parent’s own methods give as it sees it, with no more methods than it has', async () => {
    const Task = taskModel()
    const parent = permissive(Task, {
      methods: {
        async first(this: object) {
          return loose(this).get('a1')
        },
        async both(this: object) {
          return [await loose(this).get('a1'), Task.get('b1')]
        },
        total: () => ({ total: 5 }),
      },
      prototype: {
        self(this: object) {
          return this
        },
        secretly(this: { secret: string }) {
          return this.secret
        },
      },
    })
    const child = loose(
      restrictive(parent, {
        where: 'tenant=1',
        properties: { secret: { blocked: true } },
        methods: ['first', 'both', 'total'],
        prototype: { self: true, secretly: true },
      } as never),
    )
    expect(Object.keys(child)).to.deep.equal(['get', 'query', 'count', 'first', 'both', 'total'])
    const first = await child.first()
    expect(first).to.include({ id: 'a1' }).and.not.have.property('secret')
    expect(methodsOf(first)).to.deep.equal(['self', 'secretly', 'load'])
    const [one, other] = await child.both()
    expect(one).to.include({ id: 'a1' }).and.not.have.property('secret')
    expect(methodsOf(one)).not.to.include('save')
    expect(other).to.equal(undefined)
    expect(await child.total()).to.deep.equal({ total: 5 })
    const self = await first.self()
    expect(self).not.to.have.property('secret')
    expect(methodsOf(self)).not.to.include('save')
    // a method of the parent sees what the parent sees: to open it is the child's decision
    expect(await first.secretly()).to.equal('x')
    const grandchild = loose(
      restrictive(child, { methods: ['first'], properties: { title: { blocked: true } } } as never),
    )
    expect({ ...(await grandchild.first()) }).not.to.have.any.keys('secret', 'title')
  })

  it('has transactions of its own kind', async () => {
    const Task = taskModel()
    const child = permissive(permissive(Task, { where: 'tenant=1' }), { properties: { secret: { blocked: true } } })
    const tx = loose(await child.transaction())
    expect(await tx.get('b1')).to.equal(undefined)
    expect(await tx.get('a1')).not.to.have.property('secret')
    await tx.put({ id: 'a1', title: 'new' })
    expect((await Task.get('a1'))?.title).to.equal('sow')
    await tx.commit()
    expect(await Task.get('a1')).to.include({ title: 'new', secret: 'x' })
    const dropped = loose(await child.transaction())
    await dropped.delete('a1')
    await dropped.abort()
    expect(await child.count()).to.equal(3)
    await refused(() => dropped.get('a1'), 'TransactionInactiveError', 'the transaction has ended')
  })

  it('may be made ten times over', async () => {
    let facet: object = taskModel()
    for (let level = 0; level < 10; level++)
      facet = permissive(facet as never, { where: `rank!=${level + 10}` } as never)
    expect(await loose(facet).count()).to.equal(4)
    expect((await loose(facet).put({ id: 'a1', title: 'deep', tenant: 1, rank: 1 })).title).to.equal('deep')
    await refused(() => loose(facet).patch('a1', { rank: 10 }), 'NotAllowedError')
    await refused(() => loose(facet).patch('a1', { rank: 19 }), 'NotAllowedError')
  })

  it('is explained to who made it, of the parent', async () => {
    const Task = taskModel()
    const parent = permissive(Task, { where: 'tenant=1' })
    const child = restrictive(parent)
    const error = await refused(() => child.query().toArray(), 'NotAllowedError')
    expect(explainRefusal(parent, error)).to.deep.include({ method: 'query' })
    expect(explainRefusal(Task, error)).to.equal(undefined)
    expect(explainRefusal(child, error)).to.equal(undefined)
  })
})
