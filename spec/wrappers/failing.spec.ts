import { expect } from 'chai'
import { explain } from '../../lib/explain.js'
import type { Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { type Call, type Fate, failing } from '../../wrappers/failing.js'
import { all, refused, take } from '../conformance/case.js'
import { conforms, everything } from '../conformance/index.js'

conforms('failing(memory), failing nothing', {
  open: () => failing(memory(), { when: () => undefined }),
  offers: everything,
})

/** A store in which the next call to one method has a fate. */
function fated(method: Call['method'], fate: Fate, inner: Store = memory({ objects: [{ id: 0 }] })) {
  let armed = false
  const store = failing(inner, {
    when: call => (armed && call.method === method ? fate : undefined),
  }) as Required<Store>
  return {
    inner: inner as Required<Store>,
    store,
    arm: () => {
      armed = true
    },
    disarm: () => {
      armed = false
    },
  }
}

const writes = [
  ['put', (store: Pick<Store, 'put'>) => store.put?.({ id: 1 })],
  ['add', (store: Pick<Store, 'add'>) => store.add?.({ id: 1 })],
  ['delete', (store: Pick<Store, 'delete'>) => store.delete?.(0)],
] as const

describe('failing', () => {
  for (const [method, write] of writes) {
    it(`${method}: before it has an effect, by an error of its own or a given one, or after it`, async () => {
      for (const open of [() => memory({ objects: [{ id: 0 }] }), () => sqlite({ path: ':memory:' })]) {
        const given = Object.assign(new Error('given'), { name: 'DataError' })
        for (const [fate, name] of [
          ['before', 'UnknownError'],
          [given, 'DataError'],
          ['after', 'OutcomeUnknownError'],
        ] as const) {
          const { inner, store, arm } = fated(method, fate, open() as Store)
          await inner.put({ id: 0 })
          const before = await all(inner)
          arm()
          const error = await refused(() => write(store), name)
          if (fate === given) expect(error).to.equal(given)
          const after = await all(inner)
          if (fate === 'after') expect(after).not.to.deep.equal(before)
          else expect(after).to.deep.equal(before)
          await store.close()
        }
      }
    })

    it(`${method}: in a transaction, and at its commit`, async () => {
      for (const [fails, fate, name, done] of [
        [method, 'before', 'UnknownError', false],
        [method, 'after', 'OutcomeUnknownError', true],
        ['commit', 'before', 'UnknownError', false],
        ['commit', 'after', 'OutcomeUnknownError', true],
      ] as const) {
        const { inner, store, arm, disarm } = fated(fails, fate)
        const before = await all(inner)
        const tx = await store.transaction()
        if (fails === method) arm()
        if (fails === method) await refused(() => write(tx), name)
        else await write(tx)
        if (fails === 'commit') arm()
        if (fails === 'commit') await refused(() => tx.commit(), name)
        else await tx.commit()
        disarm()
        await tx.abort()
        expect(JSON.stringify(await all(inner)) !== JSON.stringify(before)).to.equal(done)
        await inner.put({ id: 9 })
      }
    })
  }

  it('a read fails, a query before or after its results', async () => {
    for (const fate of ['before', 'after'] as const) {
      const reads: Partial<Record<Call['method'], (store: Store) => unknown>> = {
        get: store => store.get?.(0),
        count: store => store.count?.(),
        query: store => all(store),
      }
      for (const [method, read] of Object.entries(reads)) {
        const { store, arm } = fated(method as Call['method'], fate)
        arm()
        await refused(() => read(store), 'UnknownError')
      }
    }
    const given: unknown[] = []
    const { store, arm } = fated('query', 'after')
    arm()
    await refused(async () => {
      for await (const each of store.query()) given.push(each)
    }, 'UnknownError')
    expect(given).to.deep.equal([{ id: 0 }])
  })

  it('a transaction that failed to begin is not left open', async () => {
    for (const fate of ['before', 'after'] as const) {
      const { inner, store, arm } = fated('transaction', fate)
      arm()
      await refused(() => store.transaction(), 'UnknownError')
      await inner.put({ id: 1 })
    }
  })

  it('what is followed goes on until it fails', async () => {
    const { store, inner, arm } = fated('subscribe', 'after')
    arm()
    const changes = store.subscribe()[Symbol.asyncIterator]()
    await inner.put({ id: 1 })
    await take(changes, 1)
    const end = refused(() => changes.next(), 'UnknownError')
    await inner.close()
    await end
  })

  it('is told of each call by its number, and of its transaction', async () => {
    const calls: Call[] = []
    const store = failing(memory(), { when: call => void calls.push(call) })
    store.put({ id: 1 })
    const tx = await store.transaction()
    await tx.get?.(1)
    await tx.commit()
    store.query()
    expect(calls).to.deep.equal([
      { number: 1, method: 'put', transaction: undefined },
      { number: 2, method: 'transaction', transaction: undefined },
      { number: 3, method: 'get', transaction: 2 },
      { number: 4, method: 'commit', transaction: 2 },
      { number: 5, method: 'query', transaction: undefined },
    ])
    expect(`${explain(store)}`).to.equal('failing calls=5 failed=0\n  memory readonly=false objects=1')
    expect(() => failing(memory(), {} as never)).to.throw(TypeError)
  })
})
