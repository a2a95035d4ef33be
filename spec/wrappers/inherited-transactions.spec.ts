import { expect } from 'chai'
import type { MaybePromise, Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { directory } from '../../stores/directory.js'
import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { transactionLog } from '../../stores/transaction-log.js'
import { failing } from '../../wrappers/failing.js'
import { inherited } from '../../wrappers/inherited.js'
import { ids, refused } from '../conformance/case.js'
import { folder } from '../stores/json-file/folder.js'

function family(inner: Store) {
  const dogs = inherited(inner, { type: 'dog', extends: 'animal' }) as Required<Store>
  const animals = inherited(inner, { type: 'animal' }) as Required<Store>
  const stones = inherited(inner, { type: 'stone' }) as Required<Store>
  return { dogs, animals, stones }
}

describe('inherited: transactions over several types', () => {
  const { path } = folder()
  const kinds: Record<string, () => MaybePromise<Store>> = {
    memory: () => memory(),
    'json file': () => jsonFile({ path: path() }),
    directory: () => directory({ path: path('directory') }),
    sqlite: () => sqlite({ path: path('data.db') }),
    'sqlite without a file': () => sqlite({ path: ':memory:' }),
  }

  for (const [kind, open] of Object.entries(kinds)) {
    it(`are one transaction of the inner store: ${kind}`, async () => {
      const inner = await open()
      const { dogs, animals, stones } = family(inner)
      for (let round = 0; round < 2; round++) {
        await transaction([animals, dogs, stones], async ([animal, dog, stone]) => {
          await dog.put({ id: `rex ${round}` })
          expect(await animal.get(`rex ${round}`)).to.deep.equal({ id: `rex ${round}` })
          await refused(() => stone.add({ id: `rex ${round}` }), 'ConstraintError')
          await stone.put({ id: `flint ${round}` })
        })
      }
      await refused(
        () =>
          transaction([stones, dogs], async ([stone, dog]) => {
            await stone.delete('flint 0')
            await dog.put({ id: 'flint 0' })
            await stone.put({ id: 'flint 0' })
          }),
        'ConstraintError',
      )
      expect([await ids(animals), await ids(stones)]).to.deep.equal([
        ['rex 0', 'rex 1'],
        ['flint 0', 'flint 1'],
      ])
      await dogs.put({ id: 'ok' })
      await inner.close?.()
    })

    it(`go together with another store, by a log: ${kind}`, async () => {
      const inner = await open()
      const { dogs, stones } = family(inner)
      const people = sqlite({ path: path('people.db') }) as Required<Store>
      const log = await transactionLog({ path: path('log') })
      await transaction(
        [people, dogs, stones],
        async ([person, dog, stone]) => {
          for (const tx of [person, dog, stone]) await tx.add({ n: 1 })
        },
        { log },
      )
      const counts = [people, dogs, stones].map(each => each.count())
      expect(await Promise.all(counts)).to.deep.equal([1, 1, 1])
      await Promise.all([inner.close?.(), people.close()])
    })
  }

  for (const kind of ['memory', 'sqlite'] as const) {
    it(`two at once wait for each other, and end each for itself: ${kind}`, async () => {
      const { dogs, stones } = family((await kinds[kind]?.()) as Store)
      const add = (n: number) =>
        transaction([dogs, stones], async ([dog, stone]) => {
          await dog.put({ id: 'last', n })
          await stone.put({ id: n })
          expect(await dog.get('last')).to.deep.equal({ id: 'last', n })
          if (n % 2) throw new RangeError('odd')
        })
      await add(0)
      const ends = await Promise.allSettled([add(1), add(2), transaction(dogs, tx => tx.put({ id: 'alone' })), add(3)])
      expect(ends.map(({ status }) => status === 'fulfilled')).to.deep.equal([false, true, true, false])
      expect([await ids(dogs), await ids(stones)]).to.deep.equal([
        ['alone', 'last'],
        [0, 2],
      ])
      await dogs.close()
    })
  }

  it('with another table of the same database it is still one', async () => {
    const { dogs, stones } = family(sqlite({ path: path('data.db') }))
    const people = sqlite({ path: path('data.db'), table: 'people' }) as Required<Store>
    for (const stores of [
      [people, dogs, stones],
      [dogs, people, stones],
    ] as const) {
      await transaction(stores, async txs => {
        for (const tx of txs) await tx.put({ n: 1 })
      })
    }
    expect([await people.count(), await dogs.count(), await stones.count()]).to.deep.equal([2, 2, 2])
    await Promise.all([dogs.close(), people.close()])
  })

  it('nothing is left of one whose commit fails', async () => {
    const { dogs, stones } = family(
      failing(memory(), { when: ({ method }) => (method === 'commit' ? 'before' : undefined) }),
    )
    const both = () =>
      transaction([dogs, stones], async ([dog, stone]) => {
        await dog.put({ id: 1 })
        await stone.put({ id: 2 })
      })
    for (let round = 0; round < 2; round++) await refused(both, 'UnknownError')
    await refused(() => transaction(dogs, tx => tx.put({ id: 1 })), 'UnknownError')
    expect([await dogs.count(), await stones.count()]).to.deep.equal([0, 0])
    await stones.put({ id: 1 })
  })

  it('a write whose outcome is unknown is not tried again', async () => {
    let puts = 0
    const inner = failing(memory(), {
      when: ({ method }) => {
        if (method !== 'put') return undefined
        puts++
        return 'after'
      },
    })
    const { dogs } = family(inner)
    await refused(() => dogs.put({ id: 1 }), 'OutcomeUnknownError')
    expect(puts).to.equal(1)
    expect(await dogs.get(1)).to.deep.equal({ id: 1 })
  })
})
