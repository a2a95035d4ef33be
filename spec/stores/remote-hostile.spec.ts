import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import type { RemoteOptions } from '../../stores/remote.js'
import { answering, html, json, listed, nothing, outcome, parts, problem, rows, stream } from './remote/canned.js'

type Store = ReturnType<typeof answering>['store']
type Server = () => Response | Promise<Response>
type Case = [what: string, server: Server, call: (store: Store) => unknown, comes: string, options?: RemoteOptions]

const get = (store: Store) => store.get('a')
const put = (store: Store) => store.put({ id: 'a' })
const add = (store: Store) => store.add({ id: 'a' })
const make = (store: Store) => store.add({})
const remove = (store: Store) => store.delete('a')
const all = (store: Store) => listed(store.query())
const count = (store: Store) => store.count()
const next = (store: Store) => store.subscribe()[Symbol.asyncIterator]().next()
const commit = async (store: Store) => {
  const tx = await store.transaction()
  await tx.put?.({ id: 'a' })
  await tx.commit()
}

const unknown = 'OutcomeUnknownError'
const failed = 'UnknownError'
const deep = `{"id":"a","deep":${'['.repeat(5000)}${']'.repeat(5000)}}`
const small = { max: 1000 }
const change = (told: object, type = 'put') => stream(`event: ${type}\ndata: ${JSON.stringify(told)}\n\n`)

const cases: readonly Case[] = [
  ['an object with another id', json('{"id":"b"}'), get, failed],
  ['an object without an id', json('{"name":"a"}'), get, failed],
  ['an id that is only inherited', json('{"__proto__":{"id":"a"}}'), get, failed],
  ['an array for an object', json('["a"]'), get, failed],
  ['null for an object', json('null'), get, failed],
  ['no text at all', json(''), get, failed],
  ['half an object', json('{"id":"a"'), get, failed],
  ['a page for an object', html('<html>'), get, failed],
  ['plain JSON, which loses dates', () => Response.json({ id: 'a' }), get, failed],
  ['no content type', () => new Response(new TextEncoder().encode('{"id":"a"}')), get, failed],
  ['5,000 levels', json(deep), get, failed],
  ['20,001 properties', json(`{"id":"a",${Array.from({ length: 20_001 }, (_, n) => `"${n}":0`)}}`), get, failed],
  ['a number beyond all numbers', json('{"id":"a","n":1e999}'), get, failed],
  ['a lone surrogate', json('{"id":"a","text":"\\ud800"}'), get, failed],
  ['a date that is none', json('{"id":"a","at":{"$date":"soon"}}'), get, failed],
  ['bytes that are no UTF-8', json(Uint8Array.of(123, 255, 125)), get, failed],
  ['an object without end', json(parts(['{"id":"a","text":"', 'x'.repeat(400)], 'for ever')), get, failed, small],
  ['a length beyond the limit', json('{"id":"a"}', { headers: { 'content-length': '1001' } }), get, failed, small],
  ['an answer that stalls', json(parts(['{"id":'], 'stalls')), get, 'TimeoutError'],
  ['no answer at all', () => new Promise<Response>(() => {}), get, 'TimeoutError'],
  ['no answer to a write', () => new Promise<Response>(() => {}), put, unknown],
  ['a redirect elsewhere', nothing(302, { location: 'http://evil/' }), get, failed],
  ['a redirect of a write', nothing(307, { location: 'http://evil/' }), put, unknown],
  ['what a browser shows of a redirect', () => Object.assign(Response.error(), {}), get, failed],
  ['a page that says that nothing is there', html('<html>', { status: 404 }), get, 'NotFoundError'],
  ['nothing under another id', problem({ title: 'NotFoundError', id: 'b' }, 404), get, 'NotFoundError'],
  ['nothing, for a store that is not there', problem({ title: 'NotFoundError' }, 404), remove, 'NotFoundError'],
  ['success without anything to show for it', nothing(204), put, unknown],
  ['a page for a write', html('<html>Welcome</html>'), put, unknown],
  ['a delete of something else', json('{"id":"b"}'), remove, unknown],
  ['an add of something else', json('{"id":"b"}', { status: 201 }), add, unknown],
  ['a made id that is none', json('{"id":""}', { status: 201 }), make, unknown],
  ['a made id of a wrong type', json('{"id":["a"]}', { status: 201 }), make, unknown],
  ['a page for a failure', html('<html>', { status: 500 }), put, unknown],
  ['an error with a name that is none', problem({ title: 'constructor' }, 500), put, unknown],
  ['an error with the name of a built-in', problem({ title: 'TypeError', status: 400 }, 400), put, 'DataError'],
  ['an error that is an array', problem([], 503), put, unknown],
  ['rows that break off', rows(parts(['[{"id":1}]\n'], 'breaks')), all, failed],
  ['rows without their last line', rows('[{"id":1}]\n'), all, failed],
  ['a last line without its end', rows('[{"id":1}]\n{"count":1}'), all, failed],
  ['fewer rows than were counted', rows('[{"id":1}]\n{"count":2}\n'), all, failed],
  ['rows after the last line', rows('{"count":0}\n[{"id":1}]\n'), all, failed],
  ['a row that is no list', rows('5\n{"count":1}\n'), all, failed],
  ['a line without end', rows(parts(['[1', ',1'.repeat(300)], 'for ever')), all, failed, small],
  ['rows that stall', rows(parts(['[{"id":1}]\n'], 'stalls')), all, 'TimeoutError'],
  ['a page for rows', html('<html>'), all, failed],
  ['an error in the middle of rows', rows('[1]\n{"title":"QuotaExceededError"}\n'), all, 'QuotaExceededError'],
  ['a row out of the domain', rows('[{"id":1,"n":1e999}]\n{"count":1}\n'), all, failed],
  ['a negative count', json('{"count":-1}'), count, failed],
  ['a count that is text', json('{"count":"5"}'), count, failed],
  ['a count that is bare', json('5'), count, failed],
  ['a page for changes', html('<html>'), next, failed],
  ['a change without an object', change({ id: 1 }), next, failed],
  ['a change of another object', change({ id: 1, object: { id: 2 } }), next, failed],
  ['a change whose id is none', change({ id: {}, object: { id: 1 } }), next, failed],
  ['a delete that leaves something', change({ id: 1, object: { id: 1 } }, 'delete'), next, failed],
  ['an event that is no JSON', stream('event: put\ndata: {\n\n'), next, failed],
  ['an event without end', stream(parts([`data: ${'x'.repeat(90)}\n`], 'for ever')), next, failed, small],
  ['changes that are forbidden', problem({ title: 'NotAllowedError' }, 403), next, 'NotAllowedError'],
  ['a commit of which half is answered', json('[]'), commit, unknown],
  ['a commit of which half is refused', json('[{"status":404}]'), commit, unknown],
]

