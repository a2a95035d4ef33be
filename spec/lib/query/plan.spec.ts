import { expect } from 'chai'
import { compare, rank } from '../../../lib/order.js'
import { expression as e } from '../../../lib/query/expression.js'
import { match } from '../../../lib/query/match.js'
import { parse } from '../../../lib/query/parse.js'
import { type Access, accesses, plan } from '../../../lib/query/plan.js'
import { list, pick, random, seed, value } from './random.js'
import { read } from './reference.js'
import { refused } from './refusal.js'

describe('query/plan', () => {
  it('joins the conditions, wherever they stand, and keeps the stages in order', () => {
    expect(plan(undefined)).to.deep.equal({ condition: undefined, stages: [] })
    expect(plan('')).to.deep.equal({ condition: undefined, stages: [] })
    expect(plan('a=1')).to.deep.equal({ condition: e('eq', 'a', 1), stages: [] })
    expect(plan('limit(5)&a=1&sort(b)&(c=2&and(d=3,limit(2)))')).to.deep.equal({
      condition: e('and', e('eq', 'a', 1), e('eq', 'c', 2), e('eq', 'd', 3)),
      stages: [e('limit', 5), e('sort', 'b'), e('limit', 2)],
    })
    expect(plan('a=1|b=2').condition).to.deep.equal(e('or', e('eq', 'a', 1), e('eq', 'b', 2)))
    expect(plan({ name: 'eq', args: ['a', 1] }).condition).to.deep.equal(e('eq', 'a', 1))
    expect(plan('a=$1', { parameters: [1] }).condition).to.deep.equal(e('eq', 'a', 1))
  })

  it('slices last', () => {
    expect(plan('', { start: 2, end: 5 }).stages).to.deep.equal([e('limit', 3, 2)])
    expect(plan('limit(9)', { start: 2 }).stages).to.deep.equal([e('limit', 9), e('limit', Infinity, 2)])
    expect(plan('', { end: 5 }).stages).to.deep.equal([e('limit', 5, 0)])
    expect(plan('', { start: undefined, end: undefined }).stages).to.deep.equal([])
    for (const options of [
      { start: -1 },
      { start: 2, end: 1 },
      { end: 1.5 },
      { start: Number.NaN },
      { start: '1' as never },
    ]) {
      refused(() => plan('', options), 'start and end are positions')
    }
  })

  it('refuses what is no query', () => {
    refused(() => plan('or(sort(a))'), 'or takes conditions only')
    refused(() => plan('a='.repeat(3)), 'no operator')
  })
})

describe('query/access', () => {
  const cases: [query: string, accesses: Access[]][] = [
    ['', []],
    ['a=1', [{ path: 'a', values: [1] }]],
    ['a/b=1', [{ path: ['a', 'b'], values: [1] }]],
    ['in(a,(1,2,1))', [{ path: 'a', values: [1, 2] }]],
    ['in(a,())', [{ path: 'a', values: [] }]],
    ['a=null', []],
    ['in(a,(1,null))', []],
    ['a!=1&out(a,(1,2))&exists(a)&contains(a,1)&eq(1)&lt(1)', []],
    ['not(a=1)', []],
    ['a<5', [{ path: 'a', upper: 5, upperOpen: true }]],
    ['a<=5', [{ path: 'a', upper: 5 }]],
    ['a>5', [{ path: 'a', lower: 5, lowerOpen: true }]],
    ['a>=5&a<9', [{ path: 'a', lower: 5, upper: 9, upperOpen: true }]],
    ['a>5&a>=5&a>=4&a<9&a<=8', [{ path: 'a', lower: 5, lowerOpen: true, upper: 8 }]],
    ['a>=5&a>5&a<=9&a<9', [{ path: 'a', lower: 5, lowerOpen: true, upper: 9, upperOpen: true }]],
    ['between(a,(1,5))', [{ path: 'a', lower: 1, upper: 5, upperOpen: true }]],
    ['between(a,(1,x))', []],
    ['a<null', []],
    ['a>5&a<x', [{ path: 'a', lower: 5, lowerOpen: true }]],
    [
      'a>5&b=1&(c=x&b<3)',
      [
        { path: 'b', values: [1] },
        { path: 'c', values: ['x'] },
        { path: 'a', lower: 5, lowerOpen: true },
        { path: 'b', upper: 3, upperOpen: true },
      ],
    ],
    ['a=1|a=2|in(a,(2,3))', [{ path: 'a', values: [1, 2, 3] }]],
    ['a=1|b=2', []],
    ['a=1|a>2', []],
    ['a=1|a=null', []],
    ['or()', []],
  ]
  for (const [query, expected] of cases) {
    it(query || 'everything', () => expect(accesses(plan(query).condition)).to.deep.equal(expected))
  }

  it('takes a condition as it comes, nested or not', () => {
    expect(accesses(parse('a=1&(b=2&c<3)'))).to.have.length(3)
    expect(accesses(undefined)).to.deep.equal([])
  })

  it(`leaves out nothing that matches (SEED=${seed})`, () => {
    const next = random()
    let seen = 0
    const comparison = () => {
      const path = pick(next, ['a', 'b'])
      const operator = pick(next, ['eq', 'in', 'lt', 'le', 'gt', 'ge', 'between'])
      const [one, other] = [value(next, 1), value(next, 1)]
      return e(operator, path, operator === 'in' || operator === 'between' ? [one, other] : one)
    }
    for (let run = 0; run < 20_000; run++) {
      const either = () => e('or', comparison(), comparison())
      const tree = e('and', ...list(next, 3, () => (next() < 0.2 ? either() : comparison())))
      const objects = list(next, 8, () => ({ a: value(next, 1), b: value(next, 1) }))
      for (const access of accesses(tree)) {
        for (const object of objects.filter(match(tree))) {
          seen++
          expect(selects(access, object), `run ${run}: ${JSON.stringify([tree, object, access], show)}`).to.equal(true)
        }
      }
    }
    expect(seen).to.be.greaterThan(500)
  })
})

function selects({ path, values, lower, lowerOpen, upper, upperOpen }: Access, object: object): boolean {
  const found = read(object, path)
  if (values) return values.some(each => compare(each, found) === 0)
  if (found === undefined || found === null || rank(found) !== rank(lower ?? upper)) return false
  const from = lower === undefined || compare(found, lower) > (lowerOpen ? 0 : -1)
  return from && (upper === undefined || compare(found, upper) < (upperOpen ? 0 : 1))
}

const show = (_: string, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each)
