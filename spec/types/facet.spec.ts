import { expect } from 'chai'
import type { MaybePromise } from '../../lib/store.js'
import { database } from '../../models/database.js'
import { facetFor, type InstanceOfFacet, permissive, restrictive } from '../../models/facet.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { readonly } from '../../wrappers/readonly.js'

/** Compiles only if both types are the same; `any` is the same as nothing else. */
function same<A, B>(..._: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? [] : [never]): void {}
/** For what is only to be compiled. */
function compiled(_: () => unknown): void {}

const User = Model(memory(), {
  properties: {
    id: Number,
    name: String,
    email: { type: 'string', format: 'email' },
    age: { type: 'integer' },
    password: String,
    tags: { type: 'array', items: String },
    made: { type: 'date', readonly: true, default: () => new Date(0) },
  },
  required: ['name', 'password'],
  prototype: {
    greet(loudly: boolean) {
      return `hello ${this.name}${loudly ? '!' : ''}`
    },
    rename(name: string) {
      this.name = name
      return this
    },
  },
  static: { version: () => 7 },
})

type Data<I> = { [K in keyof I as I[K] extends (...args: never) => unknown ? never : K]: I[K] }
type Names<I> = { [K in keyof I]-?: I[K] extends (...args: never) => unknown ? K : never }[keyof I]

