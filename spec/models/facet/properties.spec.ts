import { expect } from 'chai'
import { etag } from '../../../lib/etag.js'
import { permissive, type Rules, restrictive } from '../../../models/facet.js'
import { Model } from '../../../models/model.js'
import { memory } from '../../../stores/memory.js'
import { refused } from '../../refusal.js'
import { all, everywhere, loose, taskModel } from './tasks.js'

const rules = (properties: Rules['properties'], more: object = {}) => ({ properties, ...more }) as never
const stored = { id: 'a1', tenant: 1, title: 'sow', rank: 3, secret: 'x', tags: ['soil'], done: false }

describe('a property', () => {
  everywhere(
    'that is blocked is neither seen, asked about, nor written, and stays',
    async ({ Task, within, finish }) => {
      const seen = await within(permissive(Task, rules({ secret: { blocked: true } })))
      const task = await seen.get('a1')
      expect(Object.keys(task)).not.to.include('secret')
      expect(await all(seen.query('id=a1'))).to.have.deep.nested.property('[0]', { ...task })
      const cannot = 'secret cannot be seen here'
      for (const query of [
        'secret=x',
        'sort(secret)',
        'sort(-secret)',
        'values(secret)',
        'select(secret)',
        'max(secret)',
      ]) {
        await refused(() => seen.query(query).toArray(), 'NotAllowedError', cannot)
      }
      await refused(() => seen.query('aggregate(secret,count())').toArray(), 'NotAllowedError', cannot)
      await refused(() => seen.query('or(rank=1,not(secret=x))').toArray(), 'NotAllowedError', cannot)
      await refused(() => seen.count('secret=x'), 'NotAllowedError', cannot)
      for (const query of ['values()', 'distinct()', 'recurse()', 'contains(x)', 'eq(x)']) {
        await refused(() => seen.query(query).toArray(), 'NotAllowedError', 'would tell of properties')
      }
      task.title = 'changed'
      await task.save()
      await seen.patch('a1', { rank: 4 })
      await seen.update('a1', (each: object) => Object.assign(each, { done: true }))
      await seen.put({ id: 'a2', title: 'whole' })
      for (const write of [
        () => seen.put({ id: 'a1', title: 'x', secret: 'y' }),
        () => seen.patch('a1', { secret: 'y' }),
        () => seen.add({ title: 'x', secret: 'y' }),
        () => seen.update('a1', (each: object) => ({ ...each, secret: 'x' })),
      ]) {
        const error = loose(await refused(write, 'ValidationError', 'secret cannot be written here'))
        expect(error.issues).to.deep.equal([
          { path: ['secret'], keyword: 'writable', message: 'cannot be written here' },
        ])
      }
      await finish()
      expect(await Task.get('a1')).to.deep.equal({ ...stored, title: 'changed', rank: 4, done: true })
      expect((await Task.get('a2'))?.secret).to.equal('y')
    },
  )

  everywhere('may be read and not written, or written and not read', async ({ Task, within, finish }) => {
    const seen = await within(permissive(Task, rules({ rank: { writable: false }, secret: { readable: false } })))
    const task = await seen.get('a1')
    expect(task).to.include({ rank: 3 })
    expect(task).not.to.have.property('secret')
    await refused(() => seen.patch('a1', { rank: 5 }), 'ValidationError', 'rank cannot be written here')
    // given as it is, it is not written
    await seen.put({ ...task, title: 'new', rank: 3 })
    expect(await seen.patch('a1', { secret: 'new' })).not.to.have.property('secret')
    task.title = 'newer'
    await refused(() => task.save(), 'PreconditionFailedError')
    await refused(() => seen.add({ title: 'x', rank: 1 }), 'ValidationError', 'rank cannot be written here')
    await finish()
    expect(await Task.get('a1')).to.deep.equal({ ...stored, title: 'new', secret: 'new' })
  })

  everywhere('that is not seen stays when the object is put without it', async ({ Task, within, finish }) => {
    const seen = await within(permissive(Task, rules({ secret: { readable: false }, rank: { writable: false } })))
    await seen.put({ id: 'a1', title: 'only' })
    await finish()
    expect(await Task.get('a1')).to.deep.equal({ id: 'a1', title: 'only', secret: 'x', rank: 3, done: false })
  })

  everywhere('that is read-only is given once', async ({ Task, within, finish }) => {
    const seen = await within(permissive(Task, rules({ rank: { readonly: true } })))
    await refused(() => seen.patch('a1', { rank: 5 }), 'ValidationError', 'rank is read-only and cannot be changed')
    const { id } = await seen.add({ title: 'x' })
    expect((await seen.patch(id, { rank: 5 })).rank).to.equal(5)
    await refused(() => seen.patch(id, { rank: 6 }), 'ValidationError', 'rank is read-only')
    await seen.put({ id, title: 'y' })
    await finish()
    expect((await Task.get(id))?.rank).to.equal(5)
  })

  everywhere('that is transient is not stored', async ({ Task, within, finish }) => {
    const seen = await within(permissive(Task, rules({ rank: { transient: true } })))
    const { id } = await seen.add({ title: 'x', rank: 5 })
    await seen.put({ id: 'a1', title: 'x', rank: 9 })
    await finish()
    expect(await Task.get(id)).not.to.have.property('rank')
    expect((await Task.get('a1'))?.rank).not.to.equal(9)
  })

  everywhere('may be computed from what is stored, and that cannot be asked by', async ({ Task, within, finish }) => {
    const masked = { get: (value: unknown) => value && '***' }
    const label = {
      get(this: object) {
        return `${loose(this).title}/${loose(this).secret}`
      },
    }
    const seen = await within(permissive(Task, rules({ secret: masked, label })))
    const task = await seen.get('a1')
    expect(task).to.include({ secret: '***', label: 'sow/x' })
    expect(await seen.query('select(secret)&limit(1)').toArray()).to.deep.equal([{ secret: '***' }])
    const computed = 'secret is computed here, and can be selected, but not asked by'
    for (const query of ['secret=x', 'sort(secret)', 'values(secret)', 'max(secret)', 'aggregate(secret,count())']) {
      await refused(() => seen.query(query).toArray(), 'NotAllowedError', computed)
    }
    await refused(() => seen.query('select(secret)&distinct()').toArray(), 'NotAllowedError', 'distinct would tell')
    await refused(() => seen.patch('a1', { label: 'x' }), 'ValidationError', 'label cannot be written here')
    task.title = 'new'
    await task.save()
    expect(task.label).to.equal('new/x')
    await finish()
    expect(await Task.get('a1')).to.deep.equal({ ...stored, title: 'new' })
  })

  everywhere('may be set otherwise than it is given', async ({ Task, within, finish }) => {
    const title = {
      set(value: unknown, old: unknown) {
        if (value === 'bad') throw new Error('must not be bad')
        return `${value} (was ${old})`
      },
    }
    const seen = await within(permissive(Task, rules({ title })))
    expect((await seen.put({ id: 'a1', title: 'new' })).title).to.equal('new (was sow)')
    expect((await seen.add({ title: 'x' })).title).to.equal('x (was undefined)')
    await refused(() => seen.patch('a1', { title: 'bad' }), 'ValidationError')
    // what is given as it is, is not set again
    await seen.patch('a1', { rank: 1 })
    await finish()
    expect((await Task.get('a1'))?.title).to.equal('new (was sow)')
  })

  everywhere('has the default of the facet, for new objects', async ({ Task, within, finish }) => {
    const seen = await within(
      permissive(Task, rules({ rank: { default: 7 }, secret: { blocked: true, default: 's' } })),
    )
    const { id, rank } = await seen.add({ title: 'x' })
    expect(rank).to.equal(7)
    expect((await seen.add({ title: 'x', rank: 1 })).rank).to.equal(1)
    await seen.put({ id: 'a2', title: 'x' })
    await finish()
    expect(await Task.get(id)).to.include({ rank: 7, secret: 's' })
    expect(await Task.get('a2')).not.to.have.property('rank')
  })

  everywhere('may be tightened by a schema', async ({ Task, within, finish }) => {
    const seen = await within(permissive(Task, rules({ title: { maxLength: 4 }, rank: { maximum: 5 } })))
    const error = loose(await refused(() => seen.put({ id: 'a1', title: 'longer', rank: 6 }), 'ValidationError'))
    expect(error.issues.map(({ path }: { path: string[] }) => path[0])).to.deep.equal(['title', 'rank'])
    await refused(() => seen.patch('a1', { rank: 6 }), 'ValidationError', 'rank')
    // what is there already and not touched is no concern of the holder
    await finish()
    expect(await Task.get('a1')).to.deep.equal(stored)
  })

  everywhere('that is not listed is closed by additionalProperties: false', async ({ Task, within, finish }) => {
    const listed = permissive(Task, rules({ title: {}, rank: {} }, { additionalProperties: false }))
    const seen = await within(listed)
    expect({ ...(await seen.get('a1')) }).to.deep.equal({ id: 'a1', title: 'sow', rank: 3 })
    await refused(() => seen.count('tenant=1'), 'NotAllowedError', 'tenant cannot be seen here')
    await refused(() => seen.patch('a1', { secret: 'x' }), 'ValidationError', 'secret cannot be written here')
    await refused(() => seen.patch('a1', { nowhere: 'x' }), 'ValidationError', 'nowhere cannot be written here')
    await seen.patch('a1', { title: 'new' })
    expect((await seen.add({ title: 'x' })).title).to.equal('x')
    await finish()
    expect(await Task.get('a1')).to.deep.equal({ ...stored, title: 'new' })
  })

  it('is told of by the model’s own errors only where it is seen', async () => {
    const User = Model(memory(), {
      properties: { name: { type: 'string', minLength: 3 }, key: { type: 'string', minLength: 3 } },
    })
    const seen = permissive(User, { properties: { key: { default: 'x', blocked: true } } })
    await refused(() => seen.add({ name: 'xx' }), 'ValidationError', 'name')
    const error = await refused(() => seen.add({ name: 'xxx' }), 'ValidationError', 'the object is not valid')
    expect(JSON.stringify(error)).not.to.contain('key')
  })
})

