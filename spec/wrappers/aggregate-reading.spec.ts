import { expect } from 'chai'
import type { Query, Store } from '../../lib/store.js'
import { directory } from '../../stores/directory.js'
import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { aggregate } from '../../wrappers/aggregate.js'
import { all } from '../conformance/case.js'
import { folder } from '../stores/json-file/folder.js'
import { slow, turn } from './aggregate/slow.js'

describe('aggregate, reading', () => {
  const { path } = folder()

  it('never sees half of a write, also where parts answer later', async () => {
    const pairs: readonly (readonly [Store, Store])[] = [
      [memory(), memory()],
      [slow(memory()), memory()],
      [memory(), slow(memory())],
      [memory(), sqlite({ path: ':memory:' })],
      [sqlite({ path: path('a.db') }), memory()],
      [memory(), await jsonFile({ path: path('a.json') })],
      [memory(), await directory({ path: path('a') })],
    ]
    for (const [one, two] of pairs) {
      const parts = [{ store: one }, { store: two, properties: ['a'] }]
      for (const store of [aggregate(parts), aggregate(parts, { atomic: false })] as readonly Store[]) {
        await store.put?.({ id: 1, a: 0, b: 0 })
        let writing = true
        const writes = (async () => {
          for (let n = 1; n < 10; n++) {
            await store.put?.({ id: 1, a: n, b: n })
            await turn()
          }
          writing = false
        })()
        while (writing) {
          const reads = [await store.get?.(1), (await all(store, 'a>=0&b>=0'))[0], (await all(store))[0]]
          for (const read of reads) expect(read?.a).to.equal(read?.b)
          await turn()
        }
        await writes
      }
      await Promise.all([one.close?.(), two.close?.()])
    }
  })

  it('asks the parts that a condition is about, and the others for what is found', async () => {
    const asked: string[] = []
    const spied = (name: string): Store => {
      const inner = memory()
      return {
        ...inner,
        get: (id, options) => {
          asked.push(`${name} get ${id}`)
          return inner.get(id, options)
        },
        query: (query: Query | undefined, options) => {
          asked.push(`${name} query`)
          return inner.query(query, options)
        },
      }
    }
    const store = aggregate([{ store: spied('first') }, { store: spied('second'), properties: ['a'] }])
    for (let id = 0; id < 100; id++) await store.put?.({ id, a: id, b: -id })
    const costs = async (query: string) => {
      asked.length = 0
      await all(store, query)
      return asked.join()
    }
    expect(await costs('a=7')).to.equal('second query,first get 7')
    expect(await costs('id=5')).to.equal('first query,second get 5')
    expect(await costs('a<10&b<-8')).to.equal('second query,first query')
    expect(await costs('sort(b)&limit(2)&select(a)')).to.equal('first query,second get 99,second get 98')
    expect(await costs('sort(a)&limit(2)')).to.equal('first query,second query')
    expect(await costs('a=null')).to.equal('first query,second query')
    asked.length = 0
    expect(await store.count?.('b<-50&sort(a)')).to.equal(49)
    expect(asked).to.deep.equal([])
  })
})
