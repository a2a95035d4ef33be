import { expect } from 'chai'
import { derive, hide } from '../../lib/derive.js'
import { type Live, live } from '../../lib/live.js'
import type { Id, Store } from '../../lib/store.js'
import { equal } from '../../lib/value.js'
import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { history } from '../../wrappers/history.js'
import { forwarded } from '../forwarded.js'
import { newSeed, random } from '../oracle/random.js'
import { schedule } from '../schedule/schedule.js'
import { scheduled } from '../schedule/scheduled.js'
import { states } from '../schedule/states.js'
import { folder } from '../stores/json-file/folder.js'
import { mirror } from './live/mirror.js'
import { randomWrite, type Thing } from './live/random.js'

const queries = ['', 'n>3&sort(-n)&limit(5)', 'sort(s)', 'n<5']
const rounds = process.env.GATE ? 5000 : 150
const ids: Id[] = Array.from({ length: 20 }, (_, id) => id).flatMap(id => [id, `k${id}`])

/** The same store without transactions. */
const bare = (store: Store<Thing, Id>) => derive(store, { ...forwarded, transaction: hide })

/** Whoever reads each step at once. */
function reading(query: Live<unknown>) {
  const items = query[Symbol.asyncIterator]()
  const steps: (readonly unknown[])[] = []
  return {
    steps,
    read: async () => {
      for await (const { objects } of items) steps.push(objects)
    },
    leave: async () => items.return?.(),
  }
}

describe('live, begun while others write', () => {
  const { path, clear } = folder()

  /** Every step is a state that the store was in, none before the last, in whatever order they go on. */
  async function check(watched: (store: Store<Thing, Id>) => Store<Thing, Id>): Promise<void> {
    const seed = newSeed()
    let late = 0
    for (let round = 0; round < rounds; round++) {
      const chance = random(seed + round)
      const turns = schedule(chance)
      const { noted, history } = states(memory<Thing, Id>() as Required<Store<Thing, Id>>, ids)
      const store = scheduled(noted as Store<Thing, Id>, turns)
      const query = chance.pick(queries)
      const { steps, read, leave } = reading(live(watched(store), query))

      /** The first state from this one on that has the answer. */
      function stateOf(answer: readonly unknown[], from: number): number {
        let at = from
        const found = history.fits(from, state => {
          const { put, query: ask } = memory<Thing, Id>()
          for (const object of state.values()) put(object)
          const same = equal([...ask(query)], answer)
          at += Number(!same)
          return same
        })
        return found ? at : -1
      }

      await turns.run(
        ...[5, 5].map(writes => async () => {
          for (let left = writes; left > 0; left--) await randomWrite(store as Required<typeof store>, chance)
        }),
        async () => {
          for (let left = chance.below(15); left > 0; left--) await turns.turn()
          read()
        },
      )
      await turns.run(async () => {
        while (steps.length === 0) await turns.turn()
      })
      let at = 0
      for (const step of steps) {
        at = stateOf(step, at)
        expect(at, `SEED=${seed + round}, ${query}: ${JSON.stringify(steps)}`).not.to.equal(-1)
      }
      const expected = [...(noted.query(query) as Iterable<Thing>)]
      expect(steps.at(-1), `SEED=${seed + round}, ${query}`).to.deep.equal(expected)
      late += Number(steps.length > 1)
      await leave()
    }
    expect(late).to.be.above(rounds / 20)
  }

  it('in transactions', () => check(store => store))

  it('without transactions', () => check(bare))

  it('comes to what is stored where changes are told late, as by a history', async () => {
    const seed = newSeed()
    for (let round = 0; round < rounds / 5; round++) {
      const chance = random(seed + round)
      const turns = schedule(chance)
      const [inner, log] = [memory<Thing, Id>(), memory()].map(store => scheduled(store as Store<Thing, Id>, turns))
      const store = history<Store<Thing, Id>, Store, Thing, Id>(inner as Store<Thing, Id>, { log: log as Store })
      const query = chance.pick(queries)
      const { steps, read, leave } = reading(live(store as Store<Thing, Id>, query))
      await turns.run(
        ...[4, 4].map(writes => async () => {
          for (let left = writes; left > 0; left--) await randomWrite(store as never, chance)
        }),
        async () => {
          for (let left = chance.below(30); left > 0; left--) await turns.turn()
          read()
        },
      )
      await turns.run(async () => {
        while (steps.length === 0) await turns.turn()
      })
      const expected: Thing[] = []
      await turns.run(async () => {
        for await (const each of store.query?.(query) ?? []) expected.push(each as Thing)
      })
      expect(steps.at(-1), `SEED=${seed + round}, ${query}`).to.deep.equal(expected)
      await leave()
    }
  })

  it('over stores that last', async () => {
    const seed = newSeed()
    for (const open of [
      () => jsonFile<Thing, Id>({ path: path() }),
      () => sqlite<Thing, Id>({ path: path('data.db'), table: 'things' }),
    ]) {
      for (let round = 0; round < rounds / 30; round++) {
        clear()
        const chance = random(seed + round)
        const store = (await open()) as Required<Store<Thing, Id>>
        const readers = queries.map(query => ({ query, reader: mirror(live(store, query)) }))
        const writers = [1, 2].map(async () => {
          for (let left = 10; left > 0; left--) await randomWrite(store, chance)
        })
        await Promise.all([...readers.map(({ reader }) => reader.catchUp()), ...writers])
        for (const { query, reader } of readers) {
          while (reader.steps === 0) await reader.catchUp()
          await reader.catchUp()
          const expected: Thing[] = []
          for await (const each of store.query(query)) expected.push(each)
          expect(reader.objects, `SEED=${seed + round}, ${query}`).to.deep.equal(expected)
        }
        await store.close()
      }
    }
  })
})