describe('remote, with a server that means harm', () => {
  for (const [what, server, call, comes, options] of cases) {
    it(`${what}: ${comes}`, async () => {
      const { store, sent } = answering([server], options)
      let given: unknown
      try {
        given = await call(store)
      } catch (error) {
        expect(isStoreError(error), String(error)).to.equal(true)
        given = (error as Error).name
      }
      expect(given).to.equal(comes)
      expect(sent.every(({ redirect }) => redirect === 'manual')).to.equal(true)
      await store.close()
    })
  }

  it('an own __proto__ changes no prototype', async () => {
    const { store } = answering([json('{"id":"a","__proto__":{"admin":true},"constructor":1}')])
    const got = (await store.get('a')) as Record<string, unknown>
    expect(Object.hasOwn(got, '__proto__')).to.equal(true)
    expect(got.admin).to.equal(undefined)
    expect(({} as Record<string, unknown>).admin).to.equal(undefined)
  })

  it('an error with too much in it is cut', async () => {
    const issues = Array.from({ length: 5000 }, () => ({ path: [], keyword: 'type', message: 'x' }))
    const details = { title: 'ValidationError', detail: 'x'.repeat(1e6), issues, stack: 'secret', cause: 1 }
    const { store } = answering([problem(details, 422)])
    const error = await store.put({ id: 'a' }).catch(error => error)
    expect(error.name).to.equal('ValidationError')
    expect(error.message.length).to.equal(10_000)
    expect(error.issues.length).to.equal(1000)
    expect(error.cause).to.equal(undefined)
  })

  it('an error with parts of a wrong type has none of them', async () => {
    const details = {
      title: 'ConstraintError',
      detail: 5,
      id: {},
      method: [],
      issues: [{ path: '__proto__' }],
      done: [-1],
    }
    const { store } = answering([problem(details, 409)])
    const error = await store.put({ id: 'a' }).catch(error => error)
    expect([error.name, error.id, error.method, error.issues, error.done]).to.deep.equal([
      'ConstraintError',
      ...[undefined, undefined, undefined, undefined],
    ])
  })

  it('what was given before rows broke off was right, and the end is an error', async () => {
    const { store } = answering([rows(parts(['[{"id":1},{"id":2}]\n', '[{"id":3}'], 'breaks'))])
    const given: unknown[] = []
    const end = await outcome(async () => {
      for await (const each of store.query()) given.push(each)
    })
    expect([given, end]).to.deep.equal([[{ id: 1 }, { id: 2 }], 'UnknownError'])
  })
})
