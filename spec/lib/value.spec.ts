import { expect } from 'chai'
import { compare, compareStrings } from '../../lib/order.js'
import { checkedCopy, copy, equal } from '../../lib/value.js'
import { newSeed, random } from '../oracle/random.js'
import { randomValue } from '../oracle/values.js'

describe('value', () => {
  it('copies deeply, and equally', () => {
    const value = { a: [1, { b: new Date(5) }], c: Uint8Array.of(1), d: { e: null } }
    const copied = copy(value)
    expect(copied).to.deep.equal(value)
    expect(copied.a[1]).not.to.equal(value.a[1])
    expect(copied.c).not.to.equal(value.c)
  })

  it('tells where in the object the trouble is', () => {
    expect(() => checkedCopy({ a: [{ b: Number.NaN }] })).to.throw('the object at a/0/b: NaN is not a finite number')
  })

  it('tells a cycle from depth', () => {
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    expect(() => checkedCopy(cycle)).to.throw('cycle')
    let deep: unknown = 1
    for (let level = 0; level < 200; level++) deep = [deep]
    expect(() => checkedCopy({ deep })).to.throw('deeper than 100 levels')
  })

  it('is not fooled by one object in two places', () => {
    const shared = { x: 1 }
    expect(checkedCopy({ a: shared, b: [shared, shared] })).to.deep.equal({ a: { x: 1 }, b: [{ x: 1 }, { x: 1 }] })
  })

  it('takes what getters give, once', () => {
    let reads = 0
    const taken = checkedCopy({
      get value() {
        return ++reads
      },
    })
    expect(taken).to.deep.equal({ value: 1 })
    expect(reads).to.equal(1)
  })

  it('accepts plain objects of another realm', async () => {
    const { runInNewContext } = await import('node:vm')
    expect(checkedCopy({ other: runInNewContext('({ a: 1 })') })).to.deep.equal({ other: { a: 1 } })
  })

  it('equality does not go by the order of properties, and tells types apart', () => {
    expect(equal({ a: 1, b: [2] }, { b: [2], a: 1 })).to.equal(true)
    const different = [null, 0, '', false, [], {}, new Date(0), 0n, new Uint8Array(0), [null], { a: null }, '0']
    for (const [n, a] of different.entries()) {
      for (const [m, b] of different.entries()) expect(equal(a, b), `${n} ${m}`).to.equal(n === m)
    }
  })

  it('the order is total, and agrees with equality', () => {
    const seed = newSeed()
    const chance = random(seed)
    const values = Array.from({ length: 120 }, () => randomValue(chance))
    for (const a of values) {
      expect(compare(a, copy(a)), `SEED=${seed}`).to.equal(0)
      for (const b of values) {
        const order = Math.sign(compare(a, b))
        expect(order + Math.sign(compare(b, a)), `SEED=${seed}`).to.equal(0)
        if (equal(a, b)) expect(order).to.equal(0)
        for (const c of values.slice(0, 40)) {
          if (order <= 0 && compare(b, c) <= 0) expect(compare(a, c), `SEED=${seed}`).to.be.at.most(0)
        }
      }
    }
  })

  it('strings are ordered as their UTF-8 bytes', () => {
    const chance = random(7)
    const characters = ['a', 'z', '\u007f', '\u0080', '\u07ff', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}']
    const word = () => Array.from({ length: chance.below(5) }, () => chance.pick(characters)).join('')
    for (let turn = 0; turn < 2000; turn++) {
      const [a, b] = [word(), word()]
      expect(Math.sign(compareStrings(a, b)), `${a} ${b}`).to.equal(Buffer.compare(Buffer.from(a), Buffer.from(b)))
    }
  })
})
