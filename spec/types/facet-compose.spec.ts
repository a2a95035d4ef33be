import { expect } from 'chai'
import { database } from '../../models/database.js'
import { facetFor, type InstanceOfFacet, permissive, restrictive } from '../../models/facet.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { type Data, type Names, User } from './facet/user.js'
import { compiled, same } from './same.js'

describe('the types of facets, of several', () => {
  it('of a facet of a facet only narrow', () => {
    const parent = permissive(User, {
      properties: { password: { blocked: true }, email: { writable: false } },
      methods: { delete: false, version: true, double: (n: number) => n * 2 },
      prototype: { greet: true },
    })
    const child = permissive(parent, {
      properties: { age: { blocked: true } },
      methods: { version: true, double: true },
      prototype: { greet: true },
    })
    same<
      Data<InstanceOfFacet<typeof child>>,
      { id: number; name: string; readonly email?: string; tags?: string[]; readonly made: Date }
    >()
    same<
      keyof typeof child & string,
      | (
          | 'get'
          | 'query'
          | 'count'
          | 'put'
          | 'add'
          | 'subscribe'
          | 'transaction'
          | 'update'
          | 'patch'
          | 'getAll'
          | 'putAll'
        )
      | ('version' | 'double')
    >()
    same<Names<InstanceOfFacet<typeof child>>, 'load' | 'save' | 'greet'>()
    const reading = restrictive(parent, { methods: ['double'] })
    same<keyof typeof reading & string, 'get' | 'query' | 'count' | 'double'>()
    same<ReturnType<typeof reading.double>, Promise<number>>()
    expect(Object.keys(child)).to.have.lengthOf(13)
    compiled(() => {
      // @ts-expect-error: the parent has no delete
      restrictive(parent, { methods: ['delete'] })
      // @ts-expect-error: the parent does not show it
      restrictive(parent, { properties: { password: {} } })
      // @ts-expect-error: the parent has closed it
      restrictive(parent, { prototype: { rename: true } })
      // @ts-expect-error: there are no links
      restrictive(parent, { links: { boss: parent } })
    })
  })

  it('know links by their rel, and what the other side shows', () => {
    const db = database({
      teams: Model(memory(), { properties: { id: Number, name: String, budget: Number } }),
      people: Model(memory(), {
        properties: { id: Number, name: String, teamId: Number },
        links: [{ rel: 'team', href: '/teams/{teamId}', inverse: 'members' }],
      }),
    })
    const Teams = restrictive(db.teams, { properties: { budget: { blocked: true } } })
    const People = restrictive(db.people, { links: { team: Teams } })
    const All = restrictive(db.teams, { links: { members: restrictive(db.people) } })
    compiled(async () => {
      const ada = await People.get(1)
      const team = await ada?.link('team')
      same<typeof team, InstanceOfFacet<typeof Teams> | undefined>()
      // @ts-expect-error: it is blocked
      team?.budget
      // @ts-expect-error: it leads to one
      ada?.links('team')
      // @ts-expect-error: there is no such link
      ada?.link('boss')
      const members = await (await All.get(1))?.links('members')
      same<NonNullable<typeof members>[number]['name'], string | undefined>()
      // @ts-expect-error: there is no such link
      restrictive(db.people, { links: { boss: Teams } })
      // @ts-expect-error: that is no facet
      restrictive(db.people, { links: { team: 5 } })
    })
  })

  it('of one of several facets are that which was chosen', () => {
    const Admin = permissive(User)
    const Guest = restrictive(User, { properties: { password: { blocked: true } } })
    const chosen = facetFor({ admin: true }, [({ admin }) => admin && Admin, () => Guest])
    same<typeof chosen, typeof Admin | typeof Guest | undefined>()
    expect(chosen).to.equal(Admin)
  })
})
