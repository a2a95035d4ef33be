import type { StandardSchemaV1 } from '@standard-schema/spec'
import { expect } from 'chai'
import * as v from 'valibot'
import * as z from 'zod'
import { transaction } from '../../lib/transaction.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { refusal } from '../refusal.js'
import { issues } from './refusals.js'
import { writable } from './writable.js'

const later = () => new Promise(resolve => setImmediate(resolve))

const schemas = {
  zod: z.object({ name: z.string().min(1), age: z.number().int().default(0), born: z.date().optional() }),
  valibot: v.object({
    name: v.pipe(v.string(), v.minLength(1)),
    age: v.optional(v.pipe(v.number(), v.integer()), 0),
    born: v.optional(v.date()),
  }),
  'an asynchronous valibot': v.pipeAsync(
    v.object({ name: v.pipe(v.string(), v.minLength(1)), age: v.optional(v.number(), 0), born: v.optional(v.date()) }),
    v.checkAsync(async () => {
      await later()
      return true
    }),
  ),
}

describe('a Standard Schema', () => {
  for (const [library, schema] of Object.entries(schemas)) {
    for (const [name, open] of Object.entries(writable)) {
      it(`of ${library} checks on every way to the store, over ${name}`, async () => {
        const store = open()
        const User = Model(store, schema as (typeof schemas)['zod'])
        const user = await User.add({ id: 1, name: 'Ada', born: new Date(5), ...{ other: 1 } })
        expect(user).to.deep.equal({ id: 1, name: 'Ada', age: 0, born: new Date(5) })
        expect(await store.get(1)).to.deep.equal({ id: 1, name: 'Ada', age: 0, born: new Date(5) })
        expect(user).to.be.instanceOf(User)
        user.age = 36
        expect(await user.save()).to.have.property('age', 36)
        await User.update(1, user => void user.age++)
        await User.patch(1, { born: null })
        await User.putAll([{ id: 2, name: 'Bob' }])
        await transaction(User, tx => tx.put({ id: 3, name: 'Cyd' }))
        expect(await store.get(1)).to.deep.equal({ id: 1, name: 'Ada', age: 37 })
        expect(await store.get(3)).to.deep.equal({ id: 3, name: 'Cyd', age: 0 })
        for (const write of [
          () => User.add({ name: '' }),
          () => User.put({ id: 1, name: '' }),
          () => User.update(1, user => ({ ...user, name: '' })),
          () => User.patch(1, { name: '' }),
          () => User.putAll([{ id: 2, name: '' }]),
          () => transaction(User, tx => tx.put({ id: 1, name: '' })),
        ]) {
          const found = await issues(write)
          expect(found.map(({ path }) => path.at(-1))).to.deep.equal(['name'])
          expect(found[0]?.keyword).to.equal('schema')
          expect(found[0]?.message).to.be.a('string')
        }
        expect(await store.get(1)).to.deep.equal({ id: 1, name: 'Ada', age: 37 })
      })
    }
  }

  it('stays synchronous where it is', () => {
    const User = Model(memory(), schemas.zod)
    expect(User.add({ id: 1, name: 'Ada' })).to.have.property('name', 'Ada')
    expect(() => User.add({ name: '' })).to.throw('name')
  })

  it('stands beside methods, rules and hooks', async () => {
    const store = memory()
    await store.put({ id: 1, name: 'Ada', age: 3, secret: 's' })
    const User = Model(store, {
      schema: schemas.zod.extend({ made: z.string().optional(), hint: z.unknown().optional() }),
      properties: {
        made: { readonly: true },
        secret: { blocked: true },
        hint: { transient: true },
        name: { index: true },
      },
      prototype: {
        greet() {
          return `hello ${this.name.trim()}`
        },
      },
      beforeSave(object) {
        object.name = object.name.trim()
      },
    })
    const ada = await User.get(1)
    expect(ada?.greet()).to.equal('hello Ada')
    await User.patch(1, { name: ' Eve ', made: 'now', hint: 1 })
    expect(store.get(1)).to.deep.equal({ id: 1, name: 'Eve', age: 3, made: 'now', secret: 's' })
    expect((await issues(() => User.patch(1, { made: 'then' })))[0]).to.deep.include({
      path: ['made'],
      keyword: 'readonly',
    })
  })

  it('gives issues with the way to what is wrong, 20 at most', async () => {
    const Order = Model(memory(), z.object({ lines: z.array(z.object({ count: z.number() })) }))
    const wrong = await issues(() => Order.add({ lines: [{ count: 1 }, { count: 'x' as never }] }))
    expect(wrong.map(({ path }) => path)).to.deep.equal([['lines', 1, 'count']])
    const many = await issues(() => Order.add({ lines: Array.from({ length: 50 }, () => ({ count: 'x' as never })) }))
    expect(many).to.have.length(20)
  })

  it('makes what is stored, which must be in the value domain and an object', async () => {
    const store = memory()
    const Trimmed = Model(store, z.object({ name: z.string().trim(), size: z.bigint().optional() }))
    await Trimmed.add({ id: 1, name: ' Ada ', size: 5n })
    expect(store.get(1)).to.deep.equal({ id: 1, name: 'Ada', size: 5n })
    const Odd = Model(store, z.object({ set: z.array(z.string()).transform(each => new Set(each)) }))
    expect(await refusal(() => Odd.add({ id: 2, set: ['a'] }))).to.have.property('name', 'DataCloneError')
    const None = Model(
      store,
      z.object({ name: z.string() }).transform(({ name }) => name) as never as typeof schemas.zod,
    )
    expect((await issues(() => None.add({ id: 2, name: 'x' })))[0]?.message).to.include('object')
    expect(store.count()).to.equal(1)
  })

  it('keeps an id that the schema does not know, also where it is strict; one that it knows is checked', async () => {
    const Strict = Model(memory(), z.strictObject({ name: z.string() }))
    const made = await Strict.add({ name: 'Ada' })
    expect((await Strict.put({ id: made.id, name: 'Eve' })).id).to.equal(made.id)
    expect(await issues(() => Strict.add({ id: 1, name: 'x', ...{ more: 1 } }))).to.have.length(1)
    const Numbered = Model(memory(), z.strictObject({ id: z.number(), name: z.string() }))
    expect((await Numbered.put({ id: 7, name: 'x' })).id).to.equal(7)
    expect((await issues(() => Numbered.put({ id: 'a' as never, name: 'x' })))[0]?.path).to.deep.equal(['id'])
    const Named = Model(memory({ idProperty: 'isbn' }), { idProperty: 'isbn', schema: v.object({ title: v.string() }) })
    expect(await Named.put({ isbn: 'x', title: 't' })).to.deep.equal({ isbn: 'x', title: 't' })
  })

  it('tells the store the types, where it can say them as JSON Schema', () => {
    const told: unknown[] = []
    const store = { ...memory(), setSchema: (schema: unknown) => void told.push(schema) }
    Model(store, { schema: schemas.zod, properties: { name: { index: true } } })
    expect(told[0])
      .to.have.property('properties')
      .that.deep.includes({ name: { type: 'string', index: true } })
    expect(told[0]).to.have.nested.property('properties.age.type', 'integer')
    Model(store, schemas.valibot)
    expect(told[1]).to.have.property('properties').that.deep.equals({})
  })

  it('is refused where it is none, or where two would have to be one', () => {
    expect(() => Model(memory(), { schema: {} } as never)).to.throw(TypeError, 'definition.schema')
    const Parent = Model(memory(), schemas.zod)
    expect(() => Model(memory(), { extends: Parent, schema: schemas.zod })).to.throw(TypeError, 'definition.schema')
    const Child = Model(memory(), { extends: Parent, prototype: { greet: () => 'hello' } })
    expect(() => Child.add({ name: '' })).to.throw('name')
    expect((Child.add({ name: 'Ada' }) as { greet(): string }).greet()).to.equal('hello')
  })
})

