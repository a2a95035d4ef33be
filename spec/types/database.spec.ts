/** What the compiler knows of a database, each case beside the run that shows the same. */

import { expect } from 'chai'
import type { Id } from '../../lib/store.js'
import { database, type Linked, type RelOf } from '../../models/database.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { same } from './same.js'

class User extends Model(memory(), {
  properties: {
    name: String,
    employerId: { type: 'integer' },
    bossId: { type: 'integer' },
    tagIds: { type: ['array', 'null'], items: String },
    placeId: { type: 'string' },
  },
  required: ['name'],
  links: [
    { rel: 'employer', href: '/companies/{employerId}', inverse: 'employees', onDelete: 'restrict' },
    { rel: 'boss', model: 'users', inverse: 'reports' },
    { rel: 'tags', href: '/tags/{tagIds}', inverse: 'users' },
    { rel: 'where', model: 'tags', property: 'placeId' },
  ],
}) {
  shout() {
    return `${this.name}!`
  }
  static staff() {
    // biome-ignore lint/complexity/noThisInStatic: it is called on the class in the database
    return this.query().exists('employerId')
  }
}
const Company = Model(memory(), {
  properties: { id: { type: 'integer' }, name: String, country: String },
  required: ['name'],
  links: [{ rel: 'workers', href: '/users?employerId={id}' }],
})
const Tag = Model(memory(), { properties: { label: String } })
const { setSchema: _, transaction: __, query: ___, ...few } = memory()
const Note = Model(few, { properties: { text: String, userId: Number }, links: [{ rel: 'user', model: 'users' }] })

const models = { users: User, companies: Company, tags: Tag, notes: Note }
const db = database(models)
type All = typeof models
type InDb<N extends keyof All> = Linked<All, N>

