import { getEventListeners } from 'node:events'
import { expect } from 'chai'
import { feed } from '../../lib/feed.js'

type Thing = { n: number }
const put = (n: number) => ({ type: 'put', id: n, object: { n } }) as const

describe('feed', () => {
  it('keeps what comes between subscribing and iterating', async () => {
    const { publish, subscribe, close } = feed<Thing, number>()
    const changes = subscribe()
    publish([put(1), put(2)])
    close()
    const seen: number[] = []
    for await (const { id } of changes) seen.push(id)
    expect(seen).to.deep.equal([1, 2])
  })

  it('knows whether it is followed', async () => {
    const all = feed<Thing, number>()
    expect(all.followed).to.equal(false)
    const iterator = all.subscribe()[Symbol.asyncIterator]()
    expect(all.followed).to.equal(true)
    await iterator.return?.()
    expect(all.followed).to.equal(false)
  })

  it('ends a follower that falls behind, with an error, and not the others', async () => {
    const all = feed<Thing, number>()
    const slow = all.subscribe(undefined, { max: 2 })[Symbol.asyncIterator]()
    const other = all.subscribe()[Symbol.asyncIterator]()
    all.publish([put(1), put(2), put(3)])
    const error = await slow.next().catch(failure => failure)
    expect(error.name).to.equal('QuotaExceededError')
    expect((await slow.next()).done).to.equal(true)
    expect((await other.next()).value).to.deep.equal({ ...put(1), more: true })
  })

  it('serves several readers of one subscription in turn', async () => {
    const all = feed<Thing, number>()
    const changes = all.subscribe()[Symbol.asyncIterator]()
    const [first, second] = [changes.next(), changes.next()]
    all.publish([put(1)])
    all.publish([put(2)])
    expect([(await first).value.id, (await second).value.id]).to.have.members([1, 2])
  })

  it('an aborted signal gives a subscription that has ended', async () => {
    const all = feed<Thing, number>()
    const changes = all.subscribe(undefined, { signal: AbortSignal.abort() })[Symbol.asyncIterator]()
    all.publish([put(1)])
    expect((await changes.next()).done).to.equal(true)
  })

  it('a signal that lives on keeps nothing of a subscription that has ended, whichever way', async () => {
    const { signal } = new AbortController()
    const all = feed<Thing, number>()
    await all.subscribe(undefined, { signal })[Symbol.asyncIterator]().return?.()
    all.subscribe(undefined, { signal, max: 0 })
    all.publish([put(1)])
    all.subscribe(undefined, { signal })
    expect(getEventListeners(signal, 'abort')).to.have.length(1)
    all.close()
    expect(getEventListeners(signal, 'abort')).to.have.length(0)
  })
})
