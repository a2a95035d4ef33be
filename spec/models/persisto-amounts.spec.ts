import { expect } from 'chai'
import { type Amount, toDecimal, toUnits } from '../../models/persisto/assets.js'
import { fromAccountNumber, toAccountNumber } from '../../models/persisto.js'

describe('persisto: amounts', () => {
  it('are exact, whatever they are written as', () => {
    const cases: [Amount, number, bigint][] = [
      [0.1, 6, 100_000n],
      ['0.1', 6, 100_000n],
      [1e-6, 6, 1n],
      ['000012.50', 2, 1250n],
      [-3, 0, -3n],
      ['123456789012345678901234567890.000001', 6, 123456789012345678901234567890000001n],
      [5n, 6, 5n],
      [Number.MAX_SAFE_INTEGER, 2, 900719925474099100n],
    ]
    for (const [amount, decimals, units] of cases) expect(toUnits(amount, decimals), String(amount)).to.equal(units)
    for (const [units, decimals, text] of [
      [1n, 6, '0.000001'],
      [-1n, 6, '-0.000001'],
      [1_000_000n, 6, '1'],
      [0n, 6, '0'],
      [-1250n, 2, '-12.5'],
      [7n, 0, '7'],
    ] as const) {
      expect(toDecimal(units, decimals)).to.equal(text)
      expect(toUnits(text, decimals)).to.equal(units)
    }
  })

  it('are refused where they are none, or are finer than what there is', () => {
    for (const wrong of [
      '',
      '1e5',
      ' 1',
      '0x10',
      '1,5',
      '.5',
      '5.',
      '--5',
      'Infinity',
      NaN,
      Infinity,
      2 ** 53,
      true,
      null,
      {},
      [],
      ['5'],
    ]) {
      expect(() => toUnits(wrong as never, 6), String(wrong)).to.throw(TypeError)
    }
    for (const [fine, decimals] of [
      ['0.0000001', 6],
      [0.1 + 0.2, 6],
      [0.5, 0],
    ] as const) {
      expect(() => toUnits(fine, decimals)).to.throw(RangeError)
    }
  })
})

describe('persisto: account numbers', () => {
  it('come back to the numbers they are of', () => {
    expect(toAccountNumber('agent', 1)).to.equal('AXXXXXX1')
    expect(toAccountNumber('agent', 36)).to.equal('AXXXXX1X')
    const seen = new Set<string>()
    for (let number = 0; number < 5000; number++) {
      const account = toAccountNumber('agent', number)
      seen.add(account)
      expect(fromAccountNumber(account)).to.equal(number)
    }
    expect(seen.size).to.equal(5000)
    expect(fromAccountNumber(toAccountNumber('x', 36 ** 7 - 1))).to.equal(36 ** 7 - 1)
    expect(() => toAccountNumber('x', 36 ** 7)).to.throw(RangeError)
    expect(() => fromAccountNumber('AXX')).to.throw(RangeError)
    expect(() => fromAccountNumber('Axxxxxxx')).to.throw(RangeError)
  })
})
