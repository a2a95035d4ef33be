import { expect } from 'chai'
import { database } from '../../models/database.js'
import { type Definition, Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'

const properties = { name: String, aId: Number, aIds: Array, hidden: { type: 'string', blocked: true } } as const
const define = (links: unknown, more: object = {}) => Model(memory(), { properties, links, ...more } as Definition)
const refused = (links: unknown, ...problem: string[]) => {
  const made = () => define(links)
  for (const each of problem) expect(made).to.throw(TypeError, each)
}
const a = { rel: 'a', href: '/as/{aId}' } as const

describe('the links of a definition', () => {
  it('are refused with their place where they are wrong', () => {
    refused('x', 'definition.links: must be a list')
    refused([5], 'definition.links.0: must be an object')
    refused([{ href: '/as/{aId}' }], 'definition.links.0: needs a rel')
    refused([{ ...a, rel: '' }], 'definition.links.0.rel')
    refused([{ ...a, rel: '__proto__' }], 'definition.links.0.rel')
    refused([{ rel: 'a' }], 'needs an href, or the name of a model')
    refused([{ ...a, model: 'as' }], 'needs an href, or the name of a model')
    refused([a, { ...a, href: '/bs/{aId}' }], 'two links "a"')
    refused([{ ...a, onDelete: 'explode' }], 'definition.links.0.onDelete: must be one of restrict, cascade, detach')
    refused([{ rel: 'a', model: 'as', property: 'hidden' }], 'the property hidden is blocked')
    refused([{ rel: 'a', href: '/bs?aId={id}', onDelete: 'cascade' }], 'stand with the link of the model that has')
    refused([{ rel: 'a', href: '/bs?aId={name}' }], 'must have {id}')
    for (const href of [
      'as/{aId}',
      '/as/{aId}/x',
      '/as/aId',
      '/as/{a-b}',
      '/as/{%zz}',
      '/a/b/{aId}',
      5,
      '/as/{aId}?x=1',
    ]) {
      refused([{ rel: 'a', href }], 'definition.links.0.href')
    }
  })

  it('cannot detach what must be there', () => {
    const detach = { ...a, onDelete: 'detach' }
    expect(() => define([detach], { required: ['aId'] })).to.throw(TypeError, 'cannot be removed')
    expect(() =>
      Model(memory(), { properties: { aId: { type: 'integer', readonly: true } }, links: [detach as never] }),
    ).to.throw(TypeError, 'cannot be removed')
    expect(() => define([{ ...detach, href: '/as/{aIds}' }], { required: ['aIds'] })).not.to.throw()
  })

  it('may lead out of the database, where they are left alone', () => {
    const out = { rel: 'home', href: 'https://example.org/{name}' }
    expect(() => database({ bs: define([out, { rel: 'self', href: '/bs/{id}' }]) })).not.to.throw()
  })

  it('have names that are percent-encoded', async () => {
    const Odd = Model(memory(), {
      properties: { 'a b': Number, ü: Number },
      links: [
        { rel: 'a', href: '/a%20%C3%BC/{a%20b}' },
        { rel: 'back', href: '/a%20%C3%BC?%C3%BC={id}' },
      ],
    })
    const db = database({ 'a ü': Odd })
    await db['a ü'].add({ id: 1, 'a b': 2 })
    await db['a ü'].add({ id: 2, ü: 1 })
    expect(await db.resolve('a%20%C3%BC/1/a/id')).to.equal(2)
    expect(await db.resolve('a%20%C3%BC/1/back/id')).to.deep.equal([2])
  })

  it('come with what a definition extends', async () => {
    const Base = Model(memory(), { properties, links: [{ ...a, inverse: 'bs', onDelete: 'restrict' }] })
    const db = database({
      as: Model(memory(), {}),
      bs: Model(memory(), { extends: Base, properties: { more: String } }),
    })
    await db.as.add({ id: 1 })
    const b = await db.bs.add({ id: 1, aId: 1, more: 'x' })
    expect((await b.link('a'))?.id).to.equal(1)
    expect((await (await db.as.get(1))?.links('bs'))?.[0]?.more).to.equal('x')
  })
})

describe('the models of a database', () => {
  const fails = (models: object, problem: string, kind: typeof TypeError = TypeError) =>
    expect(() => database(models as never)).to.throw(kind, problem)

  it('must be there, be models, and have names of their own', () => {
    fails({ bs: define([a]) }, 'definition.bs: the link "a" leads to "as", and the database has no such model')
    fails({ bs: define([{ rel: 'x', href: '/bs?nothing={id}' }]) }, 'needs the property nothing, which bs does not')
    fails({ as: define([{ rel: 'b', model: 'as' }]) }, 'the link "b" needs the property bId, which as does not declare')
    fails({ as: memory() }, 'a model is expected')
    for (const name of ['transaction', 'resolve', 'dangling', 'migrate', 'close', '']) {
      fails({ [name]: define([]) }, `no model of a database can be called "${name}"`)
    }
    const store = memory()
    fails({ as: Model(store, {}), bs: Model(store, {}) }, 'as and bs are over one store')
  })

  it('leave the names of links free', () => {
    const as = define([])
    for (const name of ['link', 'links']) {
      fails({ as: Model(memory(), { properties: { [name]: true } }) }, `definition.as: a property is called ${name}`)
      fails({ as: Model(memory(), { prototype: { [name]() {} } }) }, `definition.as: a method is called ${name}`)
    }
    fails({ as, bs: define([{ ...a, rel: 'name' }]) }, 'definition.bs: the link "name" has the name of a property')
    fails({ as, bs: define([{ ...a, inverse: 'name' }]) }, 'definition.as: the link "name" has the name of a property')
    fails({ as, bs: define([{ ...a, rel: 'save' }]) }, 'definition.bs: the link "save" has the name of a method')
    fails({ as: define([{ ...a, inverse: 'a' }]) }, 'definition.as: the link "a" is there twice')
  })

  it('cannot put a static method before the model’s own, which would go past the database', () => {
    class Own extends Model(memory(), {}) {
      static override count() {
        return 7
      }
    }
    fails({ as: Own }, 'definition.count')
  })

  it('need transactions for their rules, and the link is named', () => {
    const { transaction: _, ...without } = memory()
    const rule = (onDelete: string) => define([{ ...a, onDelete }])
    const message = 'the link bs.a (onDelete: restrict) needs transaction of the store of as'
    expect(() => database({ as: Model(without, {}), bs: rule('restrict') }))
      .to.throw(message)
      .with.property('name', 'NotSupportedError')
    const { delete: __, ...undeletable } = without
    expect(() => database({ as: Model(undeletable, {}), bs: rule('cascade') })).not.to.throw()
    expect(() => database({ as: Model(without, {}), bs: define([a]) })).not.to.throw()
  })

  it('tell their stores by what they will be asked', () => {
    const told: object[] = []
    const store = { ...memory(), setSchema: (schema: object) => void told.push(schema) }
    const User = Model(store, { properties: { aId: Number, bId: Number }, links: [{ ...a, inverse: 'users' }] })
    database({ as: define([]), users: User })
    expect(told.at(-1)).to.deep.include({
      properties: { aId: { type: 'number', index: true }, bId: { type: 'number' } },
      required: [],
    })
    expect(told.at(-1)).to.have.all.keys(told[0] as object)
    expect(told.length).to.equal(2)
  })
})
