import { expect } from 'chai'
import { type Expression, expression as e } from '../../../lib/query/expression.js'
import { glob } from '../../../lib/query/glob.js'
import { match } from '../../../lib/query/match.js'
import { parse } from '../../../lib/query/parse.js'
import { condition, list, name, random, seed, value } from './random.js'
import { holds } from './reference.js'
import { refused } from './refusal.js'

/** The positions of the objects that match, as text. */
const found = (query: string | Expression, objects: readonly object[]) => {
  const test = match(typeof query === 'string' ? parse(query) : query)
  return objects.flatMap((object, at) => (test(object) ? [at] : [])).join()
}

describe('query/match', () => {
  it('answers the queries of a small store', () => {
    const objects = [{ foo: 2 }, { foo: 1, bar: 'hi' }, { foo: 1, bar: 'hello' }]
    const cases: [query: string, count: number][] = [
      ['', 3],
      ['foo=2', 1],
      ['bar=hi', 1],
      ['foo=lt=2', 2],
      ['foo<2', 2],
      ['foo=le=2', 3],
      ['foo=gt=1', 1],
      ['foo>1', 1],
      ['foo=ge=1', 3],
      ['foo=ge=1&foo=lt=2', 2],
      ['foo=1|foo=ge=2', 3],
      ['or()', 0],
    ]
    for (const [query, count] of cases) expect(objects.filter(match(parse(query))), query).to.have.length(count)
  })

  it('answers every operator', () => {
    const objects = [
      { name: 'ten', price: 10, tags: ['fun', 'even'], nested: { property: 'value' }, 'with/slash': 'slashed' },
      { name: 'five', price: 5, tags: ['fun'] },
      { name: 'five', price: 15, tags: ['foo'] },
    ]
    const cases: [query: string, positions: string][] = [
      ['price=lt=11', '0,1'],
      ['nested/property=value', '0'],
      ['with%2Fslash=slashed', '0'],
      ['out(price,(5,10,15))', ''],
      ['in(price,(5,15))', '1,2'],
      ['contains(tags,fun)', '0,1'],
      ['excludes(tags,fun)', '2'],
      ['contains(missing,x)', ''],
      ['excludes(missing,x)', '0,1,2'],
      ['contains(name,iv)', '1,2'],
      ['contains(tags,gt(even))', '0,1,2'],
      ['contains(tags,ge(fun))', '0,1'],
      ['name=match=glob:T*', '0'],
      ['contains(tags,match(glob:f?o))', '2'],
      ['between(price,(5,15))', '0,1'],
      ['exists(nested)', '0'],
      ['exists(nested,false)', '1,2'],
      ['not(price=5)', '0,2'],
      ['price!=5', '0,2'],
      ['name>five&price<11', '0'],
      ['(price=5|name=ten)&contains(tags,fun)', '0,1'],
    ]
    for (const [query, positions] of cases) expect(found(query, objects), query).to.equal(positions)
  })

  it('finds an element that fulfils all of a condition, and only its own properties', () => {
    const objects = [
      {
        items: [
          { price: 1, size: 9 },
          { price: 9, size: 1 },
        ],
      },
      { items: [{ price: 1, size: 1 }] },
      { items: ['ab'] },
    ]
    expect(found('contains(items,price<5&size<5)', objects)).to.equal('1')
    expect(found('contains(items,length=2)', objects)).to.equal('')
    expect(found('contains(items,exists())', objects)).to.equal('0,1,2')
    expect(found('excludes(items,price=9)', objects)).to.equal('1,2')
  })

  it('compares within one type only', () => {
    const objects = [
      {},
      { a: null },
      { a: false },
      { a: 1 },
      { a: 2n },
      { a: new Date(1) },
      { a: '1' },
      { a: Uint8Array.of(1) },
    ]
    objects.push({ a: [1] as never }, { a: { b: 1 } as never })
    const cases: [tree: Expression, positions: string][] = [
      [e('eq', 'a', null), '0,1'],
      [e('ne', 'a', null), '2,3,4,5,6,7,8,9'],
      [e('le', 'a', null), '0,1'],
      [e('lt', 'a', null), ''],
      [e('eq', 'a', 1), '3'],
      [e('eq', 'a', 1n), '3'],
      [e('eq', 'a', 2), '4'],
      [e('lt', 'a', 5), '3,4'],
      [e('ge', 'a', 2n), '4'],
      [e('ne', 'a', 1), '0,1,2,4,5,6,7,8,9'],
      [e('eq', 'a', '1'), '6'],
      [e('lt', 'a', '\uffff'), '6'],
      [e('eq', 'a', new Date(1)), '5'],
      [e('gt', 'a', new Date(0)), '5'],
      [e('eq', 'a', Uint8Array.of(1)), '7'],
      [e('eq', 'a', [1n]), '8'],
      [e('eq', 'a', { b: 1 }), '9'],
      [e('lt', 'a', { b: 2 }), '9'],
      [e('in', 'a', [null, 2, '1', [1], new Date(1)]), '0,1,4,5,6,8'],
      [e('out', 'a', [null, 2]), '2,3,5,6,7,8,9'],
      [e('in', 'a', []), ''],
      [e('between', 'a', [1, '2']), ''],
      [e('match', 'a', glob('*')), '6'],
    ]
    for (const [tree, positions] of cases) expect(found(tree, objects), JSON.stringify(tree, show)).to.equal(positions)
  })

  it('orders text by code point', () => {
    const objects = [{ a: '\uffff' }, { a: '😀' }, { a: 'a😀' }, { a: 'a\uffff' }]
    expect(found(e('lt', 'a', '😀'), objects)).to.equal('0,2,3')
    expect(found(e('gt', 'a', '\uffff'), objects)).to.equal('1')
    expect(found(e('lt', 'a', 'b'), objects)).to.equal('2,3')
    expect(found(e('ge', 'a', 'a\uffff'), objects)).to.equal('0,1,2,3')
  })

  it('never sees what an object inherits', () => {
    const inherited = ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf']
    for (const each of inherited) {
      expect(found(e('exists', each), [{}, { a: [] }])).to.equal('')
      expect(found(e('exists', each, false), [{}])).to.equal('0')
      expect(found(e('eq', each, 1), [JSON.parse(`{"${each}":1}`)]), each).to.equal('0')
    }
    const paths = [
      ['constructor', 'name'],
      ['constructor', 'constructor', 'name'],
      ['a', 'length'],
      ['a', 'constructor'],
      ['t', 'length'],
    ]
    for (const path of paths) expect(found(e('exists', path), [{ a: [1], t: 'x' }]), String(path)).to.equal('')
    expect(found(e('eq', ['constructor', 'name'], 'Object'), [{}])).to.equal('')
  })

  it('looks long lists up in one step', () => {
    const numbers = Array.from({ length: 100_000 }, (_, at) => at * 2)
    const objects = Array.from({ length: 20_000 }, (_, at) => ({ a: at }))
    expect(objects.filter(match(e('in', 'a', numbers)))).to.have.length(10_000)
    expect(objects.filter(match(e('out', 'a', numbers.map(String))))).to.have.length(20_000)
  })

  it('takes conditions in any number', () => {
    const terms = Array.from({ length: 4000 }, (_, at) => e('eq', 'a', at))
    expect(found(e('or', ...terms), [{ a: 3999 }, { a: 4000 }])).to.equal('0')
    expect(found(e('and', ...terms.map(term => e('not', term))), [{ a: 3999 }, { a: 4000 }])).to.equal('1')
  })

  it('refuses words, which need a full-text index, and what is no condition', () => {
    refused(() => match(parse('match(a,words)')), 'full-text', 'NotSupportedError')
    refused(() => match(e('sort', 'a')), 'sort is not a condition', 'NotSupportedError')
  })

  it(`agrees with the plain way on data of all types (SEED=${seed})`, () => {
    const next = random()
    let matches = 0
    for (let run = 0; run < 1500; run++) {
      const objects = list(next, 12, () => Object.fromEntries(list(next, 6, () => [name(next), value(next, 3, true)])))
      const tree = condition(next, 3, true)
      const test = match(tree)
      for (const object of objects) {
        expect(test(object), `run ${run}: ${JSON.stringify([tree, object], show)}`).to.equal(holds(tree, object))
        if (test(object)) matches++
      }
    }
    expect(matches).to.be.greaterThan(1000)
  })
})

const show = (_: string, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each)
