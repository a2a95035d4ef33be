import { once } from 'node:events'
import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import { transaction } from '../../lib/transaction.js'
import { directory } from '../../stores/directory.js'
import { child } from '../child.js'
import { folder } from './json-file/folder.js'

const times = process.env.GATE ? 2000 : 500

describe('directory, shared', () => {
  const { path } = folder()
  const open = () => directory({ path: path('data'), shared: true })

  it(`4 processes add ${times} times each: ${4 * times} exactly`, async () => {
    const adders = Array.from({ length: 4 }, () => child('stores/directory/adder.ts', path('data'), `${times}`))
    for (const [code] of await Promise.all(adders.map(each => once(each, 'exit')))) expect(code).to.equal(0)
    const store = await open()
    expect(await store.get('counter')).to.deep.equal({ id: 'counter', n: 4 * times })
    await store.close()
  }).timeout(120_000)

  it('sees at once what another wrote, never half a transaction', async () => {
    const [one, two] = [await open(), await open()]
    let reading = true
    const reader = (async () => {
      while (reading) {
        const ns: unknown[] = []
        for await (const { n } of two.query()) ns.push(n)
        expect(new Set(ns).size, ns.join()).to.be.at.most(1)
      }
    })()
    for (let n = 0; n < 50; n++) {
      await transaction(one, async tx => {
        for (const id of ['a', 'b', 'c', 'd']) await tx.put({ id, n })
      })
      expect(await two.get('d')).to.deep.equal({ id: 'd', n })
    }
    reading = false
    await reader
    await two.delete('a')
    expect(await one.get('a')).to.equal(undefined)
    expect(await one.count()).to.equal(3)
    await one.close()
    await two.close()
  })

  it('waits for a transaction of another, not for ever, and inside it the same process reads', async () => {
    const [one, two] = [await open(), await open()]
    await one.put({ id: 'a', n: 1 })
    const tx = await one.transaction()
    await tx.put?.({ id: 'a', n: 2 })
    expect(await one.get('a')).to.deep.equal({ id: 'a', n: 1 })
    const error = await Promise.resolve(two.transaction({ timeout: 30 })).catch(reason => reason)
    expect(isStoreError(error, 'TimeoutError'), String(error)).to.equal(true)
    const signal = AbortSignal.timeout(20)
    expect(await Promise.resolve(two.get('a', { signal })).catch(reason => reason)).to.equal(signal.reason)
    const waiting = two.get('a')
    await tx.commit()
    expect(await waiting).to.deep.equal({ id: 'a', n: 2 })
    await two.close()
    await one.close()
  })

  it('is refused to who wants it alone, as long as anybody shares it', async () => {
    const [one, two] = [await open(), await open()]
    const refusal = () => directory({ path: path('data') }).catch(error => String(error))
    expect(await refusal()).to.match(new RegExp(`^InvalidStateError: .*data is in use by process ${process.pid}$`))
    // the other takes over
    await one.close()
    await two.put({ id: 'a' })
    expect(await refusal()).to.match(/InvalidStateError/)
    await two.close()
    const alone = await directory({ path: path('data') })
    expect(await alone.get('a')).to.deep.equal({ id: 'a' })
    await alone.close()
  })
})
