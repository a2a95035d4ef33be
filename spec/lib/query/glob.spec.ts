import { expect } from 'chai'
import { Glob, glob, globTest } from '../../../lib/query/glob.js'
import { list, pick, random, seed } from './random.js'
import { refused } from './refusal.js'

describe('query/glob', () => {
  const fits: [pattern: string, yes: string[], no: string[]][] = [
    ['', [''], ['a']],
    ['*', ['', 'a', 'a\nb'], []],
    ['t*', ['t', 'ten', 'TEN'], ['', 'at']],
    ['*t', ['t', 'at', 'tat'], ['ta']],
    ['a*c', ['ac', 'abc', 'acc'], ['ab', 'cac ']],
    ['a?c', ['abc', 'a😀c'], ['ac', 'abbc']],
    ['??', ['ab', '😀b'], ['a', '😀', 'abc']],
    ['*a*b*', ['ab', 'xaxbx', 'ba ab'], ['ba']],
    ['**?', ['a', 'abc'], ['']],
    ['ÄÖ*', ['äöü'], ['aou']],
    ['*σ', ['ΟΔΟΣ', 'οδος'], ['οδο']],
    ['a.c[x]+$', ['a.c[x]+$'], ['abcx']],
  ]
  for (const [pattern, yes, no] of fits) {
    it(JSON.stringify(pattern), () => {
      const test = globTest(glob(pattern))
      for (const text of yes) expect(test(text), text).to.equal(true)
      for (const text of no) expect(test(text), text).to.equal(false)
    })
  }

  it(`agrees with a regular expression (SEED=${seed})`, () => {
    const next = random()
    for (let run = 0; run < 20_000; run++) {
      const pattern = list(next, 6, () => pick(next, ['*', '*', '?', 'a', 'b', 'A', '😀'])).join('')
      const text = list(next, 8, () => pick(next, ['a', 'b', 'B', '😀'])).join('')
      const expected = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'isu').test(text)
      expect(globTest(glob(pattern))(text), `${pattern} on ${text}`).to.equal(expected)
    }
  })

  it('takes at most the product of the lengths, where backtracking would take for ever', () => {
    const test = globTest(glob(`${'a*'.repeat(450)}b`))
    expect(test('a'.repeat(10_000))).to.equal(false)
    expect(test(`${'a'.repeat(10_000)}b`)).to.equal(true)
  })

  it('is a frozen value with limits', () => {
    expect(glob('a*')).to.be.an.instanceOf(Glob).that.is.frozen
    expect(glob('a*')).to.not.deep.equal(glob('b*'))
    refused(() => glob('*'.repeat(1001)), '1000 characters')
    refused(() => glob('\ud800'), 'well-formed')
    expect(() => glob(/x/ as never)).to.throw(TypeError)
  })
})
