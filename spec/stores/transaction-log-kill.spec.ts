import { expect } from 'chai'
import type { Data } from '../../lib/store.js'
import { child, killed } from '../child.js'
import { newSeed, random } from '../oracle/random.js'
import { folder } from './json-file/folder.js'
import { openTogether } from './together/open.js'

const lanes = 2
const rounds = process.env.GATE ? 100 : 6

describe('transactions over several stores that last, killed', () => {
  const { path } = folder()
  const seed = newSeed()

  async function lane(at: number): Promise<void> {
    const chance = random(seed + at)
    const file = path(`lane-${at}`)
    for (let round = 0; round < rounds; round++) {
      const after = 1 + chance.below(20)
      const where = `SEED=${seed} lane ${at}, round ${round}, killed after ${after}`
      const lines = await killed(child('stores/together/writer.ts', file), { after, more: chance.next() * 4 })
      const last = Number(lines.at(-1))
      const { stores } = await openTogether(file)
      const contents: Data[][] = []
      for (const store of stores) {
        const objects: Data[] = []
        for await (const object of store.query?.() ?? []) objects.push(object as Data)
        contents.push(objects)
        await store.close?.()
      }
      for (const content of contents) expect(content, where).to.deep.equal(contents[0])
      const n = Number(contents[0]?.find(({ id }) => id === 'n')?.n)
      expect(n, where).to.be.within(last, last + 1)
    }
  }

  it(`${lanes * rounds} times: all or nothing in each store, and nothing acknowledged is lost, SEED=${seed}`, async () => {
    await Promise.all(Array.from({ length: lanes }, (_, at) => lane(at)))
  }).timeout(process.env.GATE ? 600_000 : 60_000)
})
