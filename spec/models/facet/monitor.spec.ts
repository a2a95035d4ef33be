/** A facet does what its rules say and no more, whatever is called in whatever order; and nothing hidden comes out. */
import { expect } from 'chai'
import { newSeed, random } from '../../oracle/random.js'
import { callsOn } from './attack-calls.js'
import { configurations, worldOf } from './attack-configurations.js'
import { canary, textOf, withoutPlaces } from './attack-world.js'
import { ran } from './hostile.js'
import { violation } from './monitor.js'

/** Sequences of calls on each configuration; so many on the same people. */
const runs = process.env.GATE ? 100_000 : 360
const together = 60

async function inTime<T>(work: Promise<T>, about: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${about}: still waiting`)), 5000)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** His own function runs in an update; what it gives is waited for, longer than the sequence lasts. */
const isWaiting = (by: string, given: readonly unknown[]) => by === 'then' || given[2] === 'then'

describe('a reference monitor sees nothing but what is granted', () => {
  withoutPlaces()
  for (const configuration of configurations) {
    it(`${configuration.name}: ${runs} sequences`, async function () {
      this.timeout(process.env.GATE ? 3_600_000 : 20_000)
      const seed = newSeed()
      ran.splice(0)
      for (let first = 0; first < runs; first += together) {
        const { facet, granted, spy } = await worldOf(configuration)
        for (let run = first; run < first + together; run++) {
          const about = `SEED=${seed} (run ${run - first} after ${first})`
          const { got, called } = await inTime(callsOn(facet, random(seed + run), 1 + (run % 3)), about)
          const problems = spy.effects.splice(0).map(effect => violation(granted, effect, called))
          expect(problems.filter(Boolean), `${about}: ${[...called]}`).to.deep.equal([])
          const hostile = ran.splice(0).filter(({ by, given }) => by !== 'a function of his' && !isWaiting(by, given))
          expect(
            hostile.map(({ by, stack }) => `${by} ${stack}`),
            about,
          ).to.deep.equal([])
          const text = textOf(got).replaceAll(/CANARY-A-(?:ssn1|owner)\b/g, '')
          const at = text.indexOf(canary)
          expect(at, `${about}: ${[...called]}: ${text.slice(Math.max(0, at - 300), at + 100)}`).to.equal(-1)
        }
      }
    })
  }
})
