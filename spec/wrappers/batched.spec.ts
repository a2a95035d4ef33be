import { expect } from 'chai'
import { derive, forward } from '../../lib/derive.js'
import { explain } from '../../lib/explain.js'
import type { Id, Query, Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { batched } from '../../wrappers/batched.js'
import { failing } from '../../wrappers/failing.js'
import { slow } from '../../wrappers/slow.js'
import { refused } from '../conformance/case.js'
import { conforms, everything } from '../conformance/index.js'
import { histories } from '../histories/histories.js'
import { oracle } from '../oracle/index.js'
import { folder } from '../stores/json-file/folder.js'
import { messageOf } from './held.js'

conforms('batched over memory', {
  open: () => batched(memory()),
  offers: everything,
  ways: ['directly', 'inside'],
})
conforms('batched over sqlite', {
  open: () => batched(sqlite({ path: ':memory:' })),
  offers: everything,
  ways: ['directly', 'inside'],
})
oracle('batched', () => batched(memory()), { runs: 2 })
describe('on a disk', () => {
  const { path, clear } = folder()
  const open = () => batched(sqlite({ path: path('data.db') }), { max: 3 })
  oracle('batched over sqlite', open, { runs: 2, operations: 100, clean: clear })
})
const sleep = () => new Promise<void>(resolve => setImmediate(resolve))
histories('batched over one that answers later', {
  open: () => batched(slow(memory(), { sleep }), { max: 2 }),
  count: 3,
  gate: 100,
})

/** A store that tells in which order it is asked. */
function observed(inner: Required<Store> = memory()) {
  const asked: unknown[] = []
  const note = <A extends unknown[], R>(name: string, call: (...args: A) => R) => {
    return (...args: A): R => {
      asked.push(name)
      return call(...args)
    }
  }
  const store = derive<Record<string, unknown>, Id>(inner, {
    get: note('get', inner.get),
    put: note('put', inner.put),
    add: forward,
    delete: forward,
    query: note('query', (query?: Query, options?: object) => inner.query(query, options)),
    count: forward,
    subscribe: forward,
    transaction: forward,
    setSchema: forward,
    close: forward,
  }) as Required<Store<Record<string, unknown>, Id>>
  return { asked, store }
}

describe('batched', () => {
  it('1,000 gets at once are one query to a store that is slow', async () => {
    const objects = Array.from({ length: 1000 }, (_, id) => ({ id, n: id }))
    const { asked, store: inner } = observed(slow(memory({ objects }), { delay: 5 }) as Required<Store>)
    const store = batched(inner, { max: 1000 })
    const found = await Promise.all(objects.map(({ id }) => store.get(id)))
    expect(found).to.deep.equal(objects)
    expect(asked).to.deep.equal(['query'])
    expect(String(explain(store))).to.match(/^batched max=1000 gets=0 queries=1\n/)
  })

  it('asks in chunks, for each id once, and a single one by get', async () => {
    const { asked, store: inner } = observed()
    const store = batched(inner, { max: 2 })
    for (let id = 0; id < 5; id++) await inner.put({ id })
    asked.length = 0
    await Promise.all([0, 1, 2, 3, 4, 4, 0].map(id => store.get(id)))
    expect(asked).to.deep.equal(['query', 'query', 'get'])
  })

  it('gives everybody his own copy, and nothing where there is nothing', async () => {
    const store = batched(memory({ objects: [{ id: 1, list: [1] }] }))
    const [one, two, none] = await Promise.all([store.get(1), store.get('1'), store.get(2)])
    ;(one as { list: number[] }).list.push(2)
    expect([two, none]).to.deep.equal([{ id: 1, list: [1] }, undefined])
  })

  it('finds an object by its id as number and as text, however it is stored', async () => {
    for (const stored of [7, '7']) {
      for (const inner of [memory(), sqlite({ path: ':memory:' })]) {
        const store = batched(inner as Required<Store>)
        await store.put({ id: stored })
        await store.put({ id: '07' })
        const found = await Promise.all([store.get(7), store.get('7'), store.get('07'), store.get('x')])
        expect(found).to.deep.equal([{ id: stored }, { id: stored }, { id: '07' }, undefined])
      }
    }
  })

  it('joins those who ask when they are called back in the same turn', async () => {
    const { asked, store: inner } = observed()
    const store = batched(inner)
    const later = async (id: number) => {
      await null
      await null
      return store.get(id)
    }
    await Promise.all([store.get(1), later(2), later(3)])
    expect(asked).to.deep.equal(['query'])
  })

  it('asks before a write what was asked for before it, and the rest after it', async () => {
    for (const delay of [undefined, 1]) {
      const kept = memory({
        objects: [
          { id: 1, n: 1 },
          { id: 2, n: 2 },
        ],
      })
      const { asked, store: inner } = observed(delay ? (slow(kept, { delay }) as Required<Store>) : kept)
      const store = batched(inner)
      const before = [store.get(1), store.get(2)]
      const put = store.put({ id: 1, n: 10 })
      const after = [store.get(1), store.get(2)]
      await put
      expect(await Promise.all(before)).to.deep.equal([
        { id: 1, n: 1 },
        { id: 2, n: 2 },
      ])
      expect(await Promise.all(after)).to.deep.equal([
        { id: 1, n: 10 },
        { id: 2, n: 2 },
      ])
      expect(asked).to.deep.equal(['query', 'put', 'query'])
    }
  })

  it('tells everybody of an error, and him of his own', async () => {
    const broken = failing(memory(), { when: ({ method }) => (method === 'query' ? 'before' : undefined) })
    const store = batched(broken)
    const outcomes = [store.get(1), store.get(2), store.get(1), store.get('')].map(messageOf)
    const failed = 'call 1, query, failed'
    expect(await Promise.all(outcomes)).to.deep.equal([failed, failed, failed, 'the id "" is empty'])
    expect(await store.get(1)).to.equal(undefined)
  })

  it('a signal is of one caller; when all have gone the query is ended', async () => {
    let ended = 0
    const inner = slow(memory({ objects: [{ id: 1 }, { id: 2 }] }), {
      sleep: (_, signal) =>
        new Promise((resolve, reject) => {
          if (!signal) return
          const timer = setTimeout(resolve, 20)
          signal.addEventListener('abort', () => {
            ended++
            clearTimeout(timer)
            reject(signal.reason)
          })
        }),
    })
    const store = batched(inner)
    const controller = new AbortController()
    const { signal } = controller
    const turn = () => new Promise(resolve => setImmediate(resolve))

    const some = [store.get(1, { signal }), store.get(1), store.get(2)].map(messageOf)
    await turn()
    controller.abort(new Error('enough'))
    expect(await Promise.all(some)).to.deep.equal(['enough', { id: 1 }, { id: 2 }])
    expect(ended).to.equal(0)

    const other = new AbortController()
    const none = [store.get(1, { signal: other.signal }), store.get(2, { signal: other.signal })].map(messageOf)
    await turn()
    other.abort(new Error('enough'))
    expect(await Promise.all(none)).to.deep.equal(['enough', 'enough'])
    expect(ended).to.equal(1)
  })

  it('inside a transaction sees its writes, and asks before it ends', async () => {
    const { store: inner } = observed()
    const store = batched(inner)
    const tx = await store.transaction()
    await tx.put?.({ id: 1 })
    const inside = [tx.get?.(1), tx.get?.(2)]
    const outside = [store.get(1), store.get(2)]
    expect(await Promise.all(inside)).to.deep.equal([{ id: 1 }, undefined])
    expect(await Promise.all(outside)).to.deep.equal([undefined, undefined])
    const last = [tx.get?.(1), tx.get?.(2)]
    await tx.commit()
    expect(await Promise.all(last)).to.deep.equal([{ id: 1 }, undefined])
    await refused(() => tx.get?.(1), 'TransactionInactiveError')
    await refused(() => Promise.all([tx.get?.(1), tx.get?.(2)]), 'TransactionInactiveError')
  })

  it('has the types of its store, and a get that answers later', async () => {
    const store = batched(memory<{ id: number; name: string }, number>())
    const found: Promise<{ name: string } | undefined> = store.get(1)
    expect(await found).to.equal(undefined)
    // @ts-expect-error: ids are numbers here
    await store.get('x')
    expect(() => batched(memory(), { max: 0 })).to.throw(TypeError, 'max')
    const { query: _, ...unasked } = memory<{ id: number }>()
    expect(batched(unasked).get(1)).to.equal(undefined)
  })
})
