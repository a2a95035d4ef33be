import { expect } from 'chai'
import { etag } from '../../lib/etag.js'
import { database } from '../../models/database.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { refusal } from '../refusal.js'
import { staffed } from './staff.js'

describe('the rules of links', () => {
  it('refuse a link that leads to nothing, and name the property', async () => {
    const { db } = await staffed()
    const { name, message, issues, id } = await refusal(() =>
      db.users.put({ id: 4, name: 'Dee', employerId: 7, languageIds: ['en', 'xx', 'yy'] }),
    )
    expect([name, id]).to.deep.equal(['ConstraintError', 4])
    expect(message).to.equal('users/4 cannot be stored: its employerId leads to nothing in companies')
    expect(issues).to.deep.equal([
      { path: ['employerId'], keyword: 'links', message: 'leads to nothing in companies' },
      { path: ['languageIds', 1], keyword: 'links', message: 'leads to nothing in languages' },
      { path: ['languageIds', 2], keyword: 'links', message: 'leads to nothing in languages' },
    ])
    expect(await db.users.get(4)).to.equal(undefined)
    const ada = await db.users.get(1)
    if (ada) ada.employerId = 7
    expect((await refusal(() => ada?.save())).name).to.equal('ConstraintError')
    expect((await db.users.get(1))?.employerId).to.equal(1)
    await db.offices.add({ id: 3, companyId: 12 })
  })

  it('hold in every way to write', async () => {
    const { db } = await staffed()
    const names = async (work: () => unknown) => (await refusal(work)).name
    const refused = 'ConstraintError'
    expect(await names(() => db.users.update(1, user => Object.assign(user, { employerId: 7 })))).to.equal(refused)
    expect(await names(() => db.users.patch(1, { employerId: 7 }))).to.equal(refused)
    expect(
      await names(() =>
        db.users.putAll([
          { id: 8, name: 'x' },
          { id: 9, name: 'y', bossId: 99 },
        ]),
      ),
    ).to.equal(refused)
    expect(await names(() => db.companies.deleteAll([1, 2]))).to.equal(refused)
    expect(await names(() => new db.users({ name: 'z', employerId: 7 }).save())).to.equal(refused)
    expect(await names(() => db.transaction(({ users }) => users.patch(1, { employerId: 7 })))).to.equal(refused)
    const tx = await db.users.transaction()
    expect(
      await names(async () => {
        await tx.putAll([{ id: 8, name: 'x', employerId: 7 }])
        await tx.commit()
      }),
    ).to.equal(refused)
    expect([await db.users.count(), await db.companies.count()]).to.deep.equal([3, 2])
    await db.users.putAll([
      { id: 8, name: 'x', bossId: 9 },
      { id: 9, name: 'y', bossId: 8 },
    ])
    expect((await (await db.users.get(8))?.link('boss'))?.name).to.equal('y')
    await db.users.deleteAll([1, 8])
    expect(await db.users.query().values('id').toArray()).to.deep.equal([2, 3, 9])
    expect((await db.users.update(3, user => Object.assign(user, { age: 21 }))).age).to.equal(21)
  })

  it('restrict, detach and cascade', async () => {
    const { db } = await staffed()
    const kept = await refusal(() => db.companies.delete(1))
    expect([kept.name, kept.id]).to.deep.equal(['ConstraintError', 1])
    expect(kept.message).to.equal('companies/1 cannot be deleted: users/1 links to it as employer')
    expect(await db.companies.count()).to.equal(2)
    await db.languages.delete('en')
    expect((await db.users.get(1))?.languageIds).to.deep.equal(['no'])
    await db.users.delete(1)
    expect(await db.users.get(2)).to.deep.equal({ id: 2, name: 'Bob', age: 50, employerId: 1, languageIds: [] })
    await db.companies.add({ id: 5, ownerId: 2 })
    await db.companies.add({ id: 6, ownerId: 5 })
    await db.companies.put({ id: 2, name: 'Globex', ownerId: 6 })
    expect((await refusal(() => db.companies.delete(5))).message).to.equal(
      'companies/2 cannot be deleted: users/3 links to it as employer',
    )
    expect(await db.companies.count()).to.equal(4)
    await db.users.delete(3)
    expect(await db.companies.delete(5)).to.equal(true)
    expect(await db.companies.query().values('id').toArray()).to.deep.equal([1])
    expect(await db.companies.delete(5)).to.equal(false)
  })

  it('do not count who goes with the rest', async () => {
    const db = database({
      as: Model(memory(), {
        properties: { selfId: Number },
        links: [{ rel: 'self2', model: 'as', property: 'selfId', onDelete: 'restrict' }],
      }),
      bs: Model(memory(), { properties: { aId: Number }, links: [{ rel: 'a', model: 'as', onDelete: 'cascade' }] }),
      cs: Model(memory(), {
        properties: { aId: Number, bId: Number },
        links: [
          { rel: 'a', model: 'as', onDelete: 'restrict' },
          { rel: 'b', model: 'bs', onDelete: 'cascade' },
        ],
      }),
    })
    await db.transaction(async txs => {
      await txs.as.add({ id: 1, selfId: 1 })
      await txs.bs.add({ id: 1, aId: 1 })
      await txs.cs.add({ id: 1, aId: 1, bId: 1 })
    })
    expect(await db.as.delete(1)).to.equal(true)
    expect([await db.bs.count(), await db.cs.count()]).to.deep.equal([0, 0])
  })

  it('leave alone what was invalid before', async () => {
    const inner = memory()
    const db = database({
      as: Model(memory(), {}),
      bs: Model(inner, {
        properties: { name: String, aId: Number },
        links: [{ rel: 'a', model: 'as', onDelete: 'detach' }],
      }),
    })
    await db.as.add({ id: 1 })
    inner.put({ id: 1, name: 5, aId: 1 })
    await db.as.delete(1)
    expect(inner.get(1)).to.deep.equal({ id: 1, name: 5 })
  })

  it('keep the conditions, validation and unique keys', async () => {
    const { db, User } = await staffed()
    const wrong = { ifMatch: etag({ id: 3, name: 'other' }) }
    const given = { id: 3, name: 'Cyd', employerId: 1 }
    const names = async (work: () => unknown) => (await refusal(work)).name
    expect(await names(() => db.users.put(given, wrong))).to.equal('PreconditionFailedError')
    expect(await names(() => db.users.put({ ...given, employerId: 2 }, wrong))).to.equal('PreconditionFailedError')
    expect(await names(() => db.users.put(given, { ifNoneMatch: '*' }))).to.equal('PreconditionFailedError')
    expect(await names(() => db.users.delete(3, wrong))).to.equal('PreconditionFailedError')
    expect(await names(() => db.users.add(given))).to.equal('ConstraintError')
    expect(await names(() => db.users.put({ ...given, name: '' }))).to.equal('ValidationError')
    expect(await names(() => db.users.put({ ...given, link: 5 } as never))).to.equal('ValidationError')
    expect((await db.users.get(3))?.name).to.equal('Cy')
    await db.users.put({ ...given, email: 'c@x' }, { ifMatch: etag((await User.get(3)) as object) })
    expect(await names(() => db.users.put({ id: 1, name: 'Ada', email: 'c@x', employerId: 2 }))).to.equal(
      'ConstraintError',
    )
    const [one, two] = [await db.users.get(3), await db.users.get(3)]
    await one?.delete()
    expect(await names(() => two?.delete())).to.equal('PreconditionFailedError')
  })

  it('follow a chain of any length, synchronously where the stores are', () => {
    const inner = memory()
    const db = database({
      as: Model(inner, {
        properties: { aId: { type: 'integer' } },
        links: [{ rel: 'a', model: 'as', onDelete: 'cascade' }],
      }),
    })
    inner.put({ id: 0 })
    for (let id = 1; id < 5000; id++) inner.put({ id, aId: id - 1 })
    expect(db.as.delete(0)).to.equal(true)
    expect(inner.count()).to.equal(0)
  })
})
