import { getEventListeners } from 'node:events'
import { expect } from 'chai'
import { memory } from '../../index.js'
import { permissive, restrictive } from '../../models/facet.js'
import { Model } from '../../models/model.js'
import { answering } from '../../server/handler/answering.js'
import { fromRequest } from '../../server/handler/requested.js'
import { handler } from '../../server/handler.js'
import { history } from '../../wrappers/history.js'
import { closeAll, raw, serving } from './socket.js'
import { anyModel } from './world.js'

/** The blocks of an event stream, one by one. */
function eventsOf(response: Response) {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const decoder = new TextDecoder()
  let text = ''
  return {
    async next(): Promise<Record<string, string> | undefined> {
      for (;;) {
        const end = text.indexOf('\n\n')
        if (end >= 0) {
          const block = text.slice(0, end)
          text = text.slice(end + 2)
          const fields = block.split('\n').map(line => line.split(/: ?(.*)/s, 2) as [string, string])
          return Object.fromEntries(fields)
        }
        const { value, done } = await reader.read()
        if (done) return undefined
        text += decoder.decode(value, { stream: true })
      }
    },
    leave: () => reader.cancel(),
  }
}

const follow = (handle: (request: Request) => Promise<Response>, query = '', last?: string) =>
  handle(
    new Request(`http://x/any/$changes?${query}`, { headers: last === undefined ? {} : { 'last-event-id': last } }),
  )

describe('server: changes', () => {
  afterEach(closeAll)

  it('are told as they are made', async () => {
    const Any = anyModel([{ id: 'a', n: 1 }])
    const handle = handler({ any: permissive(Any) })
    const response = await follow(handle, 'n>0')
    expect(response.headers.get('content-type')).to.equal('text/event-stream')
    const events = eventsOf(response)
    await Any.put({ id: 'a', n: 2 })
    await Any.put({ id: 'b', n: -1 })
    await Any.put({ id: 'c', n: 5, at: new Date(0) })
    await Any.delete('a')
    expect(await events.next()).to.deep.equal({ retry: '1000', id: 'live' })
    const [put, other, gone] = [await events.next(), await events.next(), await events.next()]
    expect(put?.event).to.equal('put')
    expect(JSON.parse(put?.data as string)).to.deep.equal({
      id: 'a',
      object: { id: 'a', n: 2 },
      previous: { id: 'a', n: 1 },
    })
    expect(other?.data).to.include('{"$date":"1970-01-01T00:00:00.000Z"}')
    expect([gone?.event, JSON.parse(gone?.data as string).id]).to.deep.equal(['delete', 'a'])
    await events.leave()
  })

  const historic = () => {
    const Any = Model(history(memory<{ id: string; n: number }>(), { log: memory() }), { properties: { n: Number } })
    return { Any, handle: handler({ any: permissive(Any) }) }
  }

  it('go on where a client has left off', async () => {
    const { Any, handle } = historic()
    const first = eventsOf(await follow(handle))
    await first.next()
    await Any.put({ id: 'a', n: 1 })
    const { id } = (await first.next()) as { id: string }
    await first.leave()
    await Any.put({ id: 'a', n: 2 })
    const again = eventsOf(await follow(handle, '', id))
    await Any.put({ id: 'a', n: 3 })
    expect(await again.next()).to.deep.equal({ retry: '1000', id })
    const missed = [await again.next(), await again.next()].map(event => JSON.parse(event?.data as string).object.n)
    expect(missed).to.deep.equal([2, 3])
    await again.leave()
  })

  it('say that there was more where they cannot', async () => {
    const Any = anyModel()
    const handle = handler({ any: permissive(Any) })
    for (const last of ['live', '7', 'x']) {
      const events = eventsOf(await follow(handle, '', last))
      await Any.put({ id: 'a', last })
      let event = await events.next()
      if (event?.event === undefined) event = await events.next()
      expect([event?.event, event?.id]).to.deep.equal(['reset', 'live'])
      expect(JSON.parse((await events.next())?.data as string).object).to.include({ last })
      await events.leave()
    }
  })

  it('are refused as queries are', async () => {
    const Any = anyModel()
    const handle = handler({ any: restrictive(Any, { methods: { subscribe: true } }) })
    expect((await follow(handle, 'sort(n)')).status).to.be.oneOf([403, 405])
    expect((await follow(handle, '((')).status).to.equal(400)
    expect((await follow(handler({ any: restrictive(Any) }))).status).to.equal(405)
  })

  it('give signs of life', async () => {
    const handle = handler({ any: permissive(anyModel()) }, { heartbeat: 5 })
    const events = eventsOf(await follow(handle))
    await events.next()
    for (const _ of [1, 2, 3]) expect(await events.next()).to.have.property('')
    await events.leave()
  })

  // it takes as many changes as a follower may fall behind, and what fits into the sockets
  if (process.env.GATE) {
    it('end a client that does not read, and nobody else', async function () {
      this.timeout(20_000)
      const Any = anyModel()
      const { port, url } = await serving({ any: permissive(Any) })
      const slow = await raw(port)
      slow.write('GET /any/$changes HTTP/1.1\r\nHost: localhost\r\n\r\n')
      await slow.until(/id: live/)
      slow.socket.pause()
      const quick = eventsOf(await fetch(`${url}/any/$changes`))
      await quick.next()
      const text = 'x'.repeat(2000)
      let told = 0
      for (let n = 0; n < 12_000; n++) {
        await Any.put({ id: 'a', n, text })
        if (n % 100 === 99) for (; told <= n; told++) await quick.next()
      }
      expect(told).to.equal(12_000)
      slow.socket.resume()
      expect(await slow.until(/event: error\ndata: .*/)).to.include('QuotaExceededError')
      slow.socket.destroy()
      await quick.leave()
    })
  }

  it('end when the client leaves, and when the server is closed', async () => {
    const Any = anyModel()
    const server = await serving({ any: permissive(Any) })
    const events = eventsOf(await fetch(`${server.url}/any/$changes`))
    await events.next()
    await server.close()
    expect(await events.next()).to.equal(undefined)
  })

  it('leave nothing behind', async () => {
    const stopping = new AbortController()
    const answer = answering({ any: permissive(anyModel()) }, {}, { stopping: stopping.signal })
    const bodies: ReadableStream[] = []
    for (let n = 0; n < 20; n++) {
      const request = new Request('http://x/any/$changes', { method: n % 2 ? 'GET' : 'HEAD' })
      const { body } = await answer(fromRequest(request))
      if (body) bodies.push(body as ReadableStream)
    }
    expect(getEventListeners(stopping.signal, 'abort').length).to.equal(10)
    for (const body of bodies) await body.cancel()
    expect(getEventListeners(stopping.signal, 'abort').length).to.equal(0)
  })
})
