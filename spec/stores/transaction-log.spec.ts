import { statSync } from 'node:fs'
import { expect } from 'chai'
import { transaction } from '../../index.js'
import { isStoreError } from '../../lib/errors.js'
import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { refusal } from '../refusal.js'
import { lasting } from './transaction-log/lasting.js'

describe('transactions over several stores that last', () => {
  const { path, names, log, open, close, objects, write } = lasting()

  it('commit together, and are seen together', async () => {
    const stores = await open()
    const extra = memory()
    const counts = new Set<string>()
    let over = false
    const look = () => {
      counts.add([...stores, extra].map(store => store.count()).join())
      if (!over) setImmediate(look)
    }
    const lookOften = async () => {
      while (!over) {
        counts.add([...stores, extra].map(store => store.count()).join())
        await null
        if (counts.size > 20) break
        await new Promise(resolve => setImmediate(resolve))
      }
    }
    look()
    const looking = lookOften()
    for (let id = 1; id <= 5; id++) {
      await transaction(
        [...stores, extra],
        async txs => {
          for (const tx of txs) await tx.put({ id })
        },
        { log },
      )
    }
    over = true
    await looking
    expect([...counts].filter(each => new Set(each.split(',')).size > 1)).to.deep.equal([])
    await close(stores)
    const again = await open()
    expect(objects(again).map(each => each.length)).to.deep.equal([5, 5])
    await close(again)
  })

  it('need a log, or are refused before anything is written', async () => {
    const stores = await open()
    const error = await refusal(() => transaction(stores, () => expect.fail('it began')))
    expect(isStoreError(error, 'NotSupportedError')).to.equal(true)
    expect(error.message).to.match(/only with a log: transaction\(stores, work, { log }\)/)
    const tx = await stores[0].transaction()
    await tx.put?.({ id: 1 })
    expect(isStoreError(await refusal(() => tx.prepare?.()), 'NotSupportedError')).to.equal(true)
    await tx.abort()
    expect(objects(stores)).to.deep.equal([[], []])
    await close(stores)
  })

  it('one that lasts among others that do not needs none, and decides', async () => {
    const [a, b] = await open()
    const [extra, other] = [memory(), memory()]
    const seen = new Set<string>()
    const following = (async () => {
      for await (const _ of extra.subscribe()) seen.add([a, extra, other].map(store => store.count()).join())
    })()
    await transaction([extra, a, other], async txs => {
      for (const tx of txs) await tx.put({ id: 1 })
    })
    extra.close()
    await following
    expect([...seen]).to.deep.equal(['1,1,1'])
    await close([a, b])
  })

  it('abort together when the work throws', async () => {
    const stores = await open()
    await refusal(() =>
      transaction(
        stores,
        async ([a]) => {
          await a.put({ id: 1 })
          throw new Error('no')
        },
        { log },
      ),
    )
    await write(stores, 2, { log })
    expect(objects(stores)).to.deep.equal([[{ id: 2 }], [{ id: 2 }]])
    await close(stores)
  })

  it('a log is shared by transactions at the same time, and does not grow for ever', async () => {
    const stores = await open()
    const others = await Promise.all([jsonFile({ path: path('c.json') }), jsonFile({ path: path('d.json') })])
    for (let id = 0; id < 400; id++) await Promise.all([write(stores, id, { log }), write(others, id, { log })])
    expect(statSync(log).size).to.be.lessThan(80_000)
    await close(stores)
    await close(others)
    expect(names()).to.deep.equal(['a.json', 'b.json', 'c.json', 'd.json', 'log'])
  })
})
