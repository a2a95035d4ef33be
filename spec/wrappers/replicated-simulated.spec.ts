import { expect } from 'chai'
import { replicated } from '../../wrappers/replicated.js'
import { newSeed } from '../oracle/random.js'
import { broken, mistakes, removeBroken } from './replicated/broken.js'
import { type Outcome, simulate } from './replicated/simulator.js'

const seed = newSeed()
const worlds = Number(process.env.WORLDS) || (process.env.GATE ? 100_000 : 1000)
/** One world in forty is long, before a release one in ten: many short ones find more in the same time. */
const operationsOf = (seed: number) => (seed % (process.env.GATE ? 10 : 40) === 0 ? 200 : 20)

describe('replicated, simulated', () => {
  after(removeBroken)

  it(`${worlds} worlds agree in the end and have lost nothing, from SEED=${seed}`, async function () {
    this.timeout(worlds * 100)
    const sum: Outcome = { acknowledged: 0, conflicts: 0, crashes: 0, lost: 0 }
    for (let each = seed; each < seed + worlds; each++) {
      const outcome = await simulate(each, replicated, { operations: operationsOf(each) }).catch(error => {
        throw new Error(`SEED=${each} WORLDS=1: ${error.message}`, { cause: error })
      })
      for (const what of Object.keys(sum) as (keyof Outcome)[])
        Object.assign(sum, { [what]: sum[what] + outcome[what] })
    }
    if (worlds > 1) for (const [what, count] of Object.entries(sum)) expect(count, what).to.be.greaterThan(worlds / 4)
  })

  it('the same seed gives the same world', async () => {
    expect(await simulate(seed, replicated)).to.deep.equal(await simulate(seed, replicated))
  })

  for (const mistake of mistakes) {
    it(`finds the mistake: ${mistake.name}`, async () => {
      const wrong = await broken(mistake)
      let found = ''
      for (let each = 1; each <= 100 && !found; each++) {
        await simulate(each, wrong, { operations: operationsOf(each) }).catch(error => {
          found = error.message
        })
      }
      expect(found).not.to.equal('')
    })
  }
})
