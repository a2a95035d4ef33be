import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { Model } from '../../models/model.js'
import { schema } from '../../models/schema.js'
import { memory } from '../../stores/memory.js'
import { loader } from '../child.js'

describe('a definition', () => {
  const store = memory()
  const refused = (definition: object, message: string) =>
    expect(() => Model(store, definition), message).to.throw(TypeError, message)

  it('has no property named like a method', () => {
    for (const name of ['save', 'load', 'delete'])
      refused({ properties: { [name]: String } }, `properties.${name}: is the name of a method`)
    refused({ properties: { greet: String }, prototype: { greet() {} } }, 'properties.greet')
    refused({ prototype: { save() {} } }, 'prototype.save')
    refused({ prototype: { constructor() {} } }, 'prototype.constructor')
  })

  it('has no static method named like one of the model', () => {
    for (const name of ['get', 'put', 'transaction', 'name', 'definition'])
      refused({ static: { [name]() {} } }, `static.${name}`)
  })

  it('has no method for which its objects would be taken for promises', () => {
    const methods = Object.fromEntries([['then', () => 1]])
    refused({ prototype: methods }, 'prototype.then')
    refused({ static: methods }, 'static.then')
  })

  it('has no __proto__', () => {
    refused({ properties: JSON.parse('{"__proto__":{"type":"string"}}') }, '__proto__')
    refused({ properties: { __proto__: { type: 'string' } } }, 'properties')
    refused({ $defs: JSON.parse('{"__proto__":{}}') }, '__proto__')
    refused({ properties: { a: { properties: JSON.parse('{"__proto__":{}}') } } }, '__proto__')
    refused({ required: ['__proto__'] }, 'required')
    refused({ dependentRequired: { a: ['__proto__'] } }, 'dependentRequired')
    for (const keyword of ['dependentRequired', 'dependentSchemas', 'patternProperties', 'definitions']) {
      refused({ [keyword]: JSON.parse('{"__proto__":["a"]}') }, '__proto__')
    }
    refused({ properties: { a: { $ref: '#/$defs/__proto__' } } }, 'leads nowhere')
    refused({ properties: { a: { enum: [{ __proto__: { b: 1 } }] } } }, 'enum')
    refused({ idProperty: '__proto__' }, 'idProperty')
    refused(JSON.parse('{"__proto__":{}}'), '__proto__')
  })

  it('is left as it was', () => {
    const given = Object.freeze({ properties: Object.freeze({ name: String }) })
    const Person = Model(memory(), given)
    expect(Person.definition).to.deep.equal(given)
    const open = { properties: { name: String } }
    expect(Object.isFrozen(Model(memory(), open).definition)).to.equal(true)
    expect(Object.isFrozen(open)).to.equal(false)
  })

  it('promises nothing that the store cannot keep', () => {
    const { get, put, query } = memory()
    expect(() => Model({ get, put, query }, { properties: { email: { unique: true } } }))
      .to.throw('email')
      .with.property('name', 'NotSupportedError')
    expect(() => Model({ put }, { properties: { at: { readonly: true } } }))
      .to.throw()
      .with.property('name', 'NotSupportedError')
    expect(() => Model({ get, put }, { properties: { email: { index: true } } })).not.to.throw()
  })

  it('is refused by the store that finds two objects with one unique value', () => {
    const store = memory({
      objects: [
        { id: 1, email: 'a' },
        { id: 2, email: 'a' },
      ],
    })
    expect(() => Model(store, { properties: { email: { unique: true } } }))
      .to.throw()
      .with.property('name', 'ConstraintError')
  })
})
describe('a definition that is wrong', () => {
  const wrong: [title: string, definition: object, message: string][] = [
    [
      'an unknown keyword',
      { properties: { a: { minimun: 1 } } },
      'definition.properties.a: there is no keyword "minimun"',
    ],
    ['an unknown keyword of the object', { propertys: {} }, 'there is no keyword "propertys"'],
    ['a nested one', { properties: { a: { items: [{}] } } }, 'definition.properties.a.items'],
    ['an unknown type', { properties: { a: { type: 'text' } } }, 'there is no type "text"'],
    ['no type', { properties: { a: { type: [] } } }, 'type'],
    ['a foreign constructor', { properties: { a: RegExp } }, 'is not a type'],
    ['an unknown format', { properties: { a: { type: 'string', format: 'mail' } } }, 'there is no format "mail"'],
    ['a keyword that would say nothing', { properties: { a: { type: 'string', minimum: 1 } } }, 'minimum says nothing'],
    ['bounds of a date', { properties: { a: { type: 'date', minimum: 1 } } }, 'minimum says nothing'],
    // biome-ignore lint/suspicious/noThenProperty: it is a keyword
    ['then without if', { then: {} }, 'then says nothing without if'],
    ['a number that is none', { properties: { a: { type: 'number', minimum: '1' } } }, 'minimum: must be a number'],
    ['a negative length', { properties: { a: { minLength: -1 } } }, 'minLength'],
    ['a broken pattern', { properties: { a: { pattern: '(' } } }, 'pattern'],
    ['a broken name pattern', { patternProperties: { '(': true } }, 'patternProperties'],
    ['required that is no list', { required: 'name' }, 'required: must be a list of names'],
    ['properties that are no object', { properties: [] }, 'properties'],
    ['a property that is nothing', { properties: { a: null } }, 'properties.a'],
    ['a type that is no object', { type: 'array' }, 'type: must be object'],
    ['a reference elsewhere', { properties: { a: { $ref: 'http://example.org/' } } }, '$ref'],
    ['a reference that leads nowhere', { properties: { a: { $ref: '#/$defs/b' } } }, 'leads nowhere'],
    ['an anchor that is not there', { properties: { a: { $ref: '#b' } } }, '#b leads nowhere'],
    ['a reference in a property named enum', { properties: { enum: { $ref: '#/x' } } }, 'leads nowhere'],
    ['a step of nothing', { properties: { a: { multipleOf: 0 } } }, 'multipleOf: must be a number above 0'],
    ['an enum of functions', { properties: { a: { enum: [() => 1] } } }, 'enum'],
    [
      'unique where it cannot be',
      { properties: { a: { properties: { b: { unique: true } } } } },
      'there is no keyword "unique"',
    ],
  ]
  for (const [title, definition, message] of wrong) {
    it(`is refused: ${title}`, () => {
      expect(() => Model(memory(), definition)).to.throw(TypeError, message)
    })
  }

  it('is refused when it is in a cycle, or endlessly deep', () => {
    const cycle: Record<string, unknown> = { type: 'object' }
    cycle.properties = { again: cycle }
    expect(() => schema(cycle)).to.throw(TypeError, 'nested')
    let deep: object = { type: 'object' }
    for (let level = 0; level < 3000; level++) deep = { type: 'object', properties: { deep } }
    expect(() => schema(deep)).to.throw(TypeError, 'nested')
  })

  it('may be one that compiles only with care', () => {
    for (const definition of [
      { if: {} },
      { properties: { a: { contains: true, minContains: 0 } } },
      { properties: { ab: true }, patternProperties: { '^a': true } },
      { properties: { a: { $ref: '#b' } }, $defs: { b: { $anchor: 'b', type: 'integer' } } },
      { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'https://example.org/thing' },
      { properties: { a: { const: { $ref: '#/nowhere' } }, $ref: String } },
      { properties: { a: { prefixItems: [true], items: false } } },
      { required: ['undeclared'], properties: { undeclared: { type: ['string', 'integer'] } } },
    ]) {
      expect(schema(definition).validate({ undeclared: 1 })).to.deep.equal([])
    }
  })

  it('holds where code may not be made from text', async () => {
    const code = `
      import { Model } from './models/model.ts'
      import { memory } from './stores/memory.ts'
      const Thing = Model(memory({ objects: [{ id: 1 }] }), { properties: { a: Number } })
      console.log(Thing.get(1).id)
      Thing.put({ id: 1, a: 1 })
      try { Thing.put({ a: '1' }) } catch (error) { console.log(error.message) }`
    const args = ['--disallow-code-generation-from-strings', ...loader, '--input-type=module', '-e', code]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    expect(stdout.trim().split('\n')).to.deep.equal(['1', "Model: a must be a number, not '1'"])
  })

  it('does not change when the caller changes it', () => {
    const definition = { properties: { a: { type: 'integer', enum: [1] } }, required: ['a'] }
    const { validate } = schema(definition)
    definition.properties.a.enum.push(2)
    definition.required.push('b')
    expect([validate({ a: 1 }).length, validate({ a: 2 }).length]).to.deep.equal([0, 1])
  })

  it('is compiled when the first object is written, not before', () => {
    const start = performance.now()
    for (let n = 0; n < 200; n++) schema({ properties: { [`p${n}`]: { type: 'string', format: 'email' } } })
    expect(performance.now() - start).to.be.lessThan(200)
  })
})
