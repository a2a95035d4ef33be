import { expect } from 'chai'
import { explain } from '../../lib/explain.js'
import { memory } from '../../stores/memory.js'
import { type SlowMethod, slow } from '../../wrappers/slow.js'
import { all } from '../conformance/case.js'
import { conforms, everything } from '../conformance/index.js'

conforms('slow(memory), without waiting', {
  open: () => slow(memory(), { sleep: async (_, signal) => signal?.throwIfAborted() }),
  offers: everything,
})

/** A store whose calls wait until they are let go, and the calls that wait. */
function waiting() {
  const inner = memory()
  const calls: { ms: number; go(): void }[] = []
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((go, reject) => {
      calls.push({ ms, go })
      signal?.addEventListener('abort', () => reject(signal.reason))
    })
  const asked: SlowMethod[] = []
  const delay = (method: SlowMethod) => asked.push(method)
  return { inner, calls, asked, store: slow(inner, { delay, sleep }) }
}

describe('slow', () => {
  it('waits before it does what is asked, as long as it is told', async () => {
    const { inner, calls, asked, store } = waiting()
    const object = { id: 1, list: [1] }
    const put = store.put(object)
    object.list.push(2)
    expect(inner.count()).to.equal(0)
    calls[0]?.go()
    expect(await put).to.equal(1)
    expect(inner.get(1)).to.deep.equal({ id: 1, list: [1] })

    const others = [store.get(1), store.add({}), store.count(), all(store), store.delete(2)]
    for (const { go } of calls) go()
    await Promise.all(others)
    expect(asked).to.deep.equal(['put', 'get', 'add', 'count', 'query', 'delete'])
    expect(calls.map(({ ms }) => ms)).to.deep.equal([1, 2, 3, 4, 5, 6])
  })

  it('commits at once, and tells it later', async () => {
    const { inner, calls, asked, store } = waiting()
    const begun = store.transaction()
    calls.at(-1)?.go()
    const tx = await begun
    const put = tx.put?.({ id: 1 })
    expect(asked.at(-1)).to.equal('put')
    calls.at(-1)?.go()
    await put
    expect(inner.get(1)).to.equal(undefined)
    let told = false
    const commit = Promise.resolve(tx.commit()).then(() => {
      told = true
    })
    expect(inner.get(1)).to.deep.equal({ id: 1 })
    await new Promise(resolve => setImmediate(resolve))
    expect(told).to.equal(false)
    calls.at(-1)?.go()
    await commit
    expect(asked).to.deep.equal(['transaction', 'put', 'commit'])
  })

  it('a signal ends the wait, and nothing is done', async () => {
    const inner = memory()
    const store = slow(inner, { delay: 60_000 })
    const reason = new Error('enough')
    const controller = new AbortController()
    const { signal } = controller
    const calls = [
      store.put({ id: 1 }, { signal }),
      store.get(1, { signal }),
      all(store, '', { signal }),
      store.transaction({ signal }),
    ]
    controller.abort(reason)
    for (const outcome of await Promise.allSettled(calls)) expect(outcome).to.include({ reason })
    expect(inner.count()).to.equal(0)
    const late = await Promise.allSettled([store.get(1, { signal })])
    expect(late[0]).to.include({ reason })
  })

  it('takes so many milliseconds', async () => {
    const store = slow(memory(), { delay: 20 })
    const start = performance.now()
    await store.put({ id: 1 })
    expect(performance.now() - start).to.be.greaterThan(18)
    expect(`${explain(slow(memory()))}`).to.equal('slow delay=10\n  memory readonly=false objects=0')
  })
})
