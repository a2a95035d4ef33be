import { expect } from 'chai'
import { newSeed, type Random, random } from '../oracle/random.js'
import type { Outcome } from './recorder.js'
import { serializable } from './serializable.js'
import type { Lists, Step, Transacted } from './transacted.js'

const ids = ['x', 'y']
const append = (id: string, element: number): Step => ({ append: id, element })
const read = (id: string, ...list: number[]): Step => ({ read: id, list })
const steps = (outcome: Outcome, called: number, returned: number, ...request: Step[]): Transacted => ({
  request,
  called,
  returned: outcome === 'unknown' ? Infinity : returned,
  outcome,
})
const names = (history: Transacted[], final: Record<string, number[]>) =>
  serializable(history, new Map(Object.entries(final))).map(({ name }) => name)

/** Every order that agrees with time, tried: is there one in which all fits? */
function somehow(left: readonly Transacted[], lists: Lists, final: Lists): boolean {
  if (left.length === 0) return ids.every(id => `${lists.get(id) ?? []}` === `${final.get(id) ?? []}`)
  const first = Math.min(...left.map(({ returned }) => returned))
  return left.some(each => {
    if (each.called > first) return false
    const others = left.filter(other => other !== each)
    const after = new Map(lists)
    const fits = each.request.every(step => {
      if ('read' in step) return `${after.get(step.read) ?? []}` === `${step.list}`
      return after.set(step.append, [...(after.get(step.append) ?? []), step.element])
    })
    const took = fits && each.outcome !== 'failed' && somehow(others, after, final)
    return took || (fits && each.outcome !== 'ok' && somehow(others, lists, final))
  })
}

/** A right history: transactions take effect one by one, at a moment between their call and their return. */
function serial(chance: Random, count: number): { history: Transacted[]; final: Map<string, number[]> } {
  const final = new Map<string, number[]>()
  let elements = 0
  const history = Array.from({ length: count }, (_, moment) => {
    const outcome = chance.pick(['ok', 'ok', 'ok', 'failed', 'unknown'] as const)
    const after = new Map([...final].map(([id, list]) => [id, [...list]]))
    const request = Array.from({ length: 1 + chance.below(3) }, () => {
      const id = chance.pick(ids)
      if (chance.chance(0.5)) return read(id, ...(after.get(id) ?? []))
      after.set(id, [...(after.get(id) ?? []), elements])
      return append(id, elements++)
    })
    if (outcome === 'ok' || (outcome === 'unknown' && chance.chance(0.5))) {
      for (const [id, list] of after) final.set(id, list)
    }
    return steps(outcome, moment - chance.next() * 3, moment + chance.next() * 3, ...request)
  })
  return { history, final }
}

/** Another history, that differs in what one read gave or in what is there in the end. */
function changed({ history, final }: ReturnType<typeof serial>, chance: Random): ReturnType<typeof serial> {
  const other = (list: readonly number[]) => {
    const kind = chance.below(3)
    if (kind === 0) return list.slice(0, -1)
    return kind === 1 ? [...list, chance.below(6)] : [...list].reverse()
  }
  if (chance.chance(0.3)) return { history, final: new Map([...final].map(([id, list]) => [id, other(list)])) }
  const at = chance.below(history.length)
  const differently = history.map((each, position) => ({
    ...each,
    request: each.request.map(step => ('read' in step && position === at ? { ...step, list: other(step.list) } : step)),
  }))
  return { history: differently, final }
}

describe('serializable', () => {
  it('knows the anomalies by their names', () => {
    const first = steps('ok', 0, 1, append('x', 1))
    expect(names([first, steps('ok', 2, 3, read('x', 1))], { x: [1] })).to.deep.equal([])
    expect(names([first, steps('ok', 2, 3, read('x'))], { x: [1] })).to.deep.equal(['G-single-time'])
    expect(names([first], {})).to.deep.equal(['lost'])
    expect(names([first], { x: [1, 1] })).to.deep.equal(['duplicate'])
    expect(names([first], { x: [1, 2] })).to.deep.equal(['garbage'])
    expect(names([first, steps('ok', 2, 3, append('x', 2), read('x', 1))], { x: [1, 2] })).to.deep.equal(['internal'])
    expect(names([first, steps('ok', 2, 3, read('x', 1), read('x'))], { x: [1] })).to.deep.equal(['internal'])
    const failed = steps('failed', 0, 9, append('x', 1))
    expect(names([failed, steps('ok', 1, 3, read('x', 1))], {})).to.deep.equal(['G1a'])
    expect(names([failed], { x: [1] })).to.deep.equal(['G1a'])
    const two = steps('ok', 0, 9, append('x', 1), append('x', 2))
    expect(names([two, steps('ok', 1, 3, read('x', 1))], { x: [1, 2] })).to.deep.equal(['G1b'])
    const lost = [1, 2].map(element => steps('ok', 0, 9, read('x'), append('x', element)))
    expect(names(lost, { x: [1, 2] })).to.deep.equal(['G-single'])
    expect(names(lost, { x: [2] })).to.deep.equal(['lost'])
  })

  it('finds dirty writes, circular information flow and write skew', () => {
    const both = (one: number, other: number) => steps('ok', 0, 9, append('x', one), append('y', other))
    expect(names([both(1, 2), both(3, 4)], { x: [1, 3], y: [4, 2] })).to.deep.equal(['G0'])
    const flow = [steps('ok', 0, 9, append('x', 1), read('y', 2)), steps('ok', 0, 9, append('y', 2), read('x', 1))]
    expect(names(flow, { x: [1], y: [2] })).to.deep.equal(['G1c'])
    const skew = [steps('ok', 0, 9, read('x'), append('y', 1)), steps('ok', 0, 9, read('y'), append('x', 2))]
    expect(names(skew, { x: [2], y: [1] })).to.deep.equal(['G2'])
  })

  it('of an unknown outcome, believes either, but not half of it', () => {
    const unknown = steps('unknown', 0, 1, append('x', 1), append('y', 2))
    expect(names([unknown], {})).to.deep.equal([])
    expect(
      names([unknown, steps('ok', 5, 6, read('x')), steps('ok', 7, 8, read('x', 1))], { x: [1], y: [2] }),
    ).to.deep.equal([])
    expect(names([unknown], { x: [1] })).to.deep.equal(['lost'])
  })

  const seed = newSeed()
  it(`judges small histories as trying every order does, SEED=${seed}`, () => {
    const chance = random(seed)
    const tally = { right: 0, wrong: 0 }
    for (let run = 0; run < 4000; run++) {
      const right = serial(chance, 5)
      const { history, final } = run % 2 ? right : changed(right, chance)
      const verdict = somehow(history, new Map(), final)
      expect(serializable(history, final).length === 0, JSON.stringify([history, [...final]])).to.equal(verdict)
      if (run % 2) expect(verdict).to.equal(true)
      tally[verdict ? 'right' : 'wrong']++
    }
    expect(tally.wrong).to.be.greaterThan(500)
  })

  it(`finds nothing in long right histories, SEED=${seed}`, () => {
    const chance = random(seed)
    for (let run = 0; run < 100; run++) {
      const { history, final } = serial(chance, 200)
      expect(serializable(history, final)).to.deep.equal([])
    }
  })
})
