import { expect } from 'chai'
import { LockingQueue } from '../../models/datastore.js'
import { opening, refusal } from './datastore/open.js'

const turn = () => new Promise(resolve => setImmediate(resolve))

describe('datastore, locks', () => {
  const { open } = opening()

  it('4 who want the lock of one key get it one by one, in their order; other keys do not wait', async () => {
    const queue = new LockingQueue()
    const got: string[] = []
    const holders = ['first', 'second', 'third', 'fourth'].map(async name => {
      await queue.getLock('a')
      got.push(`${name} in`)
      await turn()
      got.push(`${name} out`)
      queue.releaseLock('a')
    })
    await queue.getLock('b')
    expect(got).to.deep.equal(['first in'])
    queue.releaseLock('b')
    queue.releaseLock('b')
    await Promise.all(holders)
    expect(got).to.deep.equal(['first', 'second', 'third', 'fourth'].flatMap(name => [`${name} in`, `${name} out`]))
    await queue.getLock('a')
    queue.releaseLock('a')
  })

  it('writers of a key wait for its update, readers and other keys do not', async () => {
    const datastore = await open()
    await datastore.setItem('a', { n: 1 })
    let goOn = (_: unknown) => {}
    const slow = datastore.updateItem('a', async document => {
      await new Promise(resolve => {
        goOn = resolve
      })
      return { ...document, n: 2 }
    })
    const ends: string[] = []
    const deleting = datastore.deleteItem('a').then(() => ends.push('deleted'))
    await datastore.setItem('b', { n: 1 })
    expect(await datastore.getItem('a')).to.deep.equal({ _rev: 0, n: 1 })
    expect(ends).to.deep.equal([])
    goOn(undefined)
    expect(await slow).to.deep.equal({ _rev: 1, n: 2 })
    await deleting
    expect(await datastore.getItem('a')).to.equal(null)
  })

  it('gives its locks back on every path', async () => {
    const held: string[] = []
    const queue = {
      getLock: async (key: string) => void held.push(key),
      releaseLock: (key: string) => void held.splice(held.lastIndexOf(key), 1),
    }
    const datastore = await open({ lockingQueue: queue })
    const thrown = new Error('mine')
    const fail = () => {
      throw thrown
    }
    expect(await refusal(datastore.updateItem('a', fail))).to.equal(thrown)
    expect(await refusal(datastore.updateItem('a', () => Promise.reject(thrown)))).to.equal(thrown)
    await refusal(datastore.setItem('a\u0000', {}))
    await datastore.setItem('a', {})
    await refusal(datastore.setItem('a', {}))
    await refusal(datastore.deleteItem('a', { _rev: 3 }))
    await refusal(
      datastore.setItems([
        ['b', {}],
        ['a', {}],
      ]),
    )
    await datastore.setItems([
      ['c', {}],
      ['b', {}],
    ])
    expect(held).to.deep.equal([])
  })

  it('two batches over the same keys in another order do not wait for each other for ever', async () => {
    const datastore = await open()
    const batch = (keys: string[]) =>
      datastore.setItems(
        keys.map(key => [key, {}]),
        { checkConsistency: false },
      )
    await Promise.all(Array.from({ length: 10 }, (_, at) => batch(at % 2 ? ['a', 'b', 'a'] : ['b', 'a'])))
    expect(await datastore.hasItem('b')).to.equal(true)
  })

  it('without a queue nobody waits, and the revisions still hold', async () => {
    const datastore = await open({ lockingQueue: null })
    const adding = () => datastore.updateItem('a', async document => ({ n: (document?.n ?? 0) + 1 }))
    await Promise.all(Array.from({ length: 20 }, adding))
    expect(await datastore.getItem('a')).to.deep.equal({ _rev: 19, n: 20 })
  })
})