describe('the types of a database', () => {
  it('know the links of each model, from both ends', () => {
    same<RelOf<All, 'users'>, 'employer' | 'boss' | 'reports' | 'tags' | 'where'>()
    same<RelOf<All, 'companies'>, 'employees' | 'workers'>()
    same<RelOf<All, 'tags'>, 'users'>()
    same<RelOf<All, 'notes'>, 'user'>()
    const user = new db.users({ name: 'Ada' })
    const company = new db.companies({ name: 'Acme' })
    same<Parameters<typeof user.links>[0], 'reports' | 'tags'>()
    same<Parameters<typeof user.link>[0], 'employer' | 'boss' | 'where'>()
    same<Parameters<typeof company.links>[0], 'employees' | 'workers'>()
    same<Parameters<typeof company.link>[0], never>()
    expect(user).to.be.instanceOf(User)
  })

  it('give instances of the other model, with its methods', async () => {
    await db.companies.add({ id: 1, name: 'Acme' })
    const ada = await db.users.add({ id: 1, name: 'Ada', employerId: 1, tagIds: null })
    same<typeof ada.name, string>()
    expect(ada.shout()).to.equal('Ada!')
    const employer = await ada.link('employer')
    same<typeof employer, InDb<'companies'> | undefined>()
    same<NonNullable<typeof employer>['id'], number>()
    const employees = (await employer?.links('employees')) ?? []
    same<(typeof employees)[number], InDb<'users'>>()
    expect(employees[0]?.shout()).to.equal('Ada!')
    const again = await employees[0]?.save()
    expect((await again?.link('employer'))?.name).to.equal('Acme')
    // @ts-expect-error there is no such link
    await failing(() => ada.link('emplyer'))
    // @ts-expect-error it leads to many
    await failing(() => ada.link('reports'))
    // @ts-expect-error it leads to one
    await failing(() => ada.links('employer'))
    // @ts-expect-error nothing is known of a model outside
    expect(new User({ name: 'x' }).link).to.equal(undefined)
    // @ts-expect-error the condition is about users
    expect(await employer?.links('employees', user => user.eq('nmae', 'Ada'))).to.deep.equal([])
  })

  it('know what is included', async () => {
    const ada = await db.users.get(1, { include: ['employer', 'reports'] })
    same<NonNullable<typeof ada>['employer'], InDb<'companies'> | undefined>()
    same<NonNullable<typeof ada>['reports'], InDb<'users'>[]>()
    expect(ada?.employer?.name).to.equal('Acme')
    // @ts-expect-error it was not asked for
    expect(ada?.boss).to.equal(undefined)
    const [user] = await db.users.query('', { include: ['tags'] }).toArray()
    expect(user?.tags.map(({ label }) => label)).to.deep.equal([])
    expect(user?.shout()).to.equal('Ada!')
    const plain = await db.users.query().toArray()
    // @ts-expect-error it was not asked for
    expect(plain[0]?.employer).to.equal(undefined)
    // @ts-expect-error there is no such link
    expect(() => db.users.query('', { include: ['emplyer'] })).to.throw(TypeError)
    // @ts-expect-error an id is a number
    expect(await db.companies.get('x')).to.equal(undefined)
  })

  it('know the conditions on what is linked, nested too', async () => {
    const found = db.users
      .query()
      .rel('employer', company => company.eq('country', null).rel('workers', user => user.eq('name', 'Ada')))
      .rel('employer', 'name=Acme')
      .eq('name', 'Ada')
    expect(await found.count()).to.equal(1)
    const [one] = await found.toArray()
    same<typeof one, InDb<'users'> | undefined>()
    // @ts-expect-error there is no such link
    expect(db.users.query().rel('emplyer').toString()).to.equal('rel(emplyer)')
    // @ts-expect-error a company has no age
    const aged = db.users.query().rel('employer', company => company.eq('age', 5))
    expect(aged.toString()).to.equal('rel(employer,eq(age,5))')
    // @ts-expect-error a model that is in no database has no links
    expect(User.query().rel('employer').toString()).to.equal('rel(employer)')
  })

  it('keep statics, what stores cannot do, and the ids of the models', async () => {
    expect(await db.users.staff().count()).to.equal(1)
    expect((await db.users.staff().first())?.shout()).to.equal('Ada!')
    // @ts-expect-error the store has no query
    expect(db.notes.query).to.equal(undefined)
    // @ts-expect-error nor transactions
    expect(db.notes.transaction).to.equal(undefined)
    same<Parameters<typeof db.companies.delete>[0], number>()
    same<Parameters<typeof db.users.delete>[0], Id>()
  })

  it('know of which queries the changes are told', async () => {
    const live = db.users.query('name=Ada').live()
    const first = await live[Symbol.asyncIterator]().next()
    expect(first.value?.objects.map(user => user.shout())).to.deep.equal(['Ada!'])
    live.close()
    // @ts-expect-error nobody tells what changes in what is included
    expect(() => db.users.query('', { include: ['tags'] }).live()).to.throw(TypeError)
  })

  it('know transactions', async () => {
    const name = await db.transaction(async txs => {
      const ada = await txs.users.get(1, { include: ['employer'] })
      same<typeof ada, (InDb<'users'> & { readonly employer: InDb<'companies'> | undefined }) | undefined>()
      // @ts-expect-error the store of notes has no transactions
      expect(txs.notes).to.equal(undefined)
      // @ts-expect-error it ends when the work does
      expect(txs.users.commit === undefined).to.equal(true)
      return ada?.employer?.name
    })
    same<typeof name, string | undefined>()
    expect(name).to.equal('Acme')
    const tx = await db.users.transaction()
    expect((await (await tx.get(1))?.link('employer'))?.name).to.equal('Acme')
    expect((await tx.query().rel('employer').first())?.shout()).to.equal('Ada!')
    await tx.abort()
  })
})

async function failing(work: () => unknown): Promise<void> {
  let failed = false
  await Promise.resolve()
    .then(work)
    .catch(() => {
      failed = true
    })
  expect(failed).to.equal(true)
}
