import type { MaybePromise } from '../../lib/store.js'
import { type InstanceOfFacet, permissive, restrictive } from '../../models/facet.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { type Data, User } from './facet/user.js'
import { compiled, same } from './same.js'

describe('the types of facets', () => {
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
