import { expect } from 'chai'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { ofProperty } from './issues/said.js'
import { issues as issuesOf } from './refusals.js'

describe('issues, those that are told', () => {
  describe('of alternatives', () => {
    const circle = {
      title: 'Circle',
      type: 'object',
      properties: { kind: { const: 'circle' }, radius: Number },
      required: ['kind', 'radius'],
    }
    const square = {
      type: 'object',
      properties: { kind: { const: 'square' }, side: Number },
      required: ['kind', 'side'],
    }

    it('are those of the one that a constant picks', () => {
      for (const keyword of ['anyOf', 'oneOf']) {
        const shape = { [keyword]: [{ $ref: '#/$defs/circle' }, square] }
        const say = (value: unknown) => ofProperty(shape, value, { $defs: { circle } })
        expect(say({ kind: 'square', side: 'x' })).to.deep.equal(["p.side must be a number, not 'x'"])
        expect(say({ kind: 'circle' })).to.deep.equal(['p.radius is required'])
        expect(say({ kind: 'cirlce' })).to.deep.equal([
          "p.kind must be one of 'circle' or 'square', not 'cirlce': did you mean 'circle'?",
        ])
        expect(say({ radius: 1 })).to.deep.equal(["p.kind is required: one of 'circle' or 'square'"])
      }
    })

    it('are those of the nearest one, and say so', () => {
      const person = {
        title: 'Person',
        type: 'object',
        properties: { name: String, born: { type: 'integer' } },
        required: ['name'],
      }
      const firm = {
        title: 'Firm',
        type: 'object',
        properties: { vat: String, seat: String },
        required: ['vat', 'seat'],
      }
      expect(ofProperty({ anyOf: [firm, person, { type: 'string' }] }, { name: 'Ada', born: '1815' })).to.deep.equal([
        'p fits none of 3 alternatives; the nearest is Person, of which the rest is told',
        "p.born must be an integer, not '1815'",
      ])
    })
  })

  it('are at most 20, and never the same twice', () => {
    const many = Array.from({ length: 1000 }, () => 'x')
    expect(ofProperty({ type: 'array', items: Number }, many)).to.have.length(20)
    expect(ofProperty({ allOf: [{ type: 'string' }, { type: 'string' }] }, 1)).to.have.length(1)
  })

  it('tell nothing of what is blocked', async () => {
    const store = memory()
    const secret = { type: 'string', enum: ['canary-a', 'canary-b'], blocked: true } as const
    const Open = Model(store, { properties: { id: Number, secret: { type: 'string' } } })
    const definition = {
      properties: { id: Number, name: String, secret },
      if: { properties: { secret: { const: 'canary-c' } }, required: ['secret'] },
      // biome-ignore lint/suspicious/noThenProperty: it is a keyword
      then: { required: ['name'] },
      anyOf: [
        { properties: { secret: { const: 'canary-a' } }, required: ['secret'] },
        { properties: { secret: { const: 'canary-b' } }, required: ['secret'] },
      ],
      additionalProperties: false,
    } as const
    const Closed = Model(store, definition as object)
    await Open.put({ id: 1, secret: 'canary-c' })
    const found = await issuesOf(() => Closed.put({ id: 1, secre: 1 } as never))
    expect(found.map(({ path }) => path)).to.deep.include(['secret'])
    expect(JSON.stringify(found)).not.to.include('canary')
    expect(JSON.stringify(found)).not.to.include("'secret'")
  })

  it('show the first few in the message of the error', async () => {
    const Thing = Model(memory(), { properties: Object.fromEntries('abcdefg'.split('').map(name => [name, Number])) })
    const bad = Object.fromEntries('gfedcba'.split('').map(name => [name, 'x'])) as never
    expect(() => Thing.add(bad)).to.throw(
      /^Model: a must be a number, not 'x'; b must .*; c must .*; d must .*; e must [^;]*; and 2 more$/,
    )
  })
})
