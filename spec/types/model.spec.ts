import { expect } from 'chai'
import type { Cursor } from '../../lib/cursor.js'
import type { Id, MaybePromise, Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { type DataOf, type InputOf, Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { same } from './same.js'

const definition = {
  properties: {
    name: String,
    email: { type: 'string', format: 'email' },
    age: { type: 'integer', minimum: 0 },
    role: { enum: ['admin', 'user'], default: 'user' },
    born: { type: ['date', 'null'] },
    size: BigInt,
    photo: { type: 'bytes' },
    tags: { type: 'array', items: String },
    address: {
      type: 'object',
      properties: { city: String, since: Date, geo: { $ref: '#/$defs/geo' } },
      required: ['city'],
    },
    created: { type: 'date', readonly: true, default: () => new Date(0) },
    secret: { type: 'string', blocked: true },
    length: { get: (): number => 3 },
    anything: true,
  },
  required: ['name', 'role'],
  $defs: { geo: { type: 'array', items: { type: 'number' } } },
} as const

type Address = { city: string; since?: Date; geo?: number[] }

describe('the types of a model', () => {
  it('come from the schema: what is loaded', () => {
    same<
      DataOf<typeof definition>,
      {
        name: string
        email?: string
        age?: number
        role: 'admin' | 'user'
        born?: Date | null
        size?: bigint
        photo?: Uint8Array
        tags?: string[]
        address?: Address
        readonly created: Date
        readonly length: number
        anything?: unknown
        id: Id
      }
    >()
    same<DataOf<typeof definition>['role'], 'admin' | 'user'>()
  })

  it('come from the schema: what is given', () => {
    same<
      InputOf<typeof definition>,
      {
        name: string
        email?: string | undefined
        age?: number | undefined
        role?: 'admin' | 'user' | undefined
        born?: Date | null | undefined
        size?: bigint | undefined
        photo?: Uint8Array | undefined
        tags?: string[] | undefined
        address?: Address | undefined
        created?: Date | undefined
        anything?: unknown
        id?: Id | undefined
      }
    >()
  })

  it('know ids as they are declared', () => {
    same<DataOf<{ properties: { id: { type: 'integer' } } }>, { id: number }>()
    same<InputOf<{ properties: { id: { type: 'integer' } }; required: ['id'] }>, { id: number }>()
    same<DataOf<{ idProperty: 'isbn'; properties: { isbn: { type: 'string' } } }>, { isbn: string }>()
    same<DataOf<{ properties: { a: { type: 'string' } }; required: ['a'] }>, { a: string; id: Id }>()
    const Numbered = Model(memory(), { properties: { id: { type: 'integer' } } })
    // @ts-expect-error: an id is a number
    expect(Numbered.get('a')).to.equal(undefined)
  })

  it('are open where nothing is declared, or the definition says so', () => {
    same<DataOf<object>['anything'], unknown>()
    const Open = Model(memory(), { properties: { a: Number }, additionalProperties: true })
    expect(new Open({ a: 1, b: 2 }).b).to.equal(2)
    const Closed = Model(memory(), { properties: { a: Number } })
    // @ts-expect-error: there is no b
    expect(new Closed({ a: 1, b: 2 }).b).to.equal(2)
  })

  it('do not go round with references that lead back', () => {
    type Tree = { type: 'object'; properties: { children: { type: 'array'; items: { $ref: '#/$defs/tree' } } } }
    same<
      DataOf<{ properties: { tree: { $ref: '#/$defs/tree' } }; $defs: { tree: Tree } }>,
      { tree?: { children?: unknown[] }; id: Id }
    >()
  })

  const User = Model(memory(), {
    ...definition,
    prototype: {
      greet() {
        return `hello ${this.name}`
      },
      misspelt(): unknown {
        same<(typeof this)['name'], string>()
        // @ts-expect-error: there is no such property
        return this.nmae
      },
      async older(years: number) {
        this.age = (this.age ?? 0) + years
        return (await this.save()).greet()
      },
    },
    static: {
      async named(name: string) {
        const found = await this.query().eq('name', name).first()
        return found?.greet()
      },
    },
  })
  type User = InstanceType<typeof User>

  it('are those of the instances, wherever they come from', async () => {
    same<ReturnType<User['greet']>, string>()
    same<ReturnType<User['save']>, MaybePromise<User>>()
    const ada = await User.add({ id: 1, name: 'Ada' })
    same<typeof ada, User>()
    expect(await ada.older(3)).to.equal('hello Ada')
    expect(await User.named('Ada')).to.equal('hello Ada')
    const found = await User.get(1)
    same<typeof found, User | undefined>()
    const saved = await found?.save()
    same<typeof saved, User | undefined>()
    const query = User.query()
    same<typeof query, Cursor<User, DataOf<typeof definition>, true>>()
    const [first] = await query.ge('age', 1).select('name', 'age').toArray()
    same<typeof first, { name: string; age?: number } | undefined>()
    expect(first).to.deep.equal({ name: 'Ada', age: 3 })
  })

  it('refuse what cannot be', async () => {
    const ada = await User.add({ id: 2, name: 'Ada' })
    // @ts-expect-error: a name is required
    expect(() => User.add({})).to.throw('name is required')
    // @ts-expect-error: an age is a number
    expect(() => User.add({ name: 'Bob', age: '3' })).to.throw('age must be an integer')
    // @ts-expect-error: no such role
    expect(() => User.add({ name: 'Bob', role: 'king' })).to.throw('role must be one of')
    // @ts-expect-error: a blocked property cannot be given
    expect(() => User.add({ name: 'Bob', secret: 'x' })).to.throw('secret cannot be written')
    // @ts-expect-error: nor seen
    expect(ada.secret).to.equal(undefined)
    // @ts-expect-error: it is read-only
    ada.created = new Date(1)
    expect(() => ada.save()).to.throw('created is read-only')
    // @ts-expect-error: it is computed
    ada.length = 4
    // @ts-expect-error: an age is a number
    expect(await User.query().gt('age', 'x').toArray()).to.deep.equal([])
    // @ts-expect-error: a method is no property
    expect(await User.query().sort('greet').count()).to.be.a('number')
  })

  it('follow the store: what it cannot do is not there', () => {
    const { get, query } = memory()
    const Reader = Model({ get, query }, { properties: { a: Number } })
    // @ts-expect-error: there is no put
    expect(Reader.put).to.equal(undefined)
    // @ts-expect-error: so there is no save
    expect(new Reader({}).save).to.equal(undefined)
    const Unknown = Model(memory() as Store, { properties: { a: Number } })
    // @ts-expect-error: perhaps there is no get
    expect(Unknown.get(1)).to.equal(undefined)
    expect(Unknown.get?.(1)).to.equal(undefined)
  })

  it('hold in transactions and in classes that extend a model', async () => {
    class Admin extends Model(memory(), { properties: { level: Number } }) {
      promote() {
        this.level = (this.level ?? 0) + 1
        return this.level
      }
    }
    const admin = await Admin.add({ id: 1 })
    same<typeof admin, Admin>()
    const level = await transaction(Admin, async tx => {
      const loaded = await tx.get(1)
      same<typeof loaded, Admin | undefined>()
      return loaded?.promote()
    })
    same<typeof level, number | undefined>()
    expect(level).to.equal(1)
    const both = await transaction([Admin, User], async ([admins, users]) => {
      return [(await admins.get(1))?.level, (await users.get(99))?.name] as const
    })
    same<typeof both, readonly [number | undefined, string | undefined]>()
    expect(both).to.deep.equal([undefined, undefined])
  })

  it('give functions of a definition the types of their arguments', () => {
    const Thing = Model(memory(), {
      properties: {
        a: {
          type: 'number',
          set(value, old) {
            same<[typeof value, typeof old], [unknown, unknown]>()
            return value
          },
        },
      },
      put(object, options, inner) {
        same<typeof object, Record<string, unknown>>()
        same<NonNullable<typeof options>['ifMatch'], string | object | undefined>()
        return inner.put(object, options)
      },
    })
    expect(Thing.put({ a: 1 })).to.have.property('a', 1)
  })
})
