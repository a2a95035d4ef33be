/** Two worlds that differ in what is hidden, and in nothing else, cannot be told apart by their holders. */
import { expect } from 'chai'
import { newSeed, random } from '../../oracle/random.js'
import { callsOn } from './attack-calls.js'
import { configurations, worldOf } from './attack-configurations.js'
import { textOf, withoutPlaces } from './attack-world.js'

const runs = process.env.GATE ? 2000 : 10
/** Of these the function that looks at each object takes turns by their number, or they tell what they were opened to tell. */
const telling = ['a slot that is written blindly', 'a drop box']

describe('two worlds that differ in what is hidden', () => {
  withoutPlaces()
  for (const configuration of configurations.filter(({ name }) => !telling.includes(name))) {
    it(`look the same: ${configuration.name}`, async function () {
      this.timeout(process.env.GATE ? 3_600_000 : 20_000)
      const seed = newSeed()
      for (let run = 0; run < runs; run++) {
        const [one, other] = await Promise.all(
          ['A', 'B'].map(async variant => {
            const { facet } = await worldOf(configuration, variant)
            const { got } = await callsOn(facet, random(seed + run), 6)
            return textOf(got).replaceAll(/\n\s+at .*/g, '')
          }),
        )
        expect(one, `SEED=${seed} run ${run}`).to.equal(other)
      }
    })
  }
})
