import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Store } from '../../lib/store.js'
import { database } from '../../models/database.js'
import { Model } from '../../models/model.js'
import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { cache } from '../../wrappers/cache.js'
import { failing } from '../../wrappers/failing.js'
import { history } from '../../wrappers/history.js'
import { refusal } from '../refusal.js'
import { staff, staffed } from './staff.js'

type Everything = Required<Store>

describe('the rules of links, in transactions', () => {
  it('are looked at when a transaction ends: cycles can be stored, and what restricts can go later', async () => {
    const { db } = await staffed()
    await db.transaction(async ({ companies }) => {
      await companies.add({ id: 10, ownerId: 11 })
      await companies.add({ id: 11, ownerId: 10 })
    })
    await db.companies.delete(11)
    expect(await db.companies.get(10)).to.equal(undefined)
    await db.transaction(async ({ companies }) => {
      await companies.add({ id: 20 })
      await companies.add({ id: 21, ownerId: 20 })
      await companies.delete(20)
    })
    expect(await db.companies.get(21)).to.equal(undefined)
    await db.transaction(async ({ companies, users }) => {
      await companies.delete(2)
      await users.delete(3)
    })
    expect(await db.companies.get(2)).to.equal(undefined)
    const lost = await refusal(() => db.transaction(({ users }) => users.add({ id: 9, name: 'I', employerId: 2 })))
    expect(lost.message).to.equal('users/9 cannot be stored: its employerId leads to nothing in companies')
    const tx = await db.users.transaction()
    await tx.put({ id: 9, name: 'I', employerId: 2 })
    expect((await refusal(() => tx.commit())).name).to.equal('ConstraintError')
    expect((await refusal(() => tx.get(1))).name).to.equal('TransactionInactiveError')
    expect(await db.users.get(9)).to.equal(undefined)
    await db.transaction(async ({ companies, users }) => {
      await users.put({ id: 9, name: 'I', bossId: 2 })
      await users.delete(2)
      await companies.add({ id: 2 })
    })
    expect(await db.users.get(9)).to.deep.equal({ id: 9, name: 'I' })
  })

  it('cannot leave half of a deletion, even to who goes on after an error', async () => {
    const db = database({
      as: Model(memory(), {}),
      bs: Model(memory(), {
        properties: { aIds: { type: 'array', items: Number, minItems: 1 } },
        links: [{ rel: 'all', href: '/as/{aIds}', onDelete: 'detach' }],
      }),
    })
    await db.as.add({ id: 1 })
    await db.as.add({ id: 2 })
    await db.bs.add({ id: 1, aIds: [1, 2] })
    await db.bs.add({ id: 2, aIds: [1] })
    const refused = await refusal(() => db.as.delete(1))
    expect([refused.name, refused.message]).to.deep.equal([
      'ConstraintError',
      'bs/2 would not be valid without its link all',
    ])
    await refusal(() => db.transaction(async ({ as }) => refusal(() => as.delete(1))))
    expect((await db.bs.get(1))?.aIds).to.deep.equal([1, 2])
    expect(await db.as.count()).to.equal(2)
  })

  it('take all stores along that a deletion reaches', async () => {
    const stores = ['as', 'bs', 'cs'].map(() => memory())
    let fail = false
    const [as, bs, cs] = stores.map(store =>
      failing(store, { when: ({ method }) => (fail && method === 'prepare' ? 'before' : undefined) }),
    ) as [Everything, Everything, Everything]
    const above = (model: string) => ({
      properties: { aboveId: Number },
      links: [{ rel: 'above', model, onDelete: 'cascade' } as const],
    })
    const db = database({ as: Model(as, {}), bs: Model(bs, above('as')), cs: Model(cs, above('bs')) })
    await db.as.add({ id: 1 })
    await db.bs.add({ id: 1, aboveId: 1 })
    await db.cs.add({ id: 1, aboveId: 1 })
    fail = true
    await refusal(() => db.as.delete(1))
    expect(stores.map(store => store.count())).to.deep.equal([1, 1, 1])
    fail = false
    await db.as.delete(1)
    expect(stores.map(store => store.count())).to.deep.equal([0, 0, 0])
  })

  it('are not deceived by who changes the link between the look and the write', async () => {
    const inner = memory()
    let open = () => {}
    let gate: Promise<void> | undefined
    const held: typeof inner = {
      ...inner,
      get(...args) {
        const found = inner.get(...args)
        return (gate ? gate.then(() => found) : found) as typeof found
      },
    }
    const db = database({
      as: Model(memory(), {}),
      bs: Model(held, {
        properties: { n: Number, aId: Number },
        links: [{ rel: 'a', model: 'as', onDelete: 'detach' }],
      }),
    })
    await db.as.add({ id: 1 })
    await db.bs.add({ id: 1, aId: 1 })
    gate = new Promise(resolve => {
      open = resolve
    })
    const putting = db.bs.put({ id: 1, n: 5, aId: 1 })
    gate = undefined
    await db.as.delete(1)
    open()
    expect((await refusal(() => putting)).name).to.equal('ConstraintError')
    expect(await db.bs.get(1)).to.deep.equal({ id: 1 })
  })

  it('cost no transaction where nothing of theirs is changed', async () => {
    const { db, calls } = await staffed()
    const asked = () => calls.splice(0).map(({ store, method }) => `${store} ${method}`)
    const ada = await db.users.get(1)
    asked()
    if (ada) ada.age = 37
    await ada?.save()
    expect(asked()).to.deep.equal(['users put'])
    await db.users.put({ id: 8, name: 'No links' })
    await db.offices.put({ id: 8, companyId: 99 })
    await db.offices.delete(8)
    expect(asked()).to.deep.equal(['users get', 'users put', 'offices put', 'offices delete'])
    await db.users.put({ id: 3, name: 'Cyd', age: 21, employerId: 2, bossId: 1 })
    expect(asked()).to.deep.equal(['users get', 'users put'])
    await db.users.put({ id: 3, name: 'Cyd', age: 21, employerId: 1, bossId: 1 })
    expect(asked().filter(each => each.endsWith('transaction'))).to.deep.equal([
      'users transaction',
      'companies transaction',
    ])
  })

  it('hold against each other: of a deletion and a new link one is refused', async () => {
    for (let round = 0; round < 20; round++) {
      const { db } = staff()
      await db.companies.add({ id: 1 })
      const both = await Promise.allSettled([
        (async () => db.users.add({ id: 1, name: 'Ada', employerId: 1 }))(),
        (async () => db.companies.delete(1))(),
        (async () => db.users.add({ id: 2, name: 'Bob', employerId: 1 }))(),
      ])
      const found: unknown[] = []
      for await (const each of db.dangling()) found.push(each)
      expect(found).to.deep.equal([])
      expect(both.some(({ status }) => status === 'rejected')).to.equal(true)
    }
  })

  it('hold over stores of several kinds, and wrappers', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-links-'))
    const open = async () => {
      const file = await jsonFile({ path: join(folder, 'companies.json') })
      const users = sqlite({ path: join(folder, 'app.db'), table: 'users' })
      const User = Model(cache(users, { max: 10 }), {
        properties: { name: String, employerId: Number },
        links: [{ rel: 'employer', model: 'companies', inverse: 'employees', onDelete: 'cascade' }],
      })
      const Company = Model(await history(file, { log: memory() }), { properties: { name: String } })
      return database({ users: User, companies: Company }, { log: join(folder, 'transactions.log') })
    }
    let db = await open()
    await db.companies.add({ id: 1, name: 'Acme' })
    await db.users.add({ id: 1, name: 'Ada', employerId: 1 })
    expect((await refusal(() => db.users.add({ id: 2, employerId: 2 }))).name).to.equal('ConstraintError')
    await db.close()
    db = await open()
    expect((await (await db.users.get(1))?.link('employer'))?.name).to.equal('Acme')
    await db.companies.delete(1)
    expect([await db.users.count(), await db.companies.count()]).to.deep.equal([0, 0])
    await db.close()
    rmSync(folder, { recursive: true })
  })
})
