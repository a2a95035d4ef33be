import { readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { isStoreError, StoreError } from '../../lib/errors.js'
import type { Decision, TransactionLog } from '../../lib/two-phase.js'
import { jsonFile, recover } from '../../stores/json-file.js'
import { transactionLog } from '../../stores/transaction-log.js'
import { refusal } from '../refusal.js'
import { lasting } from './transaction-log/lasting.js'

describe('transactions over several stores that last, stopped', () => {
  const { path, log, open, close, objects, write } = lasting()

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
    const error = await refusal(open)
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
    expect(isStoreError(await refusal(open), 'CorruptError')).to.equal(true)
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
    expect(isStoreError(await refusal(() => write(stores, 1, { log: unknown })), 'OutcomeUnknownError')).to.equal(true)
    expect(objects(stores)).to.deep.equal([[], []])
    for (const store of stores) {
      const error = await refusal(() => store.put({ id: 2 }))
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
})
