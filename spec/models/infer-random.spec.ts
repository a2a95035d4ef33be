import { expect } from 'chai'
import { infer } from '../../models/infer.js'
import { Model } from '../../models/model.js'
import { schema } from '../../models/schema.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { randomObject, randomValue } from '../oracle/values.js'
import { evaluated, holding, times } from './infer/inferring.js'
import { list } from './migrate/things.js'

const runs = process.env.GATE ? 300 : 4

describe('infer, over random data', () => {
  const seed = newSeed()
  it(`proposes nothing that its data is not, SEED=${seed}`, async () => {
    for (let run = 0; run < runs; run++) {
      const chance = random(seed + run)
      const store = holding(randomObjects(chance))
      const proposal = await infer(store)
      const { validate, plain } = schema(JSON.parse(JSON.stringify(proposal.definition)))
      for (const each of await list(store.query?.())) expect(validate(each), `SEED=${seed + run}`).to.deep.equal([])
      expect(evaluated(String(proposal)), `SEED=${seed + run}`).to.deep.equal(plain)
      const Inferred = Model(store, proposal.definition as never) as never as {
        migrate(): Promise<{ invalid: unknown[] }>
      }
      expect((await Inferred.migrate()).invalid).to.deep.equal([])
    }
  })
})

/** Alike, or not; with maps, enumerations and odd names. */
function randomObjects(chance: Random): object[] {
  const words = times(1 + chance.below(8), () => String(chance.below(1000)))
  const makers: (() => unknown)[] = times(1 + chance.below(5), () =>
    chance.pick<() => unknown>([
      () => chance.pick(words),
      () => chance.below(5),
      () => randomValue(chance),
      () => Object.fromEntries(times(chance.below(4), () => [`k${chance.below(300)}`, chance.below(3)])),
      () => Object.fromEntries(times(chance.below(4), () => [`k${chance.below(300)}`, randomObject(chance, 2)])),
      () => chance.pick(['a@b.cc', '2026-01-01', 'https://a.b']),
      () => wide(chance, () => chance.pick(['a@b.cc', 'https://a.b', 'b@a.cc'])),
      () => wide(chance, () => wide(chance, () => chance.pick([1, 'x', { a: chance.pick([1, 'y']) }]))),
      () => deep(chance, 12),
      () => times(chance.below(3), () => randomObject(chance, 2)),
    ]),
  )
  const rarely = chance.next() / 3
  return times(chance.below(80), () => ({
    ...(chance.chance(rarely) && randomObject(chance)),
    ...Object.fromEntries(makers.map((make, at) => [`p${at}`, chance.chance(rarely) ? undefined : make()])),
    id: undefined,
  })).map(({ id, ...object }) => object)
}

/** A map of many names, one of which is always there. */
function wide(chance: Random, make: () => unknown): object {
  return { common: make(), ...Object.fromEntries(times(chance.below(20), () => [`k${chance.below(3000)}`, make()])) }
}

function deep(chance: Random, levels: number): unknown {
  return levels === 0
    ? chance.pick([1, 'x'])
    : chance.chance(0.5)
      ? { a: deep(chance, levels - 1) }
      : [deep(chance, levels - 1)]
}
