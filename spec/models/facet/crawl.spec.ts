/** Whatever a holder reaches from what he has, by any way that the language knows, is the language's, frozen, or a copy of data. */
import { expect } from 'chai'
import { random } from '../../oracle/random.js'
import { callsOn } from './attack-calls.js'
import { configurations, worldOf } from './attack-configurations.js'
import { withoutPlaces } from './attack-world.js'
import { reached } from './reached.js'

const calls = process.env.GATE ? 2000 : 60

/** What may be changed only by who has it, or by nobody. */
function isHarmless(value: object): boolean {
  if (Object.isFrozen(value)) return true
  if (typeof value === 'function') return false
  if (Array.isArray(value) || value instanceof Date || value instanceof Uint8Array || value instanceof Error)
    return true
  if (value instanceof Promise) return Reflect.ownKeys(value).length === 0
  const prototype = Object.getPrototypeOf(value)
  // data, and objects with the methods of a facet
  return prototype === Object.prototype || prototype === null || Object.isFrozen(prototype)
}

describe('a crawler', () => {
  withoutPlaces()
  for (const configuration of configurations) {
    it(`reaches nothing that is not the holder's: ${configuration.name}`, async () => {
      const { facet, secrets } = await worldOf(configuration)
      const { facet: other } = await worldOf(configuration)
      const { got } = await callsOn(facet, random(7), calls)
      const { got: theirs } = await callsOn(other, random(8), 20)
      const given: unknown[] = [facet, ...got]
      for (const name of Object.keys(facet)) {
        const made =
          name === 'query' || name === 'subscribe'
            ? facet[name]()
            : facet[name]('m1', (each: object) => void given.push(each))
        given.push(made)
        if (typeof made?.then === 'function') {
          given.push(
            await made.then(
              (each: unknown) => each,
              (error: unknown) => error,
            ),
          )
        } else {
          const iterator = made[Symbol.asyncIterator]?.()
          given.push(iterator, iterator?.next(), iterator?.return())
        }
      }
      const { values, ways } = reached(given)
      for (const secret of secrets) expect(values.has(secret), ways.get(secret)).to.equal(false)
      const bad = [...values].filter(value => !isHarmless(value)).map(value => ways.get(value))
      expect(bad.slice(0, 5)).to.deep.equal([])
      // nothing is shared by two facets of two models that could be changed
      const { values: others } = reached([other, ...theirs])
      const shared = [...values].filter(value => others.has(value) && !Object.isFrozen(value))
      expect(shared.map(value => ways.get(value)).slice(0, 5)).to.deep.equal([])
    })
  }
})
