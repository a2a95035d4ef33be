import { expect } from 'chai'
import { lock, type Release } from '../../lib/lock.js'
import { isPromise } from '../../lib/when.js'

describe('lock', () => {
  it('is entered at once when free', () => {
    const { read, write } = lock()
    const release = write() as Release
    expect(isPromise(release)).to.equal(false)
    expect(isPromise(read())).to.equal(true)
    release()
  })

  it('lets readers in together, a writer alone', () => {
    const { read, write } = lock()
    expect([read(), read()].some(isPromise)).to.equal(false)
    expect(isPromise(write())).to.equal(true)
  })

  it('is fair: nobody overtakes', async () => {
    const { read, write } = lock()
    const order: string[] = []
    const first = write() as Release
    const enter = (name: string, way: typeof read) =>
      Promise.resolve(way()).then(release => {
        order.push(name)
        release()
      })
    const all = [enter('reader 1', read), enter('writer 1', write), enter('reader 2', read), enter('writer 2', write)]
    first()
    await Promise.all(all)
    expect(order).to.deep.equal(['reader 1', 'writer 1', 'reader 2', 'writer 2'])
  })

  it('a second release is harmless', async () => {
    const { write } = lock()
    const first = write() as Release
    const second = Promise.resolve(write())
    first()
    first()
    const release = await second
    expect(isPromise(write({ timeout: 1000 }))).to.equal(true)
    release()
  })

  it('gives up after the timeout, and does not hold up those behind', async () => {
    const { read, write } = lock()
    const held = read() as Release
    const writer = Promise.resolve(write({ timeout: 1 })).catch(error => error.name)
    const reader = Promise.resolve(read())
    expect(await writer).to.equal('TimeoutError')
    ;(await reader)()
    held()
    expect(isPromise(write())).to.equal(false)
  })

  it('gives up when the signal says so', async () => {
    const { write } = lock()
    const held = write() as Release
    const controller = new AbortController()
    const waiting = Promise.resolve(write({ signal: controller.signal })).catch(error => error)
    controller.abort(new Error('enough'))
    expect((await waiting).message).to.equal('enough')
    held()
    expect(isPromise(write())).to.equal(false)
    expect(() => write({ signal: AbortSignal.abort(new Error('early')) })).to.throw('early')
  })
})
