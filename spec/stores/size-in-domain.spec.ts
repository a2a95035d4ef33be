import { expect } from 'chai'
import { checkedCopy, limits } from '../../lib/value.js'
import { sizeInDomain } from '../../stores/files/size-in-domain.js'
import { newSeed, random } from '../oracle/random.js'
import { randomObject } from '../oracle/values.js'

describe('sizeInDomain', () => {
  it('takes what a store keeps, and nothing else', () => {
    const seed = newSeed()
    const chance = random(seed)
    for (let turn = 0; turn < 2000; turn++) {
      const object = checkedCopy(randomObject(chance))
      expect(sizeInDomain(object, false), `SEED=${seed} turn ${turn}`).to.be.at.most(limits.size)
    }
    const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) })
    const wide = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`n${n}`, n]))
    const cases: [unknown, boolean][] = [
      [nested(100), true],
      [nested(101), false],
      [wide(20_000), true],
      [wide(20_001), false],
      [{ ['n'.repeat(1024)]: 1 }, true],
      [{ ['n'.repeat(1025)]: 1 }, false],
      [{ a: 'x'.repeat(2 ** 24 - 1) }, true],
      [{ a: 'x'.repeat(2 ** 24) }, false],
      [{ a: new Uint8Array(2 ** 24 - 9) }, true],
      [{ a: new Uint8Array(2 ** 24 - 8) }, false],
      [{ a: [-0] }, false],
      [{ a: Number.POSITIVE_INFINITY }, false],
      [{ a: '\ud800' }, false],
      [{ '\ud800': 1 }, false],
    ]
    for (const [at, [value, fits]] of cases.entries()) {
      expect(sizeInDomain(value, false) <= limits.size, `case ${at}`).to.equal(fits)
      let taken = true
      try {
        checkedCopy(value as object)
      } catch {
        taken = false
      }
      if (at !== 10) expect(taken, `case ${at} of checkedCopy`).to.equal(fits)
    }
  })
})
