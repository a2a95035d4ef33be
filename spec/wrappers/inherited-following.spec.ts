import { expect } from 'chai'
import type { Change, Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { inherited } from '../../wrappers/inherited.js'
import { refused, take } from '../conformance/case.js'
import { zoo } from './inherited/zoo.js'

describe('inherited: following', () => {
  const follow = (store: Store, query?: string): AsyncIterator<Change> =>
    (store.subscribe as NonNullable<typeof store.subscribe>)(query)[Symbol.asyncIterator]()

  it('gives the changes of the family', async () => {
    const { pike, frog, walker, animal, stone } = zoo()
    const changes = follow(walker)
    for (const [id, store] of [pike, frog, walker, animal, stone, frog].entries()) await store.put?.({ id })
    expect((await take(changes, 3)).map(({ id }) => id)).to.deep.equal([1, 2, 5])
  })

  it('an object that becomes one of another type goes here and comes there', async () => {
    const { pike, walker, animal } = zoo()
    await pike.put?.({ id: 1, n: 1 })
    const [here, there, both, none] = [follow(pike), follow(walker), follow(animal), follow(walker, 'n=1')]
    await transaction([pike, walker], async ([from, to]) => {
      await refused(() => to.put?.({ id: 1, n: 2 }), 'ConstraintError')
      await from.delete?.(1)
      await to.put?.({ id: 1, n: 2 })
    })
    const [object, previous] = [
      { id: 1, n: 2 },
      { id: 1, n: 1 },
    ]
    expect(await take(here, 1)).to.deep.equal([{ type: 'delete', id: 1, previous }])
    expect(await take(there, 1)).to.deep.equal([{ type: 'put', id: 1, object }])
    expect(await take(both, 1)).to.deep.equal([{ type: 'put', id: 1, object, previous }])
    await walker.put?.({ id: 3, n: 1 })
    expect((await take(none, 1)).map(({ id }) => id)).to.deep.equal([3])
  })

  it('keeps the order for who asks for several at once', async () => {
    const given = ['stone', 'frog', 'frog', 'stone', 'frog'].map(($type, id) => ({ id, $type }))
    const next = async () => ({
      value: { type: 'put', id: given[0]?.id, object: given.shift() } as Change,
      done: false,
    })
    const frog = inherited({ subscribe: () => ({ [Symbol.asyncIterator]: () => ({ next }) }) }, { type: 'frog' })
    const changes = follow(frog)
    const asked = await Promise.all([changes.next(), changes.next(), changes.next()])
    expect(asked.map(({ value }) => value.id)).to.deep.equal([1, 2, 4])
  })

  it('ends for who waits', async () => {
    const changes = follow(zoo().frog)
    const waiting = changes.next()
    await changes.return?.()
    expect((await waiting).done).to.equal(true)
  })
})
