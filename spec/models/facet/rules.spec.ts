import { expect } from 'chai'
import { expression } from '../../../lib/query/expression.js'
import { database } from '../../../models/database.js'
import { permissive, restrictive } from '../../../models/facet.js'
import { Model } from '../../../models/model.js'
import { memory } from '../../../stores/memory.js'
import { loose, taskModel } from './tasks.js'

const Task = taskModel()
const User = Model(memory(), { properties: { email: { type: 'string', unique: true }, team: Number } })

const wrong = (rules: unknown, ...says: string[]) => {
  for (const make of [restrictive, permissive]) {
    for (const each of says) expect(() => make(Task, rules as never)).to.throw(TypeError, each)
  }
}

describe('wrong rules', () => {
  it('are refused when there are none where some were asked for', () => {
    wrong(undefined, 'rules are a plain object, not undefined')
    wrong(null, 'rules are a plain object')
    wrong([], 'rules are a plain object, not an array')
    wrong('where', 'rules are a plain object, not a string')
  })

  it('are refused when nobody knows them: a slip of the pen opens nothing', () => {
    wrong({ propertis: {} }, 'there is no rule propertis: the rules are methods, prototype, where')
    wrong({ maxlimit: 5 }, 'there is no rule maxlimit')
    wrong({ methods: ['dlete'] }, 'methods: there is no method dlete to open or close; there are get, put')
    wrong({ methods: { dlete: false } }, 'methods: there is no method dlete')
    wrong(
      { prototype: { shuot: true } },
      'prototype: there is no method shuot to open or close; there are shout, finish',
    )
    wrong({ properties: { sceret: { blocked: true } } }, 'properties.sceret: the model declares no property sceret')
    wrong({ properties: { secret: { bloked: true } } }, 'properties.secret: there is no keyword "bloked"')
    wrong({ where: 'tennant=1' }, 'where: the model declares no property tennant')
    wrong({ where: '!(tennant=1)' }, 'where')
    wrong({ where: 'or(tenant=1,not(hiden=true))' }, 'where: the model declares no property hiden')
    wrong({ operators: ['eqq'] }, 'operators: there is no operator eqq')
    wrong({ reveals: ['title'] }, 'reveals: title shows nothing by failure; what does is id, sequence')
  })

  it('are refused when a rule is undefined, which could have come from anywhere', () => {
    for (const rule of ['where', 'methods', 'properties', 'expires', 'allowed', 'maxLimit', 'actor', 'context']) {
      wrong({ [rule]: undefined }, `${rule} is undefined: leave the rule out, or say what it is`)
    }
    wrong({ properties: { secret: { blocked: undefined } } }, 'properties.secret.blocked is undefined')
    wrong({ properties: { secret: undefined } }, 'properties.secret must be a plain object')
    wrong({ methods: { delete: undefined } }, 'methods.delete must be true, false or a function')
    wrong({ where: 'tenant=$1', parameters: [undefined] }, 'none of them undefined')
  })

  it('are refused when they are objects in which what they say would not be found', () => {
    const blocked = { secret: { blocked: true } }
    wrong(new Map([['where', 'tenant=1']]), 'rules are a plain object, not an instance of Map')
    wrong(Object.create({ properties: blocked }), 'rules are a plain object')
    wrong({ properties: new Map(Object.entries(blocked)) }, 'properties must be a plain object, not an instance of Map')
    wrong({ properties: Object.create(blocked) }, 'properties must be a plain object')
    wrong({ properties: { secret: new Map([['blocked', true]]) } }, 'properties.secret must be a plain object')
    wrong({ methods: new Map([['delete', false]]) }, 'methods must be a list of names, or a plain object')
    wrong({ methods: new Set(['delete']) }, 'methods must be a list of names, or a plain object')
    wrong({ where: '' }, 'where says nothing: leave it out, if all objects are there')
    wrong({ properties: { id: { get: String } } }, 'properties.id: the id is always seen, as it is')
  })

  it('are refused over a facet when they say who writes', () => {
    for (const over of [permissive(Task), permissive(Task, { actor: 'Ada' })]) {
      expect(() => permissive(over, { actor: 'Bob' })).to.throw(TypeError, 'actor: who writes is for the rules of')
    }
  })

  it('are refused when they are of another kind', () => {
    wrong({ methods: 'put' }, 'methods must be a list of names, or a plain object, not "put"')
    wrong({ methods: [5] }, 'methods must be')
    wrong({ methods: { delete: 0 } }, 'methods.delete must be true, false or a function')
    wrong({ prototype: 5 }, 'prototype must be')
    wrong({ where: 5 }, 'where must be a query')
    wrong({ where: { tenant: 1 } }, 'where must be a query')
    wrong({ where: '((' }, 'where: a ( is not closed')
    wrong({ where: 'tenant=1&limit(3)' }, 'where is a condition, and limit is none')
    wrong({ where: 'tenant=$1' }, 'where: there is no parameter $1')
    wrong({ where: 'tenant=1', parameters: 5 }, 'parameters must be the list')
    wrong({ parameters: [5] }, 'parameters are those of where, and there is none')
    wrong({ properties: { secret: false } }, 'properties.secret must be a plain object, such as { blocked: true }')
    wrong({ properties: { secret: { readable: 0 } } }, 'properties.secret.readable must be true or false')
    wrong({ properties: { secret: { get: 'x' } } }, 'properties.secret.get must be a function')
    wrong({ properties: { secret: { index: true } } }, 'properties.secret.index: that is for the model to say')
    wrong({ properties: { secret: { maxLength: '5' } } }, 'properties.secret.maxLength')
    wrong({ properties: { id: { blocked: true } } }, 'properties.id: the id is always seen')
    wrong({ additionalProperties: 'no' }, 'additionalProperties must be true or false')
    wrong({ links: { tenant: {} } }, 'links.tenant: the model follows no links')
    wrong({ allowed: true }, 'allowed must be a function')
    wrong({ reveals: 'id' }, 'reveals must be a list of names, not "id"')
    wrong({ actor: 5 }, 'actor must be a string')
    wrong({ now: 5 }, 'now must be a function')
    wrong({ operators: 'eq' }, 'operators must be a list of names, not "eq"')
    wrong({ operators: ['eq', 'rel'] }, 'operators: rel needs links')
    wrong({ indexed: 'yes' }, 'indexed must be true or false')
    for (const limit of ['maxLimit', 'maxCost', 'max']) {
      for (const value of ['5', -1, Number.NaN, null]) wrong({ [limit]: value }, `${limit} must be a number from 0 on`)
    }
    for (const rate of [5, null, {}, { max: 5 }, { max: 5, ttl: 0 }, { max: '5', ttl: 5 }]) {
      wrong({ rate }, 'rate must be { max, ttl }: so many calls in so many milliseconds')
    }
    for (const expires of ['tomorrow', null, new Date(Number.NaN), Number.NaN]) wrong({ expires }, 'expires')
  })

  it('are refused when they would open what cannot be', () => {
    wrong({ prototype: { save: true } }, 'prototype.save: objects have it where methods.put is open')
    wrong({ prototype: { delete() {} } }, 'prototype.delete: objects have it where methods.delete is open')
    wrong({ methods: { update: true, put: false } }, 'methods.update cannot be opened: it needs put, which is not open')
    expect(() => restrictive(Task, { methods: ['patch'] })).to.throw(TypeError, 'it needs put, which is not open')
    const Log = Model({ get: () => undefined, add: () => 1 }, {})
    expect(() => restrictive(Log, { methods: ['put'] } as never)).to.throw(
      TypeError,
      'methods.put cannot be opened: what the facet is made over has no put',
    )
    for (const name of ['then', 'constructor', '__proto__']) {
      wrong(
        { methods: { [name]: () => {} } },
        name === '__proto__' ? '' : `methods: ${name} is not the name of a method`,
      )
    }
  })

  it('are refused when what they hide could be learnt by writing what is unique', () => {
    const hidden = 'who writes email, which is unique, can learn which values hidden objects have'
    expect(() => permissive(User, { where: 'team=1' })).to.throw(TypeError, hidden)
    expect(() => permissive(User, { allowed: () => true })).to.throw(TypeError, hidden)
    expect(() => permissive(User, { properties: { email: { readable: false } } })).to.throw(TypeError, hidden)
    expect(() => restrictive(User, { where: 'team=1' })).not.to.throw()
    expect(() => permissive(User, { where: 'team=1', reveals: ['email'] })).not.to.throw()
    expect(() => permissive(User, { where: 'team=1', properties: { email: { writable: false } } })).not.to.throw()
  })

  it('are refused over what is no model and no facet', () => {
    for (const base of [undefined, null, {}, memory(), Task.prototype]) {
      expect(() => restrictive(base as never)).to.throw(TypeError, 'a model is expected')
    }
  })

  it('of a facet over a facet are refused when they speak of what is closed there', () => {
    const parent = restrictive(Task, { methods: ['put'], properties: { secret: { blocked: true } } })
    const child = (rules: object) => () => restrictive(parent, rules as never)
    expect(child({ methods: ['delete'] })).to.throw(TypeError, 'what the facet is made over has no delete')
    expect(child({ methods: ['version'] })).to.throw(TypeError, 'there is no method version')
    expect(child({ prototype: { shout: true } })).to.throw(TypeError, 'there is no method shout')
    expect(child({ where: 'secret=x' })).to.throw(TypeError, 'where cannot be asked of the facet underneath: secret')
    expect(child({ links: { boss: parent } })).to.throw(
      TypeError,
      'links.boss: the facet underneath does not follow it',
    )
    const computing = restrictive(Task, { properties: { label: { get: () => 'l' } } })
    expect(() => restrictive(computing, { properties: { label: { blocked: true } } })).not.to.throw()
  })

  it('of links are refused when those are no facets', () => {
    const db = database({
      teams: Model(memory(), { properties: { name: String } }),
      people: Model(memory(), { properties: { teamId: Number }, links: [{ rel: 'team', href: '/teams/{teamId}' }] }),
    })
    expect(() => restrictive(db.people, { links: { team: db.teams as never } })).to.throw(
      TypeError,
      'links.team: a facet is expected',
    )
  })
})

