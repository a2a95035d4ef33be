import { expect } from 'chai'
import { type Live, live } from '../../lib/live.js'
import type { Store } from '../../lib/store.js'
import { mirror, quiet } from './live/mirror.js'

import { next, type Person, people, steps, watched } from './live/people.js'

describe('live: its end', () => {
  it('leaves nothing behind: by leaving the loop, by the last listener, by a signal, by close', async () => {
    const { source, changes } = watched()
    const ended = async () => {
      await quiet()
      return !changes.followed
    }
    for await (const { objects } of live(source)) {
      expect(objects).to.have.length(3)
      expect(changes.followed).to.equal(true)
      break
    }
    expect(await ended()).to.equal(true)

    const leave = live(source).subscribe(() => {})
    expect(changes.followed).to.equal(true)
    leave()
    expect(await ended()).to.equal(true)

    const controller = new AbortController()
    for (const [query, end] of [
      [live(source, '', { signal: controller.signal }), () => controller.abort()],
      [live(source), (query: Live<Person>) => query.close()],
    ] as const) {
      const items = steps(query)
      await next(items)
      const waiting = items.next()
      end(query)
      expect(await waiting).to.deep.equal({ value: undefined, done: true })
      expect(await ended()).to.equal(true)
      expect(query.current).to.equal(undefined)
      expect((await steps(query).next()).done).to.equal(true)
      query.subscribe(() => {})
      expect(changes.followed).to.equal(false)
    }
  })

  it('comes with that of the store, after what is still to be seen', async () => {
    const all = people()
    const reader = mirror(live(all))
    await reader.catchUp()
    all.delete(1)
    all.close()
    await reader.catchUp()
    expect(reader).to.deep.include({ ended: true, steps: 2 })
    expect(reader.objects).to.have.length(2)
  })

  it('wakes whoever waits when another call leaves', async () => {
    const items = steps(live(people()))
    await next(items)
    const waiting = [items.next(), items.next()]
    await items.return?.()
    expect((await Promise.all(waiting)).map(({ done }) => done)).to.deep.equal([true, true])
  })

  it('is that of the looking only: one reader goes on when another leaves', async () => {
    const all = people()
    const query = live(all)
    const [one, two] = [mirror(query), mirror(query)]
    await one.catchUp()
    await two.catchUp()
    await one.leave()
    all.delete(1)
    await two.catchUp()
    expect(two.objects).to.have.length(2)
  })

  it('says why, where it has failed', async () => {
    const failing: Store<Person, number> = {
      query() {
        throw new Error('cannot be read')
      },
      subscribe: people().subscribe,
    }
    const query = live(failing)
    const error = await steps(query)
      .next()
      .catch(failure => failure)
    expect(error.message).to.equal('cannot be read')
    query.subscribe(() => {})
    expect(query.error).to.have.property('message', 'cannot be read')
    expect(query.current).to.equal(undefined)
  })

  it('does not come because a listener fails', async () => {
    const all = people()
    const query = live(all)
    const thrown = new Promise(resolve => {
      const others = process.listeners('uncaughtException')
      process.removeAllListeners('uncaughtException')
      process.once('uncaughtException', error => {
        for (const other of others) process.on('uncaughtException', other)
        resolve(error)
      })
    })
    const failure = new Error('cannot listen')
    query.subscribe(() => {
      throw failure
    })
    const reader = mirror(query)
    await reader.catchUp()
    all.delete(1)
    expect(await thrown).to.equal(failure)
    await reader.catchUp()
    expect(reader.objects).to.have.length(2)
  })
})
