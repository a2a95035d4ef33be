import { expect } from 'chai'
import { newSeed, type Random, random } from '../oracle/random.js'
import { linearizable } from './linearizable.js'
import { type RegisterCall, type RegisterRequest, type State, step } from './register.js'

const id = 'a'

/** Every order that agrees with time, tried. */
function somehow(left: readonly RegisterCall[], state: State): boolean {
  if (left.every(({ outcome }) => outcome === 'unknown')) return true
  const first = Math.min(...left.map(({ returned }) => returned))
  return left.some(each => {
    const after = each.called > first ? undefined : step(state, each)
    return (
      after !== undefined &&
      somehow(
        left.filter(other => other !== each),
        after,
      )
    )
  })
}

function request(chance: Random): RegisterRequest {
  const value = chance.below(3)
  const ifMatch = chance.chance(0.5) ? chance.below(3) : undefined
  return chance.pick<RegisterRequest>([
    { method: 'get', id },
    { method: 'put', id, value, ifMatch },
    { method: 'add', id, value },
    { method: 'putIfAbsent', id, value },
    { method: 'delete', id, ifMatch },
  ])
}

/** What a right store answers, and what it then holds. */
function answer(state: State, asked: RegisterRequest): [Pick<RegisterCall, 'outcome' | 'result' | 'error'>, State] {
  const answers = [
    { outcome: 'ok', result: asked.method === 'get' ? state : asked.method === 'delete' ? state !== null : id },
    { outcome: 'failed', error: 'ConstraintError' },
    { outcome: 'failed', error: 'PreconditionFailedError' },
  ] as const
  for (const each of answers) {
    const after = step(state, { request: asked, called: 0, returned: 0, ...each })
    if (after !== undefined) return [each, after]
  }
  throw new TypeError(`nothing answers ${JSON.stringify(asked)}`)
}

/** A right history: each call takes effect at a moment between its call and its return. */
function right(chance: Random, count: number): RegisterCall[] {
  let state: State = null
  return Array.from({ length: count }, (_, moment): RegisterCall => {
    const asked = request(chance)
    const [answered, after] = answer(state, asked)
    const called = moment - chance.next() * 4
    if (asked.method !== 'get' && chance.chance(0.15)) {
      if (chance.chance(0.5)) state = after
      return { request: asked, called, returned: Infinity, outcome: 'unknown' }
    }
    state = after
    return { request: asked, called, returned: moment + chance.next() * 4, ...answered }
  })
}

/** The same with one other answer. */
function changed(calls: readonly RegisterCall[], chance: Random): RegisterCall[] {
  const at = chance.below(calls.length)
  return calls.map((call, position) => {
    if (position !== at || call.outcome === 'unknown') return call
    return { ...call, ...answer(chance.pick([null, 0, 1, 2]), call.request)[0] }
  })
}

describe('linearizable', () => {
  const seed = newSeed()

  it(`judges small histories as trying every order does, SEED=${seed}`, () => {
    const chance = random(seed)
    const tally = { right: 0, wrong: 0, undecided: 0 }
    for (let run = 0; run < 4000; run++) {
      const calls = run % 2 ? right(chance, 7) : changed(right(chance, 7), chance)
      const { verdict } = linearizable(calls)
      expect(verdict, JSON.stringify(calls)).to.equal(somehow(calls, null) ? 'right' : 'wrong')
      if (run % 2) expect(verdict).to.equal('right')
      tally[verdict]++
    }
    expect(tally.wrong).to.be.greaterThan(200)
  })

  it(`finds nothing in long right histories, SEED=${seed}`, () => {
    const chance = random(seed)
    for (let run = 0; run < 100; run++) expect(linearizable(right(chance, 200))).to.deep.equal({ verdict: 'right' })
  })

  it('says so when it cannot decide', () => {
    expect(linearizable(right(random(1), 200), { steps: 50 }).verdict).to.equal('undecided')
  })

  it('looks at each object by itself', () => {
    const call = (request: RegisterRequest, called: number, result: unknown): RegisterCall => ({
      request,
      called,
      returned: called + 1,
      outcome: 'ok',
      result,
    })
    const calls = [call({ method: 'put', id: 1, value: 5 }, 0, 1), call({ method: 'get', id: 2 }, 2, null)]
    expect(linearizable(calls).verdict).to.equal('right')
    expect(linearizable([...calls, call({ method: 'get', id: '1' }, 4, null)]).verdict).to.equal('wrong')
  })
})