describe('right rules', () => {
  it('may be about any property where the model does not say which there are', () => {
    const Open = Model(memory(), { properties: { name: String }, additionalProperties: true })
    for (const model of [Open, Model(memory(), {})]) {
      expect(() => restrictive(model, { properties: { any: { blocked: true } }, where: 'other=1' })).not.to.throw()
    }
  })

  it('may be expressions, and queries with parameters', () => {
    for (const rules of [
      { where: expression('eq', 'tenant', 1) },
      { where: { name: 'and', args: [{ name: 'eq', args: ['tenant', 1] }] } },
      { where: 'tenant=$1', parameters: [1] },
      { where: 'tenant=1&rank=gt=0' },
    ]) {
      expect(() => restrictive(Task, rules as never)).not.to.throw()
    }
  })

  it('make a facet that is frozen, has no prototype, and opens what they say', () => {
    const reading = restrictive(Task)
    expect(Object.keys(reading)).to.deep.equal(['get', 'query', 'count'])
    expect(Object.getPrototypeOf(reading)).to.equal(null)
    expect(Object.isFrozen(reading)).to.equal(true)
    expect(Object.keys(restrictive(Task, {}))).to.deep.equal(['get', 'query', 'count'])
    expect(Object.keys(permissive(Task))).to.deep.equal([
      ...['get', 'put', 'add', 'delete', 'query', 'count', 'subscribe', 'update', 'patch'],
      ...['getAll', 'putAll', 'deleteAll', 'transaction', 'best', 'version'],
    ])
    expect(loose(reading).then).to.equal(undefined)
  })
})
