import { readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { transaction } from '../../index.js'
import { isStoreError, StoreError } from '../../lib/errors.js'
import type { Data } from '../../lib/store.js'
import type { Decision, TransactionLog } from '../../lib/two-phase.js'
import { type JsonFileStore, jsonFile, recover } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { transactionLog } from '../../stores/transaction-log.js'
import { folder } from './json-file/folder.js'

type Stores = readonly [JsonFileStore<Data>, JsonFileStore<Data>]

/** What a promise is rejected with. */
async function rejection(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => expect.fail('nothing was thrown'),
    error => error,
  )
}

describe('transactions over several stores that last', () => {
  const { path, names } = folder()
  const log = path('log')
  const open = () => Promise.all([jsonFile({ path: path('a.json') }), jsonFile({ path: path('b.json') })])
  const close = (stores: Stores) => Promise.all(stores.map(store => store.close()))
  const objects = (stores: Stores) => stores.map(store => [...store.query()])

  /** Puts one object into each. */
  const write = (stores: Stores, id: number, options: { log: string | TransactionLog }) =>
    transaction(
      stores,
      async txs => {
        for (const tx of txs) await tx.put({ id })
      },
      options,
    )

  /** A log at which the process stops just before or just after the decision lasts. */
  function stopping(when: 'before' | 'after'): TransactionLog & { readonly stopped: Promise<void> } {
    let stop = () => {}
    const stopped = new Promise<void>(resolve => {
      stop = resolve
    })
    return {
      stopped,
      async begin(options) {
        const decision: Decision = await transactionLog({ path: log }).begin(options)
        return {
          ...decision,
          async commit() {
            if (when === 'after') await decision.commit()
            await decision.end(false)
            stop()
            await new Promise(() => {})
          },
        }
      },
    }
  }

  /** Leaves both stores prepared. */
  async function stopped(when: 'before' | 'after'): Promise<void> {
    const stores = await open()
    await write(stores, 0, { log })
    const stopping_ = stopping(when)
    void write(stores, 1, { log: stopping_ })
    await stopping_.stopped
    expect(objects(stores)).to.deep.equal([[{ id: 0 }], [{ id: 0 }]])
    await close(stores)
  }

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
    const error = await rejection(transaction(stores, () => expect.fail('it began')))
    expect(isStoreError(error, 'NotSupportedError')).to.equal(true)
    expect(error.message).to.match(/only with a log: transaction\(stores, work, { log }\)/)
    const tx = await stores[0].transaction()
    await tx.put?.({ id: 1 })
    expect(isStoreError(await rejection((async () => tx.prepare?.())()), 'NotSupportedError')).to.equal(true)
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
    await rejection(
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

  for (const [when, ids] of [
    ['before', [0]],
    ['after', [0, 1]],
  ] as const) {
    const expected = ids.map(id => ({ id }))

    it(`after a stop ${when} the decision all find out at the next opening`, async () => {
      await stopped(when)
      const reading = await jsonFile({ path: path('a.json'), readonly: true })
      expect([...reading.query()]).to.deep.equal(expected)
      reading.close()
      for (let times = 0; times < 2; times++) {
        const stores = await open()
        expect(objects(stores)).to.deep.equal([expected, expected])
        await close(stores)
      }
      // what was found out stands in the file: the log is needed no more
      rmSync(log)
      const stores = await open()
      expect(objects(stores)).to.deep.equal([expected, expected])
      await write(stores, 5, { log })
      await close(stores)
    })

    it(`after a stop ${when} the decision, recover asks the log too`, async () => {
      await stopped(when)
      await recover({ path: path('a.json'), to: path('c.json') })
      const store = await jsonFile({ path: path('c.json') })
      expect([...store.query()]).to.deep.equal(expected)
      await store.close()
      rmSync(log)
      const { dropped } = await recover({ path: path('a.json'), to: path('d.json') })
      expect(dropped.map(({ reason }) => reason).join()).to.match(/in doubt: the transaction log .* is not there/)
    })
  }

  it('nobody guesses where the log is not there', async () => {
    await stopped('after')
    const text = readFileSync(log)
    rmSync(log)
    const error = await rejection(open())
    expect(isStoreError(error, 'InvalidStateError')).to.equal(true)
    expect(error.message).to.include(log)
    writeFileSync(log, text)
    const stores = await open()
    expect(objects(stores)[0]).to.have.length(2)
    await close(stores)
  })

  it('a damaged log is a CorruptError, and is left as it is', async () => {
    await stopped('after')
    const bytes = readFileSync(log)
    bytes.write('x', 20)
    writeFileSync(log, bytes)
    expect(isStoreError(await rejection(open()), 'CorruptError')).to.equal(true)
    expect(readFileSync(log).equals(bytes)).to.equal(true)
  })

  it('the end of a log that was torn was not decided', async () => {
    await stopped('after')
    truncateSync(log, statSync(log).size - 1)
    const stores = await open()
    expect(objects(stores)).to.deep.equal([[{ id: 0 }], [{ id: 0 }]])
    await close(stores)
  })

  it('when it is unknown whether the decision lasts, nothing is written until it is certain that it does not', async () => {
    const stores = await open()
    let isBroken = true
    const unknown: TransactionLog = {
      async begin(options) {
        const decision = await transactionLog({ path: log }).begin(options)
        return {
          ...decision,
          async commit() {
            throw new StoreError('OutcomeUnknownError', 'is it there?')
          },
          async withdraw() {
            if (isBroken) throw new StoreError('UnknownError', 'the disk is broken')
            await decision.withdraw()
          },
        }
      },
    }
    expect(isStoreError(await rejection(write(stores, 1, { log: unknown })), 'OutcomeUnknownError')).to.equal(true)
    expect(objects(stores)).to.deep.equal([[], []])
    for (const store of stores) {
      const error = await rejection(Promise.resolve(store.put({ id: 2 })))
      expect(isStoreError(error, 'InvalidStateError') && error.message).to.match(/in doubt: the disk is broken/)
    }
    isBroken = false
    await Promise.all(stores.map(async store => store.put({ id: 2 })))
    expect(objects(stores)).to.deep.equal([[{ id: 2 }], [{ id: 2 }]])
    await close(stores)
    const again = await open()
    expect(objects(again)).to.deep.equal([[{ id: 2 }], [{ id: 2 }]])
    await close(again)
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
