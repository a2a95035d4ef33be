import { expect } from 'chai'
import { memory } from '../../stores/memory.js'
import { newSeed, random } from '../oracle/random.js'
import { broken } from './broken.js'
import { shapes, workloads } from './histories.js'
import type { Shape } from './workload.js'

/** So many rounds, of one history of each kind, are enough to find any of the faults. */
const enough = 40
const times = process.env.GATE ? 100 : 3

/** How many rounds it takes to find out that something is wrong. */
async function roundsUntilFound(fault: (inner: never) => object, seed: number): Promise<number> {
  for (let round = 1; round <= enough; round++) {
    for (const workload of Object.values(workloads)) {
      const shape = shapes[(seed + round) % shapes.length] as Shape
      const { verdict } = await workload(fault(memory() as never), shape, random(seed + round))
      if (verdict === 'wrong') return round
    }
  }
  return Infinity
}

describe('histories, of stores that are broken', () => {
  const seed = newSeed()
  for (const [title, fault] of Object.entries(broken)) {
    it(`${title}: is found out, SEED=${seed}`, async () => {
      const rounds: number[] = []
      for (let time = 0; time < times; time++) rounds.push(await roundsUntilFound(fault, seed + time * enough))
      expect(Math.max(...rounds), `${rounds}`).to.be.at.most(enough)
      if (process.env.VERBOSE) console.log(title, rounds.join())
    }).timeout(20_000 + times * 2000)
  }
})
