import { checkedClock } from '../../lib/clock.js'
import { memory } from '../../stores/memory.js'
import { cache } from '../../wrappers/cache.js'
import { expires } from '../../wrappers/expires.js'
import { history } from '../../wrappers/history.js'
import { indexed } from '../../wrappers/indexed.js'
import { replicated } from '../../wrappers/replicated.js'
import { refused } from '../refusal.js'

describe('a clock that was given', () => {
  const date = (() => new Date(0)) as never

  it('gives a finite number, or who asks it is told', async () => {
    for (const [time, said] of [
      [new Date(0), 'not an instance of Date'],
      [Number.NaN, 'not NaN'],
      [Infinity, 'not Infinity'],
      ['5', 'not a string'],
      [5n, 'not a bigint'],
      [undefined, 'not undefined'],
    ] as const) {
      await refused(
        checkedClock(() => time as number),
        'TypeError',
        said,
      )
    }
  })

  const uses: Readonly<Record<string, () => unknown>> = {
    expires: () => expires(memory(), { ttl: 1, now: date }),
    cache: () => cache(memory({ objects: [{ id: 1 }] }), { max: 1, ttl: 1, clock: date }).get(1),
    indexed: () => indexed(memory(), { after: 1, clock: date }).count('n=1'),
    history: () => history(memory(), { log: memory(), clock: date }).put({ id: 1 }),
    replicated: () => replicated(memory(), [], { log: memory(), clock: date }).put({ id: 1 }),
  }
  for (const [name, use] of Object.entries(uses)) {
    it(`is checked by ${name}`, () =>
      refused(use, 'TypeError', 'a clock gives the time in milliseconds').then(() => {}))
  }
})
