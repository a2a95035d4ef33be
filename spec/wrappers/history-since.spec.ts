import { expect } from 'chai'
import type { Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { aggregate } from '../../wrappers/aggregate.js'
import { history } from '../../wrappers/history.js'
import { inherited } from '../../wrappers/inherited.js'
import { messageOf } from './held.js'

type Person = { id: number; name?: string; age?: number }

const ada = (age: number): Person => ({ id: 1, name: 'Ada', age })

const people = (max?: number) => history(memory<Person, number>(), { log: memory(), max })

describe('subscribe since', () => {
  it('is refused where no history is kept', () => {
    const plain: Store[] = [
      memory() as Store,
      sqlite({ path: ':memory:' }) as Store,
      inherited(memory(), { type: 'person' }) as Store,
      aggregate([{ store: history(memory(), { log: memory() }) as Store }]) as Store,
    ]
    for (const store of plain)
      expect(() => store.subscribe?.('', { since: 1 })).to.throw('since needs a store with a history')
  })

  it('goes on where it was left, however writes come in between', async () => {
    const store = people()
    const seen: number[] = []
    for (let round = 0, since = 0; round < 20; round++) {
      store.put(ada(round))
      const changes = store.subscribe('', { since })
      store.put(ada(-round))
      for await (const { sequence = 0 } of changes) {
        since = sequence
        seen.push(sequence)
        if (sequence % 3 === 0 || sequence === 2 * round + 2) break
        if (seen.length % 2) store.put({ id: 2, age: round })
      }
    }
    expect(seen).to.deep.equal(seen.map((_, at) => at + 1))
  })

  it('tells where a commit ends, of the past as of what comes', async () => {
    const store = people()
    const both = () =>
      transaction(store, async tx => {
        for (const id of [1, 2]) await tx.put({ id, age: store.count() })
      })
    await both()
    const changes = store.subscribe('', { since: 0 })
    await both()
    const seen: unknown[] = []
    for await (const { sequence, more } of changes) if (seen.push([sequence, more]) === 4) break
    expect(seen).to.deep.equal([
      [1, true],
      [2, undefined],
      [3, true],
      [4, undefined],
    ])
  })

  it('is an error if that has been dropped', async () => {
    const store = people(2)
    for (const age of [1, 2, 3, 4]) store.put(ada(age))
    const changes = store.subscribe('', { since: 1 })[Symbol.asyncIterator]()
    expect(await messageOf(changes.next())).to.include('before sequence 3 has been dropped')
    expect((await changes.next()).done).to.equal(true)
  })

  it('ends while it waits to read the past', async () => {
    const store = people()
    store.put(ada(1))
    const tx = await store.transaction()
    const controller = new AbortController()
    const changes = store.subscribe('', { since: 0, signal: controller.signal })[Symbol.asyncIterator]()
    const next = changes.next()
    controller.abort()
    expect((await next).done).to.equal(true)
    await tx.abort()
  })
})