describe('the types of facets', () => {
  it('have the methods that are open, and no others', () => {
    const reading = restrictive(User)
    same<keyof typeof reading & string, 'get' | 'query' | 'count'>()
    const writing = restrictive(User, { methods: ['put', 'patch', 'getAll'] })
    same<keyof typeof writing & string, 'get' | 'query' | 'count' | 'put' | 'patch' | 'getAll'>()
    const some = restrictive(User, { methods: { get: false, add: true, version: true } })
    same<keyof typeof some & string, 'query' | 'count' | 'add' | 'version'>()
    const whole = permissive(User)
    same<
      keyof typeof whole & string,
      | ('get' | 'query' | 'count' | 'put' | 'add' | 'delete' | 'subscribe' | 'transaction' | 'update' | 'patch')
      | ('getAll' | 'putAll' | 'deleteAll' | 'version')
    >()
    const less = permissive(User, { methods: { put: false, version: false, transaction: false } })
    same<
      keyof typeof less & string,
      'get' | 'query' | 'count' | 'add' | 'delete' | 'subscribe' | 'getAll' | 'deleteAll'
    >()
    expect(Object.keys(less)).to.have.members([
      ...['get', 'add', 'delete', 'query', 'count', 'subscribe', 'getAll', 'deleteAll'],
    ])
    compiled(() => {
      // @ts-expect-error: it is closed
      less.put({ name: 'x', password: 'y' })
      // @ts-expect-error: it has not been opened
      reading.delete(1)
    })
  })

  it('know what the store of the model cannot', () => {
    const Reading = Model(readonly(memory()), { properties: { name: String } })
    const whole = permissive(Reading)
    same<keyof typeof whole & string, 'get' | 'query' | 'count' | 'subscribe' | 'getAll'>()
    expect(Object.keys(whole)).to.have.members(['get', 'query', 'count', 'subscribe', 'getAll'])
  })

  it('show the properties that are visible', () => {
    const seen = permissive(User, {
      properties: {
        password: { blocked: true },
        email: { writable: false },
        age: { readable: false },
        tags: { get: (tags: unknown) => String(tags) },
        label: { get: () => 5 },
      },
    })
    same<
      Data<InstanceOfFacet<typeof seen>>,
      {
        id: number
        name: string
        readonly email?: string
        readonly made: Date
        readonly tags: string
        readonly label: number
      }
    >()
    same<
      Parameters<typeof seen.put>[0],
      { id?: number | undefined; name: string; age?: number | undefined; made?: Date | undefined }
    >()
    compiled(async () => {
      const user = await seen.get(1)
      // @ts-expect-error: it is blocked
      user?.password
      // @ts-expect-error: it cannot be written
      if (user) user.email = 'x'
      // @ts-expect-error: it cannot be given
      seen.add({ name: 'x', email: 'y' })
      // @ts-expect-error: it cannot be seen, and so not asked by
      seen.query().eq('password', 'x')
      // @ts-expect-error: it is computed, and cannot be asked by
      seen.query().eq('label', 5)
      seen.query().eq('name', 'x').sort('-name')
      // @ts-expect-error: there is no live query
      seen.query().live()
    })
  })

  it('show the properties that are listed, where no others are open', () => {
    const seen = restrictive(User, {
      properties: { name: {}, age: { writable: false } },
      additionalProperties: false,
      methods: ['put'],
    })
    same<Data<InstanceOfFacet<typeof seen>>, { id: number; name: string; readonly age?: number }>()
    same<Parameters<typeof seen.put>[0], { id?: number | undefined; name: string }>()
  })

  it('need not be given what has a default here', () => {
    const seen = restrictive(User, { methods: ['add'], properties: { password: { default: 'x' } } })
    compiled(() => seen.add({ name: 'x' }))
  })

  it('give objects the methods that are open', () => {
    const reading = restrictive(User)
    same<Names<InstanceOfFacet<typeof reading>>, 'load'>()
    const writing = restrictive(User, { methods: ['put', 'delete'], prototype: { greet: true } })
    same<Names<InstanceOfFacet<typeof writing>>, 'load' | 'save' | 'delete' | 'greet'>()
    same<Names<InstanceOfFacet<ReturnType<typeof all>>>, 'load' | 'save' | 'delete' | 'greet' | 'rename'>()
    const less = permissive(User, { prototype: { rename: false, shout: (_: string) => 5 }, methods: { delete: false } })
    same<Names<InstanceOfFacet<typeof less>>, 'load' | 'save' | 'greet' | 'shout'>()
    compiled(async () => {
      const user = await writing.get(1)
      same<ReturnType<NonNullable<typeof user>['greet']>, Promise<string>>()
      same<Parameters<NonNullable<typeof user>['greet']>, [loudly: boolean]>()
      // @ts-expect-error: nobody opened it
      user?.rename('x')
      const other = await less.get(1)
      same<ReturnType<NonNullable<typeof other>['shout']>, Promise<5>>()
      same<Parameters<NonNullable<typeof other>['shout']>, [string]>()
    })
  })
  const all = () => permissive(User)

  it('have own methods as promises, and objects in their results as they are seen', () => {
    const seen = restrictive(User, {
      properties: { password: { blocked: true } },
      methods: {
        version: true,
        double: (n: number) => n * 2,
        async one(id: number) {
          return User.get(id)
        },
        some: async () => User.query().toArray(),
      },
    })
    same<ReturnType<typeof seen.double>, Promise<number>>()
    same<ReturnType<typeof seen.version>, Promise<7>>()
    same<Awaited<ReturnType<typeof seen.one>>, InstanceOfFacet<typeof seen> | undefined>()
    same<Awaited<ReturnType<typeof seen.some>>, InstanceOfFacet<typeof seen>[]>()
    compiled(async () => {
      // @ts-expect-error: it is blocked
      ;(await seen.one(1))?.password
      // @ts-expect-error: it takes a number
      seen.double('x')
    })
  })

  it('have transactions in which the same is open', () => {
    const seen = restrictive(User, {
      methods: ['put', 'transaction', 'version'],
      properties: { password: { blocked: true } },
    })
    compiled(async () => {
      const tx = await seen.transaction()
      same<keyof typeof tx & string, 'get' | 'query' | 'count' | 'put' | 'version' | 'commit' | 'abort'>()
      const user = await tx.get(1)
      // @ts-expect-error: it is blocked
      user?.password
      await user?.save()
      // @ts-expect-error: it is closed
      tx.delete(1)
    })
  })

  it('close what would go around a function in the place of a method', () => {
    const seen = permissive(User, { methods: { put: async (user: { name: string }) => user.name } })
    same<
      keyof typeof seen & string,
      'get' | 'query' | 'count' | 'add' | 'delete' | 'subscribe' | 'getAll' | 'version' | 'put'
    >()
    same<Names<InstanceOfFacet<typeof seen>>, 'load' | 'delete' | 'greet' | 'rename'>()
    same<ReturnType<typeof seen.put>, Promise<string>>()
    expect(Object.keys(seen)).to.have.members([
      ...['get', 'query', 'count', 'add', 'delete', 'subscribe', 'getAll', 'version', 'put'],
    ])
  })

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

  it('refuse names that are misspelt', () => {
    compiled(() => {
      // @ts-expect-error: there is no such rule
      restrictive(User, { propertys: {} })
      // @ts-expect-error: there is no such method
      restrictive(User, { methods: ['dlete'] })
      // @ts-expect-error: there is no such method
      permissive(User, { methods: { dlete: false } })
      // @ts-expect-error: there is no such method
      permissive(User, { prototype: { gret: false } })
      // @ts-expect-error: there is no such property
      restrictive(User, { properties: { pasword: { blocked: true } } })
      // @ts-expect-error: there is no such rule of a property
      restrictive(User, { properties: { password: { bloked: true } } })
      // @ts-expect-error: there is no such operator
      restrictive(User, { operators: ['eqq'] })
      // @ts-expect-error: it is a number
      restrictive(User, { maxLimit: '50' })
      // @ts-expect-error: there is no such property
      restrictive(User, { reveals: ['emial'] })
      // @ts-expect-error: it is no model
      restrictive(memory())
      restrictive(User, {
        properties: { label: { get: () => 1 } },
        methods: { own: () => 1 },
        prototype: { own: () => 1 },
      })
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

  it('keep the id’s type, and what is open', () => {
    const Open = Model(memory(), {})
    const seen = permissive(Open, { properties: { anything: { blocked: true } } })
    compiled(async () => {
      same<Parameters<typeof seen.get>[0], string | number>()
      const found = await seen.get('x')
      same<NonNullable<typeof found>['other'], unknown>()
      // @ts-expect-error: an id is a number
      permissive(User).get('x')
      const later: MaybePromise<unknown> = permissive(User).get(1)
      return later
    })
  })
})
