import { expect } from 'chai'
import { explain } from '../../lib/explain.js'
import type { Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { database } from '../../models/database.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { refusal } from '../refusal.js'
import { staff, staffed } from './staff.js'

const names = (found: readonly { readonly name?: string }[]) => found.map(({ name }) => name)

describe('a database', () => {
  it('follows links in both directions', async () => {
    const { db } = await staffed()
    const ada = await db.users.get(1)
    const employer = await ada?.link('employer')
    expect(employer?.name).to.equal('Acme')
    expect(names((await employer?.links('employees')) ?? [])).to.deep.equal(['Ada', 'Bob'])
    expect(names((await employer?.links('employees', 'age>40')) ?? [])).to.deep.equal(['Bob'])
    expect(names((await employer?.links('employees', user => user.lt('age', 40))) ?? [])).to.deep.equal(['Ada'])
    expect((await employer?.links('offices'))?.map(({ city }) => city)).to.deep.equal(['Oslo'])
    expect(names((await ada?.links('languages')) ?? [])).to.deep.equal(['Norwegian', 'English'])
    expect(names((await ada?.links('languages', 'sort(name)')) ?? [])).to.deep.equal(['English', 'Norwegian'])
    expect(names((await (await db.languages.get('en'))?.links('speakers')) ?? [])).to.deep.equal(['Ada', 'Bob'])
    expect(names((await ada?.links('reports')) ?? [])).to.deep.equal(['Bob', 'Cy'])
    expect(await ada?.link('boss')).to.equal(undefined)
    expect(await (await db.offices.get(2))?.link('company')).to.equal(undefined)
  })

  it('takes an integer and its decimal string for one id, in both directions', async () => {
    const properties = { aId: true, aIds: Array } as const
    const links = [
      { rel: 'a', model: 'as', inverse: 'bs', onDelete: 'detach' },
      { rel: 'all', href: '/as/{aIds}', inverse: 'others', onDelete: 'detach' },
    ] as const
    const db = database({ as: Model(memory(), {}), bs: Model(memory(), { properties, links }) })
    await db.as.add({ id: 7 })
    await db.as.add({ id: '8' })
    await db.bs.add({ id: 1, aId: '7', aIds: ['7', 8] })
    const a = await (await db.bs.get(1))?.link('a')
    expect(a?.id).to.equal(7)
    expect((await a?.links('others'))?.length).to.equal(1)
    expect(await db.bs.query('rel(a,id=7)&rel(all,id=string:8)').count()).to.equal(1)
    expect(await db.as.query('rel(bs)').count()).to.equal(1)
    const [b] = await db.bs.query('', { include: ['a', 'all'] }).toArray()
    expect([b?.a?.id, b?.all.map(({ id }) => id)]).to.deep.equal([7, [7, '8']])
    await db.as.delete('7')
    await db.as.delete(8)
    expect(await db.bs.get(1)).to.deep.equal({ id: 1, aIds: [] })
  })

  it('gives classes that extend the models: their own methods, statics and constructors work', async () => {
    class User extends Model(memory(), { properties: { name: String, bossId: Number }, links: [bossLink] }) {
      static born = 0
      static named(name: string) {
        // biome-ignore lint/complexity/noThisInStatic: it is called on the class that extends this one
        return this.query().eq('name', name).first()
      }
      constructor(data: { name?: string; bossId?: number }) {
        super(data)
        User.born++
      }
      shout() {
        return `${this.name}!`
      }
    }
    const db = database({ users: User })
    const ada = await new db.users({ name: 'Ada' }).save()
    expect(ada).to.be.instanceOf(User).and.instanceOf(db.users)
    expect([User.born, ada.shout(), db.users.name]).to.deep.equal([1, 'Ada!', 'User'])
    expect(await db.users.named('Ada')).to.be.instanceOf(db.users)
    expect(await User.named('Ada')).not.to.be.instanceOf(db.users)
    expect(Object.keys(ada)).to.deep.equal(['name', 'id'])
    class Special extends db.users {
      whisper() {
        return this.name?.toLowerCase()
      }
    }
    expect((await Special.get(ada.id))?.whisper()).to.equal('ada')
    const tx = await Special.transaction()
    expect((await tx.get(ada.id))?.whisper()).to.equal('ada')
    await tx.abort()
    const lost = await refusal(() => new db.users({ name: 'B', bossId: 99 }).save())
    expect(lost.name).to.equal('ConstraintError')
  })

  it('includes what is linked, with one query for each link, and never stores it', async () => {
    const { db, calls, User } = await staffed()
    for (let id = 10; id < 1010; id++) await User.add({ id, name: `n${id}`, employerId: 1 + (id % 2) })
    calls.length = 0
    const users = await db.users.query('', { include: ['employer'] }).toArray()
    expect(calls.map(({ method, store }) => `${store} ${method}`)).to.deep.equal(['users query', 'companies query'])
    expect(users.length).to.equal(1003)
    expect(users.at(-1)?.employer?.name).to.equal('Globex')
    calls.length = 0
    const all = await db.users.query('id<4', { include: ['employer', 'languages', 'reports', 'boss'] }).toArray()
    expect(calls.length).to.equal(5)
    expect(all.map(({ boss }) => boss?.name)).to.deep.equal([undefined, 'Ada', 'Ada'])
    expect(names(all[0]?.languages ?? [])).to.deep.equal(['Norwegian', 'English'])
    expect(names(all[0]?.reports ?? [])).to.deep.equal(['Bob', 'Cy'])
    expect(all[1]?.reports).to.deep.equal([])
    const companies = await db.companies.query().sort('-name').limit(1).toArray()
    expect(companies[0]).not.to.have.property('employees')
    const english = await db.languages.get('en', { include: ['speakers'] })
    expect(names(english?.speakers ?? [])).to.deep.equal(['Ada', 'Bob'])

    const [ada] = all
    await ada?.save()
    expect(ada?.boss).to.equal(undefined)
    expect(ada?.employer?.name).to.equal('Acme')
    expect(await User.get(1)).not.to.have.any.keys('employer', 'languages', 'reports')
    const copied = await db.users.put({ ...(all[1] as object), name: 'Bo' } as never)
    expect(copied).not.to.have.property('employer')
    expect(await User.get(2)).not.to.have.property('employer')
    await ada?.load()
    expect(ada).not.to.have.property('employer')
    expect(
      (
        await refusal(() =>
          db.users
            .query('', { include: ['employer'] })
            .select('name')
            .toArray(),
        )
      ).name,
    ).to.equal('NotSupportedError')
    expect(() => db.users.query('', { include: ['nobody' as never] })).to.throw(TypeError, 'no link "nobody" in users')
  })

  it('asks by what objects link to', async () => {
    const { db, calls } = await staffed()
    const found = async (query: string) => names(await db.users.query(query).toArray())
    expect(await found('rel(employer,country=NO)')).to.deep.equal(['Ada', 'Bob'])
    expect(calls.map(({ store, method }) => `${store} ${method}`)).to.deep.equal(['companies query', 'users query'])
    expect(await found('rel(employer,country=NO)&age>40')).to.deep.equal(['Bob'])
    expect(await found('not(rel(employer,country=NO))|name=Ada')).to.deep.equal(['Ada', 'Cy'])
    expect(await found('rel(languages,name=Norwegian)')).to.deep.equal(['Ada'])
    expect(await found('rel(boss,rel(employer,country=NO))&rel(employer,country=US)')).to.deep.equal(['Cy'])
    expect(await found('rel(boss/languages,name=Norwegian)')).to.deep.equal(['Bob', 'Cy'])
    expect(await found('rel(reports)')).to.deep.equal(['Ada'])
    expect(await found('rel(employer,country=IS)')).to.deep.equal([])
    expect(await db.users.count('rel(employer,country=NO)')).to.equal(2)
    expect(await db.companies.query('rel(employees,age>40)').values('name').toArray()).to.deep.equal(['Acme'])
    expect(await db.languages.query('rel(speakers,age>40)').values('name').toArray()).to.deep.equal(['English'])
    const typed = db.users.query().rel('employer', company => company.eq('country', 'NO'))
    expect(typed.toString()).to.equal('rel(employer,eq(country,NO))')
    expect(await typed.gt('age', 40).values('name').toArray()).to.deep.equal(['Bob'])
    expect((await refusal(() => found('rel(nobody,a=1)'))).message).to.equal('there is no link "nobody" in users')
    expect((await refusal(() => found('rel(employer,secret=x)'))).name).to.equal('NotAllowedError')
    expect((await refusal(() => db.companies.query('rel(employees,salary>1)').toArray())).name).to.equal(
      'NotAllowedError',
    )
    expect((await refusal(() => [...memory().query('rel(a,b=1)')])).name).to.equal('NotSupportedError')
  })

  it('works in transactions on one state', async () => {
    const { db, User } = await staffed()
    await db.transaction(async txs => {
      const acme = await txs.companies.add({ id: 3, name: 'Initech', country: 'DE' })
      const dee = await txs.users.add({ id: 4, name: 'Dee', employerId: 3 })
      expect((await dee.link('employer'))?.name).to.equal('Initech')
      expect(names(await acme.links('employees'))).to.deep.equal(['Dee'])
      expect(await txs.users.query('rel(employer,country=DE)').count()).to.equal(1)
      expect(await db.users.query('rel(employer,country=DE)').count()).to.equal(0)
      const [one] = await txs.users.query('id=4', { include: ['employer'] }).toArray()
      expect(one?.employer?.country).to.equal('DE')
      dee.age = 30
      await dee.save()
    })
    expect((await User.get(4))?.age).to.equal(30)
    await transaction(db.users, async tx => {
      const ada = await tx.get(1)
      const acme = await ada?.link('employer')
      if (acme) acme.name = 'Acme & Co'
      await acme?.save()
      expect((await db.companies.get(1))?.name).to.equal('Acme')
    })
    expect((await db.companies.get(1))?.name).to.equal('Acme & Co')
    await refusal(() =>
      db.transaction(async txs => {
        await txs.users.delete(1)
        throw new Error('no')
      }),
    )
    expect((await db.users.get(2))?.bossId).to.equal(1)
  })

  it('explains itself, and closes its stores', async () => {
    const { db } = staff()
    const { name, options, inner } = explain(db.users as Store)
    expect([name, options, inner[0]?.name]).to.deep.equal([
      'database',
      { model: 'users', links: 'employer,boss,reports,languages' },
      'Model',
    ])
    await db.close()
    expect((await refusal(() => db.users.get(1))).name).to.equal('InvalidStateError')
    expect((await refusal(() => db.offices.get(1))).name).to.equal('InvalidStateError')
  })
})

const bossLink = { rel: 'boss', model: 'users', onDelete: 'restrict' } as const
