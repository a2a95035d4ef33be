import { expect } from 'chai'
import { memory } from '../../stores/memory.js'
import type { Fetch } from '../../stores/remote.js'
import { remote } from '../../stores/remote.js'
import { history } from '../../wrappers/history.js'
import { answering, outcome, parts, problem, stream } from './remote/canned.js'
import { serving, url } from './remote/serving.js'

const put = (id: number, position?: number) =>
  `${position === undefined ? '' : `id: ${position}\n`}event: put\ndata: ${JSON.stringify({ id, object: { id } })}\n\n`
const live = 'id: live\n\n'

type Changes = AsyncIterator<{ id: unknown; sequence?: number }>
const follow = (store: ReturnType<typeof remote>, since?: number): Changes =>
  store.subscribe('', { since })[Symbol.asyncIterator]() as Changes

/** The ids of so many changes, and how it ended if it did before. */
async function taken(changes: Changes, count: number): Promise<unknown[]> {
  const ids: unknown[] = []
  while (ids.length < count) {
    const next = (await outcome(() => changes.next())) as IteratorResult<{ id: unknown }> | string
    if (typeof next === 'string') return [...ids, next]
    if (next.done) return [...ids, 'done']
    ids.push(next.value.id)
  }
  return ids
}

describe('remote, following changes', () => {
  it('goes on after the last change when the connection breaks off, and takes none twice', async () => {
    const { store, sent } = answering([
      stream(parts([put(1, 1), put(2, 2)], 'breaks')),
      () => Promise.reject(new TypeError('fetch failed')),
      stream(parts([put(2, 2), put(3, 3)], 'ends')),
      stream(parts([put(4, 4)], 'stalls')),
    ])
    expect(await taken(follow(store), 4)).to.deep.equal([1, 2, 3, 4])
    expect(sent.map(({ headers }) => headers['last-event-id'])).to.deep.equal([undefined, '2', '2', '3'])
    await store.close()
  })

  it('goes on from where it was asked to begin, before any change', async () => {
    const { store, sent } = answering([stream(parts([], 'breaks')), stream(parts([put(8, 8)], 'stalls'))])
    expect(await taken(follow(store, 7), 1)).to.deep.equal([8])
    expect(sent.map(({ headers }) => headers['last-event-id'])).to.deep.equal(['7', '7'])
    await store.close()
  })

  it('goes on from a position that is told alone', async () => {
    const { store, sent } = answering([stream(parts(['id: 5\n\n'], 'breaks')), stream(parts([put(6, 6)], 'stalls'))])
    expect(await taken(follow(store), 1)).to.deep.equal([6])
    expect(sent[1]?.headers['last-event-id']).to.equal('5')
    await store.close()
  })

  it('without a position, what may have been missed is an error, and then the end', async () => {
    for (const end of ['breaks', 'ends', 'stalls'] as const) {
      const { store } = answering([stream(parts([live, put(1)], end))])
      expect(await taken(follow(store), 3), end).to.deep.equal([1, 'QuotaExceededError'])
    }
    const { store } = answering([stream(parts([live, put(1)], 'breaks'))])
    const changes = follow(store)
    await taken(changes, 2)
    expect(await taken(changes, 1)).to.deep.equal(['done'])
  })

  it('a reset is an error: the position is gone', async () => {
    const { store } = answering([
      stream(parts([put(1, 1)], 'ends')),
      stream('event: reset\n\ndata: {}\n\n'),
      stream('event: reset\ndata: {}\n\n'),
    ])
    expect(await taken(follow(store), 2)).to.deep.equal([1, 'QuotaExceededError'])
  })

  it('a reset at the beginning tells why', async () => {
    const reason = JSON.stringify({ title: 'NotSupportedError', detail: 'no history' })
    const { store } = answering([stream(`event: reset\ndata: ${reason}\n\n`)])
    expect(await taken(follow(store, 1), 1)).to.deep.equal(['NotSupportedError'])
  })

  it('keeps on trying to reach the server, with longer and longer pauses up to 30 seconds', async () => {
    const pauses: number[] = []
    const schedule = (work: () => void, milliseconds: number) => {
      if (milliseconds !== 45_000) pauses.push(milliseconds)
      const timer = milliseconds === 45_000 ? undefined : setImmediate(work)
      return () => clearImmediate(timer)
    }
    const down = () => Promise.reject(new TypeError('fetch failed'))
    const answers = [...Array.from({ length: 12 }, () => down), stream(parts([put(1)], 'stalls'))]
    const { store } = answering(answers, { timeout: 45_000, schedule, random: () => 1 })
    expect(await taken(follow(store), 1)).to.deep.equal([1])
    expect(pauses).to.deep.equal([200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000, 30_000, 30_000])
    await store.close()
  })

  it('what others did while the server could not be reached may have been missed', async () => {
    const down = () => Promise.reject(new TypeError('fetch failed'))
    const { store } = answering([
      down,
      problem({ title: 'NotFoundError', id: 'a' }, 404),
      stream(parts([put(1)], 'stalls')),
    ])
    const changes = follow(store)
    expect(await store.get('a')).to.equal(undefined)
    expect(await taken(changes, 1)).to.deep.equal(['QuotaExceededError'])
  })

  it('a call waits for the subscriptions that were begun before it', async () => {
    let open = () => {}
    const opening = new Promise<Response>(resolve => {
      open = () => resolve(stream(parts([live], 'stalls'))())
    })
    const fetch = serving()
    const slow: Fetch = (to, sent) => (to.includes('$changes') ? opening : fetch(to, sent))
    const store = remote(url, { fetch: slow })
    store.subscribe()
    let written = false
    const write = store.put({ id: 1 }).then(() => {
      written = true
    })
    await new Promise(setImmediate)
    expect(written).to.equal(false)
    open()
    await write
    await store.close()
  })

  it('reads comments, fields without a space, several lines of data and any line ends', async () => {
    const event = ': here\r\nid:3\r\nevent:put\r\nretry: 5\r\ndata:{"id":1,\r\ndata: "object":{"id":1}}\r\n\r\n'
    for (const size of [1, 7, 1000]) {
      const pieces = event.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
      const { store } = answering([stream(parts(pieces, 'stalls'))])
      const { value } = await follow(store).next()
      expect(value).to.deep.equal({ type: 'put', id: 1, object: { id: 1 }, sequence: 3 })
      await store.close()
    }
  })

  it('over a history nothing is lost or doubled, wherever the connection breaks off', async () => {
    const inner = history(memory(), { log: memory() })
    const fetch = serving(inner)
    let left = 0
    const cutting: Fetch = async (to, sent) => {
      const response = await fetch(to, sent)
      if (!to.includes('$changes') || !response.body) return response as Response
      left += 97
      let bytes = left % 400
      const cut = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          bytes -= chunk.length
          if (bytes < 0) controller.error(new TypeError('terminated'))
          else controller.enqueue(chunk)
        },
      })
      return new Response(response.body.pipeThrough(cut), { headers: { 'content-type': 'text/event-stream' } })
    }
    const soon = (work: () => void, milliseconds: number) => {
      const timer = milliseconds < 30_000 ? setImmediate(work) : undefined
      return () => clearImmediate(timer)
    }
    const store = remote(url, { fetch: cutting, schedule: soon })
    const changes = follow(store, 0)
    const coming = taken(changes, 60)
    for (let n = 0; n < 60; n++) await store.put({ id: n, n })
    expect(await coming).to.deep.equal(Array.from({ length: 60 }, (_, n) => n))
    await store.close()
  })
})
