import { expect } from 'chai'
import { type InstanceOfFacet, permissive, restrictive } from '../../models/facet.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { readonly } from '../../wrappers/readonly.js'
import { type Names, User } from './facet/user.js'
import { compiled, same } from './same.js'

describe('the types of facets, their methods', () => {
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
})
