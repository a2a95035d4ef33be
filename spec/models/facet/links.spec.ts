import { expect } from 'chai'
import { database } from '../../../models/database.js'
import { audit, explainRefusal, permissive, restrictive } from '../../../models/facet.js'
import { Model } from '../../../models/model.js'
import { memory } from '../../../stores/memory.js'
import { refused } from '../../refusal.js'
import { loose } from './tasks.js'

async function company() {
  const db = database({
    teams: Model(memory(), { properties: { id: Number, name: String, budget: Number, public: Boolean } }),
    people: Model(memory(), {
      properties: {
        id: Number,
        name: String,
        salary: Number,
        teamId: Number,
        oldIds: { type: 'array', items: Number },
      },
      links: [
        { rel: 'team', href: '/teams/{teamId}', inverse: 'members' },
        { rel: 'old', href: '/teams/{oldIds}' },
      ],
    }),
  })
  await db.teams.putAll([
    { id: 1, name: 'red', budget: 10, public: true },
    { id: 2, name: 'blue', budget: 20, public: false },
  ])
  await db.people.putAll([
    { id: 1, name: 'Ada', salary: 9, teamId: 1, oldIds: [2, 1] },
    { id: 2, name: 'Bob', salary: 7, teamId: 2 },
    { id: 3, name: 'Cyd', salary: 8, teamId: 1 },
  ])
  return db
}

async function facets() {
  const db = await company()
  const Teams = restrictive(db.teams, { where: 'public=true', properties: { budget: { blocked: true } } })
  const People = restrictive(db.people, {
    properties: { salary: { blocked: true } },
    links: { team: Teams, old: Teams },
  })
  return { db, Teams, People }
}

describe('links through a facet', () => {
  it('lead to what the facet of the other side shows', async () => {
    const { People } = await facets()
    const [ada, bob] = [loose(await People.get(1)), loose(await People.get(2))]
    expect({ ...(await ada.link('team')) }).to.deep.equal({ id: 1, name: 'red', public: true })
    expect(await bob.link('team')).to.equal(undefined)
    expect((await ada.links('old')).map(({ id }: { id: number }) => id)).to.deep.equal([1])
    const team = await ada.link('team')
    expect(Object.getOwnPropertyNames(Object.getPrototypeOf(team))).to.deep.equal(['load'])
  })

  it('that are not in the rules cannot be followed', async () => {
    const { db, Teams } = await facets()
    const bare = restrictive(db.people)
    expect(loose(await bare.get(1)).link).to.equal(undefined)
    const some = loose(await restrictive(db.people, { links: { team: Teams } }).get(1))
    await refused(() => some.links('old'), 'NotAllowedError', 'old cannot be followed here; what can is team')
    await refused(() => some.link('constructor'), 'NotAllowedError', 'constructor cannot be followed here')
    await refused(() => some.links('team'), 'TypeError', 'team cannot be followed by links: ask link')
    await refused(() => loose(restrictive(db.teams)).query('rel(members)'), 'NotAllowedError').catch(() => {})
  })

  it('may be asked by, with conditions that are vetted, and joined with what is there', async () => {
    const { db, People, Teams } = await facets()
    const ids = async (query: string) => (await People.query(`${query}&limit(9)`).toArray()).map(({ id }) => id)
    expect(await ids('rel(team,name=red)')).to.deep.equal([1, 3])
    // the other team is not there, whatever is asked of it
    expect(await ids('rel(team,name=blue)')).to.deep.equal([])
    expect(await ids('rel(team)')).to.deep.equal([1, 3])
    expect(await ids('rel(old,public!=5)')).to.deep.equal([1])
    expect(await People.count('rel(team,name=red)')).to.equal(2)
    await refused(() => People.count('rel(team,budget=gt=5)'), 'NotAllowedError', 'budget cannot be seen here')
    await refused(
      () => People.count('rel(members)'),
      'NotAllowedError',
      'members cannot be followed here; what can is team, old',
    )
    const none = restrictive(db.people)
    await refused(() => none.count('rel(team,name=red)'), 'NotAllowedError', 'rel cannot be asked here')
    const gated = restrictive(db.people, { links: { team: restrictive(Teams, { allowed: () => true }) } })
    await refused(
      () => gated.count('rel(team)'),
      'NotAllowedError',
      'a link cannot be asked through where each object is looked at',
    )
  })

  it('go both ways, over a facet each', async () => {
    const { db } = await facets()
    const People = restrictive(db.people, { where: 'salary=ge=8' })
    const Teams = restrictive(db.teams, { links: { members: People } })
    const red = loose(await Teams.get(1))
    expect((await red.links('members')).map(({ name }: { name: string }) => name)).to.deep.equal(['Ada', 'Cyd'])
    await refused(() => red.link('members'), 'TypeError', 'members cannot be followed by link: ask links')
    expect((await Teams.query('rel(members,name=Bob)&limit(9)').toArray()).length).to.equal(0)
  })

  it('of a facet of a facet only narrow', async () => {
    const { People, Teams } = await facets()
    const Narrow = restrictive(Teams, { properties: { public: { blocked: true } } })
    const child = restrictive(People, { links: { team: Narrow } })
    const ada = loose(await child.get(1))
    expect({ ...(await ada.link('team')) }).to.deep.equal({ id: 1, name: 'red' })
    await refused(() => ada.links('old'), 'NotAllowedError', 'old cannot be followed here')
    expect(await child.count('rel(team,name=red)')).to.equal(2)
    await refused(() => child.count('rel(team,public=true)'), 'NotAllowedError', 'public cannot be seen here')
    const bare = restrictive(People)
    expect(loose(await bare.get(1)).link).to.equal(undefined)
    await refused(() => bare.count('rel(team)'), 'NotAllowedError', 'rel cannot be asked here')
  })

  it('with a facet of another model are refused, and the owner is told', async () => {
    const { db } = await facets()
    const People = restrictive(db.people, { links: { team: restrictive(db.people) as never } })
    const error = await refused(async () => loose(await People.get(1)).link('team'), 'NotAllowedError')
    expect(explainRefusal(db.people, error)?.reason).to.contain('links.team is a facet of another model')
  })

  it('are told by the audit', async () => {
    const { People } = await facets()
    const told = audit(People)
    expect(Object.keys(told.links)).to.deep.equal(['team', 'old'])
    expect(told.links.team?.readable).to.deep.equal(['id', 'name', 'public'])
    expect(told.links.team?.where).to.deep.equal(['eq(public,true)'])
    expect(told.prototype).to.deep.equal(['link', 'links', 'load'])
    expect(told.operators).to.include('rel')
  })

  it('work in a transaction', async () => {
    const { db, Teams } = await facets()
    const People = permissive(db.people, { links: { team: Teams } })
    const tx = loose(await People.transaction())
    const ada = await tx.get(1)
    ada.name = 'Ada L.'
    await ada.save()
    expect((await ada.link('team')).name).to.equal('red')
    expect(await tx.count('rel(team,name=red)')).to.equal(2)
    await tx.commit()
    expect((await db.people.get(1))?.name).to.equal('Ada L.')
  })
})
