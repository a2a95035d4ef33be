import { expect } from 'chai'
import type { Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { transactionLog } from '../../stores/transaction-log.js'
import { history } from '../../wrappers/history.js'
import { replicated } from '../../wrappers/replicated.js'
import { all } from '../conformance/case.js'
import { folder } from '../stores/json-file/folder.js'
import { contents, state } from './replicated/fallible.js'

describe('replicated, the primary and the log together', () => {
  it('over a history: what was there is put through it, and is sent; what goes past it is not', async () => {
    const past = history(memory(), { log: memory() })
    const [here, peer] = [past, memory()].map(each => replicated(each as Required<Store>, {}, { log: memory() }))
    const meet = async () => {
      for await (const known of here?.changes.query('at>0') ?? []) await peer?.changes.put(known)
    }
    for (const n of [1, 2]) await here?.put({ id: 1, n })
    await meet()
    await past.undo(1)
    await meet()
    expect([await here?.get(1), await peer?.get(1)]).to.deep.equal([
      { id: 1, n: 1 },
      { id: 1, n: 2 },
    ])
    await here?.put((await past.at(1).get(1)) ?? {})
    await meet()
    expect(await peer?.get(1)).to.deep.equal({ id: 1, n: 1 })
  })

  it('takes part in a transaction over several stores', async () => {
    const [replica, other] = [memory(), memory()]
    const store = replicated(memory(), { replica }, { log: memory() })
    await transaction([store, other], async ([tx, otherTx]) => {
      await tx.put({ id: 1 })
      await otherTx.put({ id: 1 })
    })
    const failed = transaction([store, other], async ([tx, otherTx]) => {
      await tx.put({ id: 2 })
      await otherTx.add({ id: 1 })
    })
    expect(await state(failed)).to.equal('ConstraintError')
    await store.settled()
    for (const each of [store, other, replica]) expect(contents(each as Store)).to.deep.equal([{ id: 1 }])
  })

  for (const [kind, primary, log] of [
    ['a database, logged in memory', () => sqlite({ path: ':memory:' }), memory],
    ['memory, logged in a database', memory, () => sqlite({ path: ':memory:' })],
  ] as const) {
    it(`commits together with others over ${kind}`, async () => {
      const [replica, other] = [memory(), memory()]
      const store = replicated(primary() as Required<Store>, { replica }, { log: log(), mode: 'sync' })
      await store.put({ id: 1 })
      await transaction([store, other], async ([tx, otherTx]) => {
        await tx.put({ id: 2 })
        await otherTx.put({ id: 2 })
      })
      const tx = await store.transaction()
      await tx.put?.({ id: 3 })
      await tx.abort()
      expect(await all(store)).to.deep.equal([{ id: 1 }, { id: 2 }])
      expect(contents(replica)).to.deep.equal([{ id: 1 }, { id: 2 }])
      expect(contents(other)).to.deep.equal([{ id: 2 }])
      await store.close()
    })
  }

  describe('over two files', () => {
    const files = folder()

    it('needs a coordinator, and then commits on both', async () => {
      const open = async () => ({
        primary: await jsonFile({ path: files.path('objects.json') }),
        log: await jsonFile({ path: files.path('log.json') }),
      })
      const without = await open()
      const refused = replicated(without.primary, {}, { log: without.log })
      const error = await Promise.resolve(refused.put({ id: 1 })).catch(error => error)
      expect(error.name).to.equal('NotSupportedError')
      expect(error.message).to.match(/coordinator/)
      await refused.close()

      const { primary, log } = await open()
      const replica = memory()
      const coordinator = transactionLog({ path: files.path('decisions') })
      const store = replicated(primary, { replica }, { log, coordinator, mode: 'sync' })
      await store.put({ id: 1 })
      await transaction(store, tx => tx.put({ id: 2 }))
      expect(contents(replica)).to.deep.equal([{ id: 1 }, { id: 2 }])
      await store.close()
    })
  })
})