describe('conditions of writes', () => {
  everywhere('are about what is seen', async ({ Task, within, finish }) => {
    const seen = await within(permissive(Task, rules({ secret: { blocked: true } })))
    const task = await seen.get('a1')
    const tag = etag({ ...task })
    await seen.put({ ...task, title: 'one' }, { ifMatch: tag })
    await refused(() => seen.put({ ...task, title: 'two' }, { ifMatch: tag }), 'PreconditionFailedError')
    await refused(() => seen.delete('a1', { ifMatch: tag }), 'PreconditionFailedError')
    await refused(() => seen.put({ id: 'a2', title: 'x' }, { ifNoneMatch: '*' }), 'PreconditionFailedError')
    await seen.put({ id: 'new', title: 'x' }, { ifNoneMatch: '*' })
    await refused(() => seen.put({ id: 'no', title: 'x' }, { ifMatch: '*' }), 'PreconditionFailedError')
    await refused(() => seen.patch('a1', { rank: 1 }, { ifMatch: tag }), 'PreconditionFailedError')
    const fresh = await seen.get('a1')
    expect((await seen.patch('a1', { rank: 1 }, { ifMatch: fresh })).rank).to.equal(1)
    const shown = etag({ ...(await seen.get('a1')) })
    await finish()
    // the tag of the whole object is another, which is not told
    expect(etag({ ...(await Task.get('a1')) })).not.to.equal(shown)
  })

  it('make save() fail where somebody else came first, of what is seen', async () => {
    const Task = taskModel()
    const seen = permissive(Task, rules({ secret: { blocked: true } }))
    const [one, other] = [loose(await seen.get('a1')), loose(await seen.get('a1'))]
    await Task.patch('a1', { secret: 'hidden change' })
    one.title = 'first'
    await one.save()
    other.title = 'second'
    await refused(() => other.save(), 'PreconditionFailedError', 'not, or no longer, as it was expected')
    await other.load()
    expect(other.title).to.equal('first')
    await refused(() => other.save({ ifMatch: '"x"' }), 'PreconditionFailedError')
    expect(await other.delete()).to.equal(true)
    await refused(() => other.load(), 'NotFoundError', 'there is no such object')
    expect(await restrictive(Task).count()).to.equal(3)
  })
})
