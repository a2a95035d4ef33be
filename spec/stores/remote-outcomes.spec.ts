import { expect } from 'chai'
import { StoreError } from '../../lib/errors.js'
import { etag } from '../../lib/etag.js'
import { remote } from '../../stores/remote.js'
import { answering, html, json, nothing, outcome, problem } from './remote/canned.js'

const refused = (code: string, syscall: string) => () =>
  Promise.reject(
    Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(code), { code, syscall }) }),
  )
const unreached = refused('ECONNREFUSED', 'connect')
const reset = refused('ECONNRESET', 'read')
const done = nothing(204, { etag: '"1"' })
const echoed = (answer: () => Response) => () => {
  const response = answer()
  response.headers.set('idempotency-key', 'the same')
  return response
}
const conflict = problem({ title: 'ConstraintError', detail: 'taken' }, 409)
const stale = problem({ title: 'PreconditionFailedError' }, 412)
const twice = { retry: 1 }

describe('remote, what comes of a call', () => {
  it('not sent is failed, for every call', async () => {
    for (const call of ['get', 'put', 'add', 'delete', 'count'] as const) {
      const { store } = answering([unreached])
      const given = { get: 'a', put: { id: 'a' }, add: { id: 'a' }, delete: 'a', count: 'n=1' }[call]
      expect(await outcome(() => store[call](given as never)), call).to.equal('NetworkError')
    }
  })

  it('a host of which no address answers was not reached', async () => {
    const errors = ['::1', '127.0.0.1'].map(address => Object.assign(new Error(address), { syscall: 'connect' }))
    const { store } = answering([
      () => Promise.reject(new TypeError('fetch failed', { cause: new AggregateError(errors) })),
    ])
    expect(await outcome(() => store.put({ id: 'a' }))).to.equal('NetworkError')
  })

  it('sent without an answer is unknown for a write, failed for a read', async () => {
    expect(await outcome(() => answering([reset]).store.put({ id: 'a' }))).to.equal('OutcomeUnknownError')
    expect(await outcome(() => answering([reset]).store.delete('a'))).to.equal('OutcomeUnknownError')
    expect(await outcome(() => answering([reset]).store.get('a'))).to.equal('UnknownError')
  })

  it('a put without a condition is never sent again', async () => {
    const { store, sent } = answering([reset], twice)
    expect(await outcome(() => store.put({ id: 'a' }))).to.equal('OutcomeUnknownError')
    expect(await outcome(() => store.delete('a'))).to.equal('OutcomeUnknownError')
    expect(sent.length).to.equal(2)
  })

  for (const [what, call] of [
    ['a put with ifMatch', store => store.put({ id: 'a' }, { ifMatch: { id: 'a' } })],
    ['a put with ifNoneMatch', store => store.put({ id: 'a' }, { ifNoneMatch: '*' })],
    ['a delete with ifMatch', store => store.delete('a', { ifMatch: '*' })],
  ] as [string, (store: ReturnType<typeof remote>) => Promise<unknown>][]) {
    it(`${what} is sent again, with the same key`, async () => {
      const { store, sent } = answering([reset, done], twice)
      expect(await outcome(() => call(store))).to.be.oneOf(['a', true])
      const keys = sent.map(({ headers }) => headers['idempotency-key'])
      expect(keys[0]).to.match(/^[0-9a-f-]{36}$/)
      expect(keys[1]).to.equal(keys[0])
    })

    it(`${what}, refused when it is sent again, is unknown unless the server knew it again`, async () => {
      expect(await outcome(() => call(answering([reset, stale], twice).store))).to.equal('OutcomeUnknownError')
      expect(await outcome(() => call(answering([reset, echoed(stale)], twice).store))).to.equal(
        'PreconditionFailedError',
      )
      expect(await outcome(() => call(answering([unreached, stale], twice).store))).to.equal('PreconditionFailedError')
    })
  }

  it('an add is sent again by its key', async () => {
    const { store, sent } = answering([reset, json('{"id":"a"}', { status: 201 })], twice)
    expect(await store.add({ id: 'a' })).to.equal('a')
    expect(sent[1]?.headers['idempotency-key']).to.equal(sent[0]?.headers['idempotency-key'])
    expect(await outcome(() => answering([reset, conflict], twice).store.add({ id: 'a' }))).to.equal(
      'OutcomeUnknownError',
    )
    const known = answering([reset, echoed(conflict)], twice).store
    expect(await outcome(() => known.add({ id: 'a' }))).to.equal('ConstraintError')
  })

  it('calls have different keys', async () => {
    const { store, sent } = answering([done])
    await store.put({ id: 'a' })
    await store.put({ id: 'a' })
    expect(sent[0]?.headers['idempotency-key']).not.to.equal(sent[1]?.headers['idempotency-key'])
  })

  it('unknown and then not reached is unknown', async () => {
    const { store } = answering([reset, unreached], twice)
    expect(await outcome(() => store.add({ id: 'a' }))).to.equal('OutcomeUnknownError')
  })

  it('sends again as often as it is told to, and no more', async () => {
    const { store, sent } = answering([reset], { retry: 5, timeout: 30_000 })
    expect(await outcome(() => store.get('a'))).to.equal('UnknownError')
    expect(sent.length).to.equal(6)
  })

  it('waits longer and longer, and not all for the same time', async () => {
    const pauses: number[] = []
    const schedule = (work: () => void, milliseconds: number) => {
      if (milliseconds < 30_000) pauses.push(milliseconds)
      const timer = milliseconds < 30_000 ? setImmediate(work) : undefined
      return () => clearImmediate(timer)
    }
    for (const chance of [0, 1]) {
      const { store } = answering([reset], { retry: 8, timeout: 30_000, schedule, random: () => chance })
      await outcome(() => store.get('a'))
    }
    expect(pauses.slice(0, 8)).to.deep.equal([50, 100, 200, 400, 800, 1600, 2500, 2500])
    expect(pauses.slice(8)).to.deep.equal([100, 200, 400, 800, 1600, 3200, 5000, 5000])
  })

  it('waits as long as the server asks, unless that is too long', async () => {
    const busy = (after: string) =>
      problem({ title: 'QuotaExceededError', detail: 'too often' }, 429, { 'retry-after': after })
    const { store, sent } = answering([busy('0.1'), json('{"id":"a"}')], twice)
    expect(await store.get('a')).to.deep.equal({ id: 'a' })
    expect(sent.length).to.equal(2)
    const later = answering([busy('3600')], twice)
    expect(await outcome(() => later.store.get('a'))).to.equal('QuotaExceededError')
    expect(later.sent.length).to.equal(1)
    const write = answering([busy('3600')], twice)
    expect(await outcome(() => write.store.put({ id: 'a' }))).to.equal('QuotaExceededError')
  })

  it('what the store on the server does not know stays unknown', async () => {
    const unknown = problem({ title: 'OutcomeUnknownError' }, 503, { 'retry-after': '0' })
    expect(await outcome(() => answering([unknown, unreached], twice).store.add({ id: 'a' }))).to.equal(
      'OutcomeUnknownError',
    )
    const busy = problem({ title: 'TimeoutError' }, 503, { 'retry-after': '0' })
    expect(await outcome(() => answering([busy, unreached], twice).store.add({ id: 'a' }))).to.equal('NetworkError')
  })

  it('a gateway without its server is unknown for a write, and asked again for a read', async () => {
    const gateway = html('<html>Bad gateway', { status: 502 })
    expect(await outcome(() => answering([gateway], twice).store.put({ id: 'a' }))).to.equal('OutcomeUnknownError')
    expect(await answering([gateway, json('{"id":"a"}')], twice).store.get('a')).to.deep.equal({ id: 'a' })
  })

  it('what the caller ends throws his reason', async () => {
    const controller = new AbortController()
    const { store } = answering([() => new Promise<Response>(() => {})])
    const reason = new Error('not any more')
    const { signal } = controller
    const calls = [store.get('a', { signal }), store.put({ id: 'a' }, { signal }), store.count('', { signal })]
    const ends = Promise.allSettled(calls)
    controller.abort(reason)
    expect((await ends).map(each => each.status === 'rejected' && each.reason)).to.deep.equal([reason, reason, reason])
  })

  it('errors come back as they were', async () => {
    const issues = [{ path: ['name'], keyword: 'type', message: 'must be a string' }]
    const error = new StoreError('ValidationError', 'wrong', { method: 'put', id: 'a', issues })
    const { store } = answering([problem(error.toJSON(), 422)])
    const given = await store.put({ id: 'a' }).catch(error => error)
    expect(given).to.be.instanceOf(StoreError)
    expect(given.toJSON()).to.deep.equal(error.toJSON())
  })

  it('sends what it is told to, asked for each request', async () => {
    let token = 0
    const headers = async () => ({ authorization: `Bearer ${++token}` })
    const { store, sent } = answering([json('{"id":"a"}')], { headers })
    await store.get('a')
    await store.get('a')
    expect(sent.map(each => each.headers.authorization)).to.deep.equal(['Bearer 1', 'Bearer 2'])
  })

  it('sends the condition as an ETag', async () => {
    const { store, sent } = answering([done])
    await store.put({ id: 'a', n: 2 }, { ifMatch: { id: 'a', n: 1, gone: undefined } })
    expect(sent[0]?.headers['if-match']).to.equal(etag({ id: 'a', n: 1 }))
  })

  it('refuses an address that is none', () => {
    for (const url of [
      'ftp://host/users',
      'http://host/',
      'http://host/users?a=1',
      'http://a:b@host/users',
      '/users',
    ]) {
      expect(() => remote(url), url).to.throw(TypeError)
    }
  })

  it('refuses options that are wrong', () => {
    for (const options of [{ timeout: 0 }, { retry: -1 }, { retry: 0.5 }, { max: 0 }]) {
      expect(() => remote('http://host/users', options), JSON.stringify(options)).to.throw(TypeError)
    }
  })
})
