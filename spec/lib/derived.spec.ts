import { expect } from 'chai'
import { unsettled } from '../../lib/derived/unsettled.js'
import { StoreError } from '../../lib/errors.js'
import { sorted } from '../../lib/sorted.js'
import type { Id, MaybePromise } from '../../lib/store.js'
import { newSeed, random } from '../oracle/random.js'

describe('a sorted list', () => {
  const seed = newSeed()

  it(`is an array in order, SEED=${seed}`, () => {
    const chance = random(seed)
    for (const most of [10, 3000]) {
      const list = sorted<number>((a, b) => a - b)
      const items = new Set<number>()
      for (let step = 0; step < 6 * most; step++) {
        const item = chance.below(2 * most)
        if (items.delete(item)) list.delete(item)
        else list.add([...items.add(item)].at(-1) as number)
        if (step % most !== 0) continue
        const bound = chance.below(2 * most)
        const inOrder = [...items].sort((a, b) => a - b)
        expect(list.size).to.equal(items.size)
        expect([...list.from(each => each >= bound)]).to.deep.equal(inOrder.filter(each => each >= bound))
        const [start, end] = [list.seek(each => each >= bound), list.seek(each => each >= 2 * bound)]
        expect(list.slice(start, end)).to.deep.equal(inOrder.filter(each => each >= bound && each < 2 * bound))
        expect([...list.before(each => each >= bound)]).to.deep.equal(inOrder.filter(each => each < bound).toReversed())
      }
      for (const item of items) list.delete(item)
      expect([...list.from(() => true)]).to.deep.equal([])
      expect([...list.before(() => false)]).to.deep.equal([])
    }
  })
})

describe('what an index does not know for certain', () => {
  function open(read: (key: Id) => MaybePromise<string | undefined>) {
    const held = new Map<Id, string | undefined>()
    const writes = unsettled<string>(read, (key, text) => void held.set(key, text))
    return { held, writes }
  }

  it('is what somebody is writing, until that is over', () => {
    const { held, writes } = open(() => 'stored')
    writes.begin('a')
    writes.settleNow()
    expect([...writes.keys()]).to.deep.equal(['a'])
    writes.written('a', 'one')
    expect([...writes.keys(), ...held]).to.deep.equal([['a', 'one']])
    const { version } = writes
    writes.wrote('b', 'two')
    expect(writes.version).to.be.greaterThan(version)
    expect(held.get('b')).to.equal('two')
  })

  it('is asked of the store if two have written at once, or nobody knows', () => {
    const { held, writes } = open(() => 'stored')
    writes.begin('a')
    writes.begin('a')
    writes.written('a', 'one')
    writes.written('a', 'two')
    writes.begin('b')
    writes.unknown('b')
    writes.begin('c')
    writes.wrote('c', 'one')
    writes.written('c', 'two')
    writes.touch('d')
    expect(held.size).to.equal(0)
    writes.settleNow()
    expect([...writes.keys()]).to.deep.equal([])
    expect([...held]).to.deep.equal(['a', 'b', 'c', 'd'].map(key => [key, 'stored']))
  })

  it('is asked again if a write came in between', async () => {
    const answers: ((text: string) => void)[] = []
    const { held, writes } = open(() => new Promise(resolve => answers.push(resolve)))
    writes.touch('a')
    writes.settleNow()
    writes.begin('a')
    writes.unknown('a')
    answers[0]?.('old')
    await new Promise(setImmediate)
    expect([...writes.keys(), ...held]).to.deep.equal(['a'])
    writes.settleNow()
    answers[1]?.('new')
    await new Promise(setImmediate)
    expect([...writes.keys(), ...held]).to.deep.equal([['a', 'new']])
  })

  it('stays so where the store does not answer, without asking a closed one for more', async () => {
    for (const [name, calls] of [
      ['CorruptError', 3],
      ['InvalidStateError', 1],
    ] as const) {
      let asked = 0
      const { writes } = open(() => {
        asked++
        throw new StoreError(name, 'no')
      })
      for (const key of ['a', 'b', 'c']) writes.touch(key)
      await writes.settle()
      expect([...writes.keys()]).to.deep.equal(['a', 'b', 'c'])
      expect(asked).to.equal(calls)
    }
  })

  it('is looked at soon, though nobody asks', async () => {
    const looked = new Promise<Id>(resolve => {
      const { writes } = open(key => {
        resolve(key)
        return undefined
      })
      writes.touch('a')
    })
    const timer = setTimeout(() => {}, 10_000)
    expect(await looked).to.equal('a')
    clearTimeout(timer)
  })
})