describe('a model is a Standard Schema', () => {
  const store = memory()
  const User = Model(store, {
    title: 'User',
    properties: {
      name: { type: 'string', minLength: 1 },
      role: { enum: ['admin', 'user'], default: 'user' },
      age: { type: 'integer' },
      secret: { type: 'string', blocked: true },
      password: { type: 'string', set: (value: unknown) => `#${value}` },
      upper: { get: (): string => 'X' },
    },
    required: ['name', 'role'],
    coerce: true,
  })

  /** As a form or a router does it, which knows the standard only. */
  async function check<T extends StandardSchemaV1>(schema: T, value: unknown) {
    return schema['~standard'].validate(value)
  }

  it('that checks and completes, and stores nothing', async () => {
    expect(User['~standard'].version).to.equal(1)
    expect(User['~standard'].vendor).to.equal('holdfast')
    const result = await check(User, { name: 'Ada', age: '36', password: 'abc' })
    expect(result).to.deep.equal({ value: { name: 'Ada', age: 36, password: 'abc', role: 'user' } })
    expect(store.count()).to.equal(0)
    const wrong = await check(User, { role: 'king', secret: 'x' })
    expect(wrong.issues?.map(({ path }) => path)).to.have.deep.members([['name'], ['role'], ['secret']])
    for (const value of [5, null, undefined, [], 'x', { name: () => 1 }, { name: 'x', deep: Number.NaN }]) {
      expect((await check(User, value)).issues, String(value)).to.have.length(1)
    }
    expect(await check(Model(memory(), schemas.valibot), { name: 'Ada' })).to.deep.equal({
      value: { name: 'Ada', age: 0 },
    })
    expect((await check(Model(memory(), schemas.zod), { name: 3 })).issues?.[0]?.path).to.deep.equal(['name'])
  })

  it('that tells its JSON Schema, for what comes in and what goes out', () => {
    const { input, output } = User['~standard'].jsonSchema
    const made = input({ target: 'draft-2020-12' })
    expect(made).to.have.property('$schema', 'https://json-schema.org/draft/2020-12/schema')
    expect(made.required).to.deep.equal(['name'])
    expect(made).to.have.property('properties').that.has.all.keys('name', 'role', 'age', 'password')
    expect(output({ target: 'draft-07' }).required).to.have.members(['name', 'role'])
    expect(output({ target: 'draft-07' }).$schema).to.equal('http://json-schema.org/draft-07/schema#')
    Object.assign(made, { required: [] })
    Object.assign((made.properties as { name: object }).name, { minLength: 99 })
    expect(input({ target: 'draft-2020-12' }).required).to.deep.equal(['name'])
    expect(input({ target: 'draft-2020-12' })).to.have.nested.property('properties.name.minLength', 1)
    expect(() => input({ target: 'openapi-3.0' }))
      .to.throw('openapi-3.0')
      .with.property('name', 'NotSupportedError')
    const Dated = Model(memory(), { properties: { at: { type: 'array', items: Date } } })
    expect(() => Dated['~standard'].jsonSchema.input({ target: 'draft-2020-12' })).to.throw('date')
    const Newer = Model(memory(), { properties: { prefixItems: { type: 'array', prefixItems: [{ type: 'string' }] } } })
    expect(() => Newer['~standard'].jsonSchema.input({ target: 'draft-07' })).to.throw('prefixItems')
    expect(Newer['~standard'].jsonSchema.input({ target: 'draft-2020-12' })).to.have.nested.property(
      'properties.prefixItems',
    )
    const Zod = Model(memory(), z.object({ n: z.number() }))
    expect(Zod['~standard'].jsonSchema.output({ target: 'draft-2020-12' })).to.have.nested.property('properties.n')
    const Valibot = Model(memory(), schemas.valibot)
    expect(() => Valibot['~standard'].jsonSchema.input({ target: 'draft-07' })).to.throw('JSON Schema')
  })

  it('whose name for it is taken', () => {
    expect(() => Model(memory(), { static: { '~standard': 1 } })).to.throw(TypeError, '~standard')
  })
})
