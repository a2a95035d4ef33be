import { expect } from 'chai'
import { copy } from '../../lib/value.js'
import { mergePatch } from '../../models/model/patch/merge-patch.js'
import { newSeed, random } from '../oracle/random.js'
import { randomObject } from './patch/drawn.js'

describe('a JSON Merge Patch', () => {
  // RFC 7396, appendix A: the original, the patch, the result
  const cases: readonly (readonly [unknown, unknown, unknown])[] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ]
  for (const [original, patch, result] of cases) {
    it(`${JSON.stringify(original)} with ${JSON.stringify(patch)} becomes ${JSON.stringify(result)}`, () => {
      expect(mergePatch(copy(original), patch)).to.deep.equal(result)
    })
  }

  it('merges as the algorithm of the RFC does, at random', () => {
    const seed = newSeed()
    const draw = random(seed)
    const plain = (target: unknown, patch: unknown): unknown => {
      if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
      const usable = typeof target === 'object' && target !== null && !Array.isArray(target)
      const result = new Map(Object.entries(usable ? target : {}))
      for (const [name, value] of Object.entries(patch)) {
        if (value === null) result.delete(name)
        else result.set(name, plain(result.get(name), value))
      }
      return Object.fromEntries(result)
    }
    for (let round = 0; round < 400; round++) {
      const [target, patch] = [randomObject(draw, 3), randomObject(draw, 3)]
      expect(mergePatch(copy(target), patch), `SEED=${seed}`).to.deep.equal(plain(target, patch))
    }
  })
})
