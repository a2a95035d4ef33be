import { expect } from 'chai'
import { explainRefusal, permissive, restrictive } from '../../../models/facet.js'
import { Model } from '../../../models/model.js'
import { memory } from '../../../stores/memory.js'
import { refused } from '../../refusal.js'
import { everywhere, loose, taskModel } from './tasks.js'

const names = (facet: object) => Object.keys(facet)

describe('methods of a facet', () => {
  it('are opened by a list of names, or one by one', () => {
    const Task = taskModel()
    expect(names(restrictive(Task, { methods: ['add', 'delete'] }))).to.deep.equal([
      'get',
      'add',
      'delete',
      'query',
      'count',
    ])
    expect(names(restrictive(Task, { methods: { put: true, get: false } }))).to.deep.equal(['put', 'query', 'count'])
    expect(names(restrictive(Task, { methods: ['put', 'update', 'patch'] }))).to.include.members(['update', 'patch'])
    expect(names(restrictive(Task, { methods: ['getAll', 'version'] }))).to.deep.equal([
      'get',
      'query',
      'count',
      'getAll',
      'version',
    ])
    expect(names(permissive(Task, { methods: { delete: false } }))).not.to.include.members(['delete', 'deleteAll'])
    expect(names(permissive(Task, { methods: { put: false } }))).not.to.include.members(['update'])
    expect(names(permissive(Task, { methods: { get: false } }))).not.to.include.members(['patch'])
    expect(names(permissive(Task, { methods: { version: false } }))).not.to.include('version')
  })

  it('are there only if the model has them', () => {
    const Log = Model({ get: () => undefined, query: () => [] }, {})
    expect(names(permissive(Log))).to.deep.equal(['get', 'query', 'getAll'])
    const { transaction, ...plain } = memory()
    expect(names(permissive(Model(plain, {})))).not.to.include.members(['transaction'])
    expect(names(permissive(Model(plain, {})))).not.to.include.members(['putAll'])
  })

  it('of objects are those that are open', async () => {
    const Task = taskModel()
    const methodsOf = async (facet: { get(id: string): Promise<object | undefined> }) =>
      Object.getOwnPropertyNames(Object.getPrototypeOf(await facet.get('a1')))
    expect(await methodsOf(restrictive(Task))).to.deep.equal(['load'])
    expect(await methodsOf(restrictive(Task, { methods: ['put'] }))).to.deep.equal(['save', 'load'])
    expect(await methodsOf(restrictive(Task, { methods: ['delete'], prototype: { shout: true } }))).to.deep.equal([
      'shout',
      'load',
      'delete',
    ])
    expect(await methodsOf(restrictive(Task, { prototype: ['shout'] }))).to.deep.equal(['shout', 'load'])
    expect(await methodsOf(permissive(Task))).to.deep.equal(['shout', 'finish', 'save', 'load', 'delete'])
    expect(await methodsOf(permissive(Task, { prototype: { finish: false } }))).not.to.include('finish')
  })

  everywhere('of the model run on the whole, and their results are seen by the rules', async ({ Task, within }) => {
    const rules = { where: 'tenant=1', properties: { secret: { blocked: true } } } as const
    // where something is hidden, what runs past the rules is not open by itself
    expect(permissive(Task, rules)).not.to.have.property('best')
    const opened = { methods: { best: true, version: true }, prototype: ['shout', 'finish'] } as const
    const seen = await within(permissive(Task, { ...rules, ...opened }))
    const best = await seen.best()
    // the best of all is not there, and leaves no gap
    expect(best).to.have.lengthOf(1)
    expect({ ...best[0] })
      .to.deep.include({ id: 'a1' })
      .and.not.have.property('secret')
    expect(await best[0].shout()).to.equal('sow x!')
    expect(await seen.version()).to.equal(7)
    const finished = await (await seen.get('a3')).finish()
    expect(finished).to.include({ id: 'a3', done: true }).and.not.have.property('secret')
  })

  it('of the model’s objects run on the object as it is stored, not as it is in the holder’s hands', async () => {
    const Task = taskModel()
    const task = loose(await permissive(Task).get('a1'))
    task.title = 'mine'
    expect(await task.shout()).to.equal('sow x!')
    await Task.delete('a1')
    await refused(() => task.shout(), 'NotFoundError')
  })

  everywhere(
    'may be functions of the rules, which get copies and are called on the facet',
    async ({ Task, within }) => {
      const given: unknown[] = []
      const rules = {
        methods: {
          transaction: true,
          async titles(this: object, ...args: unknown[]) {
            given.push(args[0])
            return (await loose(this).query('limit(9)').toArray()).map(({ title }: { title: string }) => title)
          },
          async find(this: object, id: string) {
            return loose(this).get(id)
          },
          whole: (id: string) => Task.get(id),
          nothing: () => undefined,
          dates: () => ({ at: new Date(5), list: [1n, new Uint8Array([1])] }),
          leak: () => Task,
          odd: () => ({ inside: () => 1 }),
        },
        prototype: {
          label(this: { title: string; secret?: string }, suffix: string) {
            return `${this.title}${suffix}${this.secret ?? ''}`
          },
          self(this: object) {
            return this
          },
        },
        where: 'tenant=1',
        properties: { secret: { blocked: true } },
      } as const
      const seen = await within(restrictive(Task, rules as never))
      const argument = { deep: [1] }
      expect(await seen.titles(argument)).to.deep.equal(['sow', 'mow', 'reap'])
      expect(given[0]).to.deep.equal(argument)
      expect(given[0]).not.to.equal(argument)
      expect(await seen.find('a1'))
        .to.include({ title: 'sow' })
        .and.not.have.property('secret')
      expect(await seen.find('b1')).to.equal(undefined)
      expect(await seen.nothing()).to.equal(undefined)
      expect(await seen.dates()).to.deep.equal({ at: new Date(5), list: [1n, new Uint8Array([1])] })
      await refused(() => seen.leak(), 'NotAllowedError', 'this is not given here')
      await refused(() => seen.odd(), 'NotAllowedError', 'this is not given here')
      const task = await seen.get('a1')
      task.title = 'mine'
      expect(await task.label('?')).to.equal('mine?')
      expect(await task.self()).to.equal(task)
      await refused(() => task.label(() => 1), 'DataCloneError', 'a function cannot be given')
      const { label } = task
      await refused(() => label.call({ title: 'x' }, ''), 'TypeError', 'this is not an object of this facet')
    },
  )

  it('that give objects of the model show what the rules show of them', async () => {
    const Task = taskModel()
    const seen = loose(
      restrictive(Task, {
        where: 'tenant=1',
        properties: { secret: { blocked: true } },
        methods: { one: (id: string) => Task.get(id), some: () => Task.query().toArray() },
      }),
    )
    expect(await seen.one('a1'))
      .to.include({ id: 'a1' })
      .and.not.have.property('secret')
    expect(await seen.one('b1')).to.equal(undefined)
    expect((await seen.some()).map((each?: { id: string }) => each?.id)).to.deep.equal(['a1', 'a2', 'a3'])
    expect(await seen.one('none')).to.equal(undefined)
  })

  it('that take the place of the store’s close what would go around them', async () => {
    const Task = taskModel()
    const calls: string[] = []
    const seen = permissive(Task, {
      methods: {
        async put(task: object) {
          calls.push('put')
          return Task.put({ ...task, rank: 5 } as never)
        },
      },
    })
    expect(names(seen)).not.to.include.oneOf(['update', 'patch', 'transaction', 'putAll', 'deleteAll'])
    expect(loose(await seen.get('a1')).save).to.equal(undefined)
    expect(await loose(seen).put({ id: 'a1', title: 'x' })).to.include({ title: 'x', rank: 5 })
    expect(calls).to.deep.equal(['put'])
    const reading = restrictive(Task, { methods: { get: (id: string) => Task.get(id.toLowerCase()), put: true } })
    expect((await loose(reading).get('A1')).id).to.equal('a1')
    expect(names(reading)).to.deep.equal(['put', 'query', 'count', 'get'])
  })

  it('that fail say no more than that, and the owner can ask why', async () => {
    const Task = taskModel()
    const seen = loose(
      restrictive(Task, {
        methods: {
          fail() {
            throw new Error('row 7 has secret x')
          },
        },
      }),
    )
    const error = await refused(() => seen.fail(), 'UnknownError', 'it has failed')
    expect(`${error.stack}`).not.to.contain('row 7')
    expect(error.cause).to.equal(undefined)
    expect(explainRefusal(Task, error)).to.deep.include({ method: 'fail', reason: 'row 7 has secret x' })
    expect(explainRefusal(seen, error)).to.equal(undefined)
  })
})
