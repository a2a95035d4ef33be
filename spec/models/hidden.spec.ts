import { expect } from 'chai'
import { etag } from '../../lib/etag.js'
import { transaction } from '../../lib/transaction.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { refusal } from '../refusal.js'
import { keywords } from './refusals.js'

describe('blocked', () => {
  const open = () => {
    const store = memory({ objects: [{ id: 1, name: 'Ada', secret: 'x' }] })
    return { store, User: Model(store, { properties: { name: String, secret: { type: 'string', blocked: true } } }) }
  }

  it('is not seen: not in get, query, changes or what a write gives', async () => {
    const { User } = open()
    const seen = { id: 1, name: 'Ada' }
    const changes = User.subscribe()[Symbol.asyncIterator]()
    expect(await User.get(1)).to.deep.equal(seen)
    expect(await User.query().toArray()).to.deep.equal([seen])
    expect(await User.query().unselect('name').toArray()).to.deep.equal([{ id: 1 }])
    expect(await User.put({ id: 1, name: 'Ada' })).to.deep.equal(seen)
    const { value } = await changes.next()
    expect([value.object, value.previous]).to.deep.equal([seen, seen])
    const user = await User.get(1)
    expect(await user?.load()).to.deep.equal(seen)
  })

  it('stays in the store whatever is saved', async () => {
    const { store, User } = open()
    const user = await User.get(1)
    if (user) user.name = 'Ada L.'
    await user?.save()
    await user?.save()
    expect(store.get(1)).to.deep.equal({ id: 1, name: 'Ada L.', secret: 'x' })
    await User.put({ id: 1, name: 'B' })
    await user?.save({ ifMatch: '*' })
    await transaction(User, async tx => {
      await tx.put({ id: 1, name: 'C' })
      await (await tx.get(1))?.save()
    })
    expect(store.get(1)).to.deep.equal({ id: 1, name: 'C', secret: 'x' })
  })

  it('cannot be written', async () => {
    const { store, User } = open()
    expect(await keywords(() => User.put({ id: 1, secret: 'y' } as never))).to.deep.equal([['secret', 'blocked']])
    expect(await keywords(() => User.add({ secret: 'y' } as never))).to.deep.equal([['secret', 'blocked']])
    const user = await User.get(1)
    Object.assign(user as object, { secret: 'y' })
    expect(await keywords(() => user?.save())).to.deep.equal([['secret', 'blocked']])
    expect(store.get(1)?.secret).to.equal('x')
    expect(store.count()).to.equal(1)
  })

  it('cannot be asked for', async () => {
    const { User } = open()
    for (const query of [
      'secret=x',
      'not(secret=x)',
      '(name=Ada|secret=gt=a)',
      'sort(-secret)',
      'select(secret)',
      'unselect(secret)',
      'values(secret)',
      'values()',
      'recurse()',
      'aggregate(secret,count())',
      'aggregate(name,max(secret))',
      'max(secret)',
      'exists(secret)',
      'in((secret,x),(y))',
    ]) {
      const cursor = User.query(query)
      const works: (() => unknown)[] = [() => cursor.toArray(), () => cursor.count(), () => User.count(query)]
      for (const work of works) expect(await refusal(work), query).to.have.property('name', 'NotAllowedError')
    }
    expect(() => User.subscribe('secret=x'))
      .to.throw()
      .with.property('name', 'NotAllowedError')
    expect(await User.count('name=Ada')).to.equal(1)
  })

  it('is no part of the ETag that the caller knows', async () => {
    const { User } = open()
    const seen = etag((await User.get(1)) as object)
    await User.put({ id: 1, name: 'B' }, { ifMatch: seen })
    expect(await refusal(() => User.put({ id: 1, name: 'C' }, { ifMatch: seen }))).to.have.property(
      'name',
      'PreconditionFailedError',
    )
    const now = etag((await User.get(1)) as object)
    expect(await refusal(() => User.delete(1, { ifMatch: seen }))).to.have.property('name', 'PreconditionFailedError')
    expect(await User.delete(1, { ifMatch: now })).to.equal(true)
  })

  it('may be required: then this model changes objects but makes none', async () => {
    const store = memory({ objects: [{ id: 1, secret: 'x' }] })
    const User = Model(store, { properties: { secret: { blocked: true }, name: String }, required: ['secret'] })
    expect((await User.put({ id: 1, name: 'Ada' } as never)).name).to.equal('Ada')
    expect(await keywords(() => User.add({ name: 'Bob' } as never))).to.deep.equal([['secret', 'required']])
  })
})

describe('transient', () => {
  it('is kept on the instance and never stored', async () => {
    const store = memory()
    const User = Model(store, { properties: { name: String, token: { transient: true } } })
    const token = () => 'anything, even a function'
    const user = await User.add({ id: 1, name: 'Ada', token })
    expect(user.token).to.equal(token)
    user.name = 'B'
    expect((await user.save()).token).to.equal(token)
    expect((await user.load()).token).to.equal(token)
    expect(store.get(1)).to.deep.equal({ id: 1, name: 'B' })
    expect(await User.get(1)).not.to.have.property('token')
  })

  it('is validated, and may have a default', async () => {
    const User = Model(memory(), { properties: { n: { type: 'integer', transient: true, default: 1 } } })
    expect((await User.add({ id: 1 })).n).to.equal(1)
    expect(new User({}).n).to.equal(1)
    expect(await keywords(() => User.add({ n: 'x' as never }))).to.deep.equal([['n', 'type']])
  })
})
