import { expect } from 'chai'
import type { Data, Store } from '../../lib/store.js'
import { jsonFile } from '../../stores/json-file.js'
import { child, killed, lastNumbers } from '../child.js'
import { newSeed, random } from '../oracle/random.js'
import { folder } from './json-file/folder.js'

const lanes = 3
const rounds = process.env.GATE ? 50 : 8

describe('jsonFile, killed', () => {
  const { path, names } = folder()
  const seed = newSeed()

  async function lane(at: number): Promise<void> {
    const chance = random(seed + at)
    const name = `${at}.json`
    for (let round = 0; round < rounds; round++) {
      const kill = 1 + chance.below(400)
      const where = `SEED=${seed} lane ${at}, round ${round}, killed after ${kill}`
      const numbers = lastNumbers(await killed(child('stores/json-file/writer.ts', path(name)), { after: kill }))
      // every other time the next writer finds things as this one left them
      const store: Store = await jsonFile({ path: path(name), readonly: round % 2 === 0 })
      const get = (id: string) => store.get?.(id) as Data | undefined
      for (const [id, number] of numbers) {
        // one more may have been under way
        expect(Number(get(id)?.n), `${where}: ${id}`).to.be.within(number, number + 1)
      }
      expect(get('one')?.n, `${where}: a transaction is whole`).to.equal(get('two')?.n)
      const went = get('went')?.n
      if (went !== undefined) expect(Number(went), where).to.be.at.least(Number(numbers.get('came') ?? 0) + 1)
      await store.close?.()
      if (round % 2) expect(names().filter(each => each.startsWith(name))).to.deep.equal([name])
    }
  }

  it(`${lanes * rounds} times: nothing acknowledged is lost, transactions are whole, SEED=${seed}`, async () => {
    await Promise.all(Array.from({ length: lanes }, (_, at) => lane(at)))
  }).timeout(300_000)
})
