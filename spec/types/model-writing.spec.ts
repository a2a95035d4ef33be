import type { StandardSchemaV1 } from '@standard-schema/spec'
import { expect } from 'chai'
import * as v from 'valibot'
import * as z from 'zod'
import type { Id, MaybePromise, Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { type DataOf, type InputOf, Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { same } from './same.js'

describe('the types of what a model writes', () => {
  const User = Model(memory(), {
    properties: {
      id: { type: 'integer' },
      name: String,
      age: { type: 'integer' },
      role: { enum: ['admin', 'user'], default: 'user' },
      made: { type: 'date', readonly: true },
      secret: { type: 'string', blocked: true },
      upper: { get: (): string => 'X' },
    },
    required: ['name'],
    prototype: {
      greet() {
        return `hello ${this.name}`
      },
    },
    beforeSave(object, { previous, method }) {
      same<typeof object.name, string>()
      same<typeof object.role, 'admin' | 'user' | undefined>()
      same<typeof method, string>()
      same<NonNullable<typeof previous>['name'], string>()
      // @ts-expect-error: it is blocked
      if (method === 'never') object.secret = 'x'
    },
    afterSave(user, { previous }) {
      same<typeof user.name, string>()
      same<NonNullable<typeof previous>['upper'], string>()
      same<ReturnType<typeof user.save>, MaybePromise<typeof user>>()
    },
    beforeDelete: user => void user.name.trim(),
  })
  type User = InstanceType<typeof User>

  it('are those of the instances, in hooks, changes and patches', async () => {
    const ada = await User.add({ id: 1, name: 'Ada' })
    same<typeof ada, User>()
    const updated = await User.update(1, user => {
      same<typeof user, User>()
      user.age = (user.age ?? 0) + 1
    })
    same<typeof updated, User>()
    expect(updated.greet()).to.equal('hello Ada')
    await User.update(1, async ({ name }) => ({ name, age: 3 }))
    await User.update(1, user => user)
    // @ts-expect-error: an age is a number
    expect(() => User.update(1, ({ name }) => ({ name, age: '3' }))).to.throw('age')
    // @ts-expect-error: an id is a number
    expect(() => User.update('x', () => {})).to.throw('there is no x')
    // @ts-expect-error: a change gives an object, or nothing
    expect(() => User.update(1, user => user.age)).to.throw('a change gives')
    const patched = await User.patch(1, { age: 4 }, { type: 'application/merge-patch+json' })
    same<typeof patched, User>()
    // @ts-expect-error: no such type
    expect(() => User.patch(1, {}, { type: 'text/plain' })).to.throw('patch')
  })

  it('are those of the instances where there are many', async () => {
    const ids = await User.putAll([{ id: 1, name: 'Ada' }], {
      progress: ({ done, total }) => same<[typeof done, typeof total], [number, number | undefined]>(),
    })
    same<typeof ids, number[]>()
    const got = await User.getAll(new Set([1, 2]))
    same<typeof got, (User | undefined)[]>()
    same<ReturnType<typeof User.deleteAll>, Promise<number>>()
    // @ts-expect-error: a name is required
    expect(await User.putAll([{ id: 1 }]).catch(({ name }) => name)).to.equal('ValidationError')
    // @ts-expect-error: an id is a number
    expect(await User.getAll(['a'])).to.deep.equal([undefined])
    expect(await User.deleteAll('id=1')).to.equal(1)
  })

  it('hold in transactions and in classes that extend a model', async () => {
    class Admin extends Model(memory(), { properties: { level: Number } }) {
      promote() {
        this.level = (this.level ?? 0) + 1
        return this.level
      }
    }
    await Admin.add({ id: 1 })
    const promoted = await Admin.update(1, admin => void admin.promote())
    same<typeof promoted, Admin>()
    const [found] = await Admin.getAll([1])
    same<typeof found, Admin | undefined>()
    const level = await transaction(Admin, async tx => {
      const admin = await tx.update(1, each => {
        same<typeof each, Admin>()
        each.promote()
      })
      same<typeof admin, Admin>()
      const patched = await tx.patch(1, {})
      same<typeof patched, Admin>()
      same<Awaited<ReturnType<typeof tx.putAll>>, Id[]>()
      return admin.promote()
    })
    same<typeof level, number>()
    expect(level).to.equal(3)
  })

  it('follow the store: what it cannot do is not there', () => {
    const { get, put, query } = memory()
    const Reader = Model({ get, query }, { properties: { a: Number } })
    expect(Reader.getAll).to.be.a('function')
    // @ts-expect-error: there is no put
    expect(Reader.update).to.equal(undefined)
    // @ts-expect-error: nor may many be put
    expect(Reader.putAll).to.equal(undefined)
    const Writer = Model({ put }, { properties: { a: Number } })
    expect(Writer.putAll).to.be.a('function')
    // @ts-expect-error: there is no get
    expect(Writer.patch).to.equal(undefined)
    const Unknown = Model(memory() as Store, { properties: { a: Number } })
    // @ts-expect-error: perhaps there is no get
    expect(() => Unknown.update(1, () => {})).to.throw('there is no 1')
    expect(() => Unknown.update?.(1, () => {})).to.throw('there is no 1')
  })

  it('let in text where it is converted', () => {
    type Converted = {
      coerce: true
      properties: {
        age: { type: 'integer' }
        born: DateConstructor
        name: StringConstructor
        role: { enum: ['a', 'b'] }
      }
      required: ['age']
    }
    same<
      InputOf<Converted>,
      {
        age: number | string
        born?: Date | string | undefined
        name?: string | number | undefined
        role?: 'a' | 'b' | undefined
        id?: Id | undefined
      }
    >()
    same<DataOf<Converted>['age'], number>()
    const Coercing = Model(memory(), { coerce: true, properties: { age: Number } })
    const made = Coercing.put({ id: 1, age: '5' })
    same<typeof made, MaybePromise<InstanceType<typeof Coercing>>>()
    const Child = Model(memory(), { extends: Coercing, properties: { size: BigInt } })
    expect(Child.put({ id: 1, age: '5', size: '3' })).to.have.property('size', 3n)
  })

  it('come from a Standard Schema: what goes in, and what comes out', async () => {
    const schema = z.object({ name: z.string(), age: z.number().default(0), tags: z.array(z.string()).optional() })
    const Person = Model(memory(), schema)
    same<DataOf<{ schema: typeof schema }>, { name: string; age: number; tags?: string[] | undefined; id: Id }>()
    same<
      InputOf<{ schema: typeof schema }>,
      { name: string; age?: number | undefined; tags?: string[] | undefined; id?: Id | undefined }
    >()
    const person = await Person.add({ name: 'Ada' })
    same<typeof person.age, number>()
    same<typeof person.id, Id>()
    same<ReturnType<typeof person.save>, MaybePromise<typeof person>>()
    // @ts-expect-error: a name is a string
    expect(() => Person.add({ name: 5 })).to.throw('name')
    // @ts-expect-error: a name is required
    expect(() => Person.add({})).to.throw('name')
    // @ts-expect-error: there is no such property
    expect(person.nmae).to.equal(undefined)
    expect(await Person.query().gt('age', -1).select('name').toArray()).to.deep.equal([{ name: 'Ada' }])

    const Book = Model(memory(), {
      schema: v.object({ id: v.number(), title: v.string(), note: v.optional(v.string()) }),
      properties: { note: { blocked: true } },
      prototype: {
        shout() {
          same<(typeof this)['title'], string>()
          return this.title.toUpperCase()
        },
      },
      beforeSave(book) {
        same<typeof book.title, string>()
      },
    })
    const book = await Book.add({ id: 1, title: 'Emma' })
    same<typeof book.id, number>()
    expect(book.shout()).to.equal('EMMA')
    // @ts-expect-error: it is blocked
    expect(book.note).to.equal(undefined)
    // @ts-expect-error: an id is a number
    expect(Book.get('x')).to.equal(undefined)
  })

  it('are those of a Standard Schema', async () => {
    type Input = StandardSchemaV1.InferInput<typeof User>
    type Output = StandardSchemaV1.InferOutput<typeof User>
    same<Input, InputOf<typeof User.definition>>()
    same<Output['role'], 'admin' | 'user'>()
    same<Output['id'], number | undefined>()
    // @ts-expect-error: what is computed is only there when it is read
    same<Output['upper'], string>()
    const checks = <T extends StandardSchemaV1>(schema: T): T => schema
    expect(checks(User)).to.equal(User)
  })
})
