import { expect } from 'chai'
import { etag } from '../../lib/etag.js'
import { encode, parse, stringify } from '../../lib/json.js'
import { checkedCopy, copy, equal } from '../../lib/value.js'
import { newSeed, random } from '../oracle/random.js'
import { randomObject } from '../oracle/values.js'

describe('extended JSON', () => {
  it('is plain JSON where plain JSON will do, without a copy', () => {
    const plain = { a: [1, 'x', { b: null }], c: true }
    expect(encode(plain)).to.equal(plain)
    expect(stringify(plain)).to.equal('{"a":[1,"x",{"b":null}],"c":true}')
  })

  it('is readable', () => {
    expect(stringify({ when: new Date(0), big: 5n, raw: Uint8Array.of(1, 2, 3) })).to.equal(
      '{"when":{"$date":"1970-01-01T00:00:00.000Z"},"big":{"$bigint":"5"},"raw":{"$bytes":"AQID"}}',
    )
  })

  it('gives back 5,000 random objects, the order of their names included', () => {
    const seed = newSeed()
    const chance = random(seed)
    for (let turn = 0; turn < 5000; turn++) {
      const object = checkedCopy(randomObject(chance))
      const text = stringify(object)
      const back = parse(text) as object
      expect(equal(back, object), `SEED=${seed} ${text}`).to.equal(true)
      expect(Object.keys(back)).to.deep.equal(Object.keys(object))
      expect(stringify(back)).to.equal(text)
      expect(etag(back)).to.equal(etag(object))
    }
  })

  it('does not change what it encodes', () => {
    const object = { list: [new Date(5), { $date: 'x' }] }
    const before = copy(object)
    stringify(object)
    expect(object).to.deep.equal(before)
  })

  for (const text of [
    '{"$date":5}',
    '{"$date":"yesterday"}',
    '{"$date":"2020-13-01T00:00:00Z"}',
    '{"$date":"2026-02-30T00:00:00.000Z"}',
    '{"$date":"2026-01-01T24:00:00Z"}',
    '{"$bigint":"1.5"}',
    '{"$bigint":"0x10"}',
    '{"$bigint":" 1"}',
    '{"$bigint":1}',
    '{"$bytes":"?"}',
    '[{"a":{"$bytes":null}}]',
    '{"a":',
    '',
    'undefined',
    '{"\\u0024date":5}',
  ]) {
    it(`refuses ${text || 'nothing'}`, () =>
      expect(() => parse(text))
        .to.throw()
        .with.property('name', 'DataError'))
  }

  it('guesses nothing', () => {
    expect(parse('{"a":"2020-01-01T00:00:00.000Z","b":{"$date":"x","c":1}}')).to.deep.equal({
      a: '2020-01-01T00:00:00.000Z',
      b: { $date: 'x', c: 1 },
    })
  })

  it('pollutes no prototype', () => {
    const back = parse('{"__proto__":{"polluted":{"$date":"1970-01-01T00:00:00.000Z"}}}') as object
    expect(Object.keys(back)).to.deep.equal(['__proto__'])
    expect(Object.getPrototypeOf(back)).to.equal(Object.prototype)
  })
})

describe('etag', () => {
  it('is the same for equal objects and another for others', () => {
    expect(etag({ a: 1, b: { c: 2, d: 3 } })).to.equal(etag({ b: { d: 3, c: 2 }, a: 1 }))
    const all = [{}, { a: 1 }, { a: '1' }, { a: 1n }, { a: [1] }, { a: { 0: 1 } }, { a: null }, { a: new Date(1) }]
    expect(new Set(all.map(etag)).size).to.equal(all.length)
  })

  it('is a strong ETag as HTTP writes it, and never changes from version to version', () => {
    expect(etag({ id: 1, name: 'Ada' })).to.equal('"0e576c3b6e51c86c9ca6208195757834"')
  })
})
