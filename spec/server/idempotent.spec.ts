import { expect } from 'chai'
import { memory } from '../../index.js'
import { permissive } from '../../models/facet.js'
import { Model } from '../../models/model.js'
import { sqlite } from '../../stores/sqlite.js'
import { folder } from '../stores/json-file/folder.js'
import { anyModel, asking, personModel } from './world.js'

describe('server: Idempotency-Key', () => {
  const files = folder()
  const key = { 'idempotency-key': 'k1' }

  const stores = { 'by default': undefined, 'in a store': memory({ objects: [] } as object) }
  for (const [where, idempotency] of Object.entries(stores)) {
    it(`does once what is sent again, remembered ${where}`, async () => {
      const ask = asking(undefined, { idempotency })
      const first = await ask('POST', '/people', { name: 'Zoe' }, key)
      const again = await ask('POST', '/people', { name: 'Zoe' }, key)
      expect([again.status, again.text]).to.deep.equal([201, first.text])
      expect(again.headers.get('location')).to.equal(first.headers.get('location'))
      expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).to.deep.equal([
        null,
        'true',
      ])
      expect(first.headers.get('idempotency-key')).to.equal('k1')
      expect((await ask('GET', '/people/$count')).json.count).to.equal(4)
      expect((await ask('POST', '/people', { name: 'Ida' }, key)).status).to.equal(422)
      expect((await ask('POST', '/people', { name: 'Zoe' }, { 'idempotency-key': 'k2' })).status).to.equal(201)
      expect((await ask('DELETE', '/people/1', undefined, key)).status).to.equal(204)
      expect((await ask('DELETE', '/people/1', undefined, key)).status).to.equal(204)
      const refused = await ask('PATCH', '/people/2', { age: -1 }, key)
      expect((await ask('PATCH', '/people/2', { age: -1 }, key)).text).to.equal(refused.text)
      const batch = [{ method: 'POST', path: '/people', body: { name: 'Zoe' } }]
      const done = await ask('POST', '/$batch', batch, key)
      expect((await ask('POST', '/$batch', batch, key)).text).to.equal(done.text)
    })
  }

  it('says that it knows a refusal again only where no effect can have been forgotten', async () => {
    const refuse = async (idempotency?: object) => {
      const ask = asking(undefined, { idempotency: idempotency as never })
      const sent = () => ask('PATCH', '/people/2', { age: -1 }, key)
      return [await sent(), await sent()].map(({ status, headers }) => [status, headers.get('idempotency-key')])
    }
    const { transaction, ...alone } = memory()
    for (const idempotency of [undefined, alone]) {
      expect(await refuse(idempotency)).to.deep.equal([
        [422, null],
        [422, null],
      ])
    }
    expect(await refuse(memory())).to.deep.equal([
      [422, 'k1'],
      [422, 'k1'],
    ])
  })

  it('tells what was done even where that cannot be recorded', async () => {
    const failing = {
      get: () => undefined,
      put() {
        throw new Error('the disk is full')
      },
    }
    const ask = asking(undefined, { idempotency: failing })
    expect((await ask('POST', '/people', { name: 'Zoe' }, key)).status).to.equal(201)
    expect((await ask('GET', '/people/$count')).json.count).to.equal(4)
  })

  it('forgets the oldest where the answers in memory are too long', async () => {
    const long = 'x'.repeat(2 ** 23)
    const Long = Model(memory(), { properties: {}, static: { long: () => long } })
    const ask = asking({ any: permissive(Long) })
    const call = async (key: string) =>
      (await ask('POST', '/any/$call/long', [], { 'idempotency-key': key })).headers.get('idempotency-replayed')
    for (const name of 'abcdefgh') expect(await call(name), name).to.equal(null)
    expect(await call('h')).to.equal('true')
    expect(await call('a')).to.equal(null)
  })

  it('says so while the first is not answered', async () => {
    let go = () => {}
    const gate = new Promise<void>(resolve => {
      go = resolve
    })
    const People = personModel()
    const slow = permissive(People, { allowed: async () => gate.then(() => true) })
    const ask = asking({ people: slow })
    const first = ask('PUT', '/people/1', { name: 'Ada' }, key)
    expect((await ask('PUT', '/people/1', { name: 'Ada' }, key)).status).to.equal(409)
    go()
    expect((await first).status).to.equal(200)
    expect((await ask('PUT', '/people/1', { name: 'Ada' }, key)).headers.get('idempotency-replayed')).to.equal('true')
  })

  it('keeps those who ask apart, however they say who they are', async () => {
    const Notes = anyModel()
    const ask = asking(({ headers }) => {
      const where = { where: 'owner=$1', parameters: [headers.get('cookie') ?? headers.get('authorization')] }
      return { notes: permissive(Notes, where) }
    })
    for (const who of [{ cookie: 'ada' }, { cookie: 'bob' }, { authorization: 'ada' }, { authorization: 'eve' }]) {
      const answer = await ask('POST', '/notes', { text: 'x' }, { ...key, ...who })
      expect([answer.json.owner, answer.headers.get('idempotency-replayed')]).to.deep.equal([
        Object.values(who)[0],
        null,
      ])
    }
  })

  it('lets many be sent at the same time, which do not wait for each other', async () => {
    const [Users, Notes] = [anyModel(), anyModel()]
    const given = () => ({ notes: permissive(Notes), users: permissive(Users) })
    const idempotency = memory() as never
    const asks = [asking(given(), { idempotency }), asking(given, { idempotency })]
    const began = performance.now()
    const statuses = await Promise.all(
      Array.from({ length: 24 }, async (_, n) => {
        const names = n % 2 ? ['/users', '/notes'] : ['/notes', '/users']
        const batch = names.map(path => ({ method: 'POST', path, body: { n } }))
        const sent = n % 3 ? ([names[0], { n }] as const) : (['/$batch', batch] as const)
        const answer = await asks[n % 2]?.('POST', sent[0] as string, sent[1], { 'idempotency-key': `n${n}` })
        return answer?.status
      }),
    )
    expect([...new Set(statuses)].sort()).to.deep.equal([200, 201])
    expect(performance.now() - began).to.be.lessThan(3000)
  })

  it('answers what another process has done meanwhile, and not that it was refused', async () => {
    const idempotency = memory() as never
    const given = { any: permissive(anyModel()) }
    const [one, other] = [asking(given, { idempotency }), asking(given, { idempotency })]
    const send = (ask: typeof one) => ask('POST', '/any', { id: 'a' }, key)
    const answers = [...(await Promise.all([send(one), send(other)])), await send(other)]
    expect(answers.map(({ status }) => status)).to.deep.equal([201, 201, 201])
  })

  it('records it in the same transaction as the effect', async () => {
    const path = files.path('once.db')
    const objects = sqlite({ path, table: 'objects', durability: 'relaxed' })
    const kept = sqlite({ path, table: 'kept', durability: 'relaxed' })
    const facet = permissive(Model(objects, { properties: {} }), { methods: { transaction: false } })
    let fails = false
    const record = {
      ...kept,
      transaction: async (options: object) => {
        const tx = await kept.transaction(options as never)
        const add = () => {
          throw new Error('the disk is full')
        }
        return fails ? { ...tx, add } : tx
      },
    }
    const ask = asking({ any: facet }, { idempotency: record as never })
    const own = { 'idempotency-key': String(Math.random()) }
    const before = (await ask('GET', '/any/$count')).json.count
    fails = true
    expect((await ask('POST', '/any', { a: 1 }, own)).status).to.equal(500)
    expect((await ask('GET', '/any/$count')).json.count).to.equal(before)
    fails = false
    const first = await ask('POST', '/any', { a: 1 }, own)
    expect((await ask('POST', '/any', { a: 1 }, own)).text).to.equal(first.text)
    expect((await ask('GET', '/any/$count')).json.count).to.equal(before + 1)
    objects.close()
    kept.close()
  })
})
