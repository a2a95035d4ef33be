import { expect } from 'chai'
import { type Live, live } from '../../../lib/live.js'
import type { Id, Query, Store } from '../../../lib/store.js'
import { equal } from '../../../lib/value.js'
import { newSeed, random } from '../../oracle/random.js'
import { mirror, quiet } from './mirror.js'
import { randomQuery, randomThing, randomWrite, type Thing } from './random.js'

export interface Checked {
  /** Where random writes go. */
  readonly store: Store<Thing, Id>
  /** What is watched, if that is another. */
  readonly watched?: Store<Thing, Id> | undefined
  readonly watch?: ((query: string) => Live<unknown>) | undefined
  /** Comes before every look. */
  readonly before?: (() => unknown) | undefined
  /** In place of a random write. */
  readonly write?: ((chance: ReturnType<typeof random>) => unknown) | undefined
}

export interface Extent {
  readonly rounds: number
  readonly writes: number
}

/** Several live queries at a time equal their queries asked anew, after each of many random writes. */
export async function checkRandomly(open: () => Checked | Promise<Checked>, { rounds, writes }: Extent): Promise<void> {
  const seed = newSeed()
  const chance = random(seed)
  for (let round = 0; round < rounds; round++) {
    const checked = await open()
    const { store, watched = store, before, write } = checked
    const { watch = query => live(watched, query) as Live<unknown> } = checked
    for (let id = 0; id < 10; id++) await store.put?.(randomThing(chance, id))
    const queries = [randomQuery(chance), randomQuery(chance), randomQuery(chance)].filter(isKept(watch))
    const kept = queries.map(query => {
      const each = watch(query)
      return { query, live: each, prompt: mirror(each), late: mirror(each) }
    })
    const about = (query: Query, done: number) => `seed ${seed}, round ${round}, write ${done}: ${query}`
    for (let done = 0; done <= writes; done++) {
      if (done > 0) await (write && chance.chance(0.3) ? write(chance) : randomWrite(store as never, chance))
      await before?.()
      await quiet()
      for (const { query, live, prompt, late } of kept) {
        const expected: unknown[] = []
        for await (const each of watched.query?.(query) ?? []) expected.push(plain(each))
        await prompt.catchUp()
        if (chance.chance(0.1) || done === writes) await late.catchUp()
        const found = prompt.objects.map(plain)
        // the library's own comparison takes a tenth of the time
        if (!equal(found, expected)) expect(found, about(query, done)).to.deep.equal(expected)
        expect(equal(live.current, prompt.objects), about(query, done)).to.equal(true)
        if (done === writes) expect(late.objects, about(query, done)).to.deep.equal(prompt.objects)
      }
    }
    for (const { live, prompt, late } of kept) {
      expect(prompt.sets).to.equal(1)
      await prompt.leave()
      await late.leave()
      expect(live.current).to.equal(undefined)
    }
    await store.close?.()
  }
}

/** Some queries that were drawn cannot be kept up to date, and say so. */
function isKept(watch: (query: string) => unknown) {
  return (query: string) => {
    try {
      watch(query)
      return true
    } catch (error) {
      expect((error as Error).name).to.equal('NotSupportedError')
      return false
    }
  }
}

/** An instance as plain data. */
const plain = (item: unknown) =>
  typeof item === 'object' && item !== null && !Array.isArray(item) && !(item instanceof Date) ? { ...item } : item
