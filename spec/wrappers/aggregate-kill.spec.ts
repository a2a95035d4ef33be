import { expect } from 'chai'
import type { Data } from '../../lib/store.js'
import { child, killed } from '../child.js'
import { newSeed, random } from '../oracle/random.js'
import { folder } from '../stores/json-file/folder.js'
import { openAggregate } from './aggregate/open.js'

const rounds = process.env.GATE ? 100 : 1

describe('an aggregate of stores that last, killed', () => {
  const { path } = folder()
  const seed = newSeed()

  it(`${rounds} times: each write whole or not at all, none that was acknowledged lost, SEED=${seed}`, async () => {
    const chance = random(seed)
    const file = path('parts')
    for (let round = 0; round < rounds; round++) {
      const kill = { after: 1 + chance.below(20), more: chance.next() * 4 }
      const last = Number((await killed(child('wrappers/aggregate/writer.ts', file), kill)).at(-1))
      const store = await openAggregate(file)
      const { a, b, c, text } = (await store.get('n')) as Data
      expect([b, c, (text as string).length], `round ${round}`).to.deep.equal([a, a, (a as number) % 100])
      expect(a, `round ${round}`).to.be.within(last, last + 1)
      await store.close()
    }
  }).timeout(process.env.GATE ? 600_000 : 60_000)
})
