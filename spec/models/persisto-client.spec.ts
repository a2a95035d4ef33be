import { expect } from 'chai'
import { client } from '../../models/persisto/client.js'
import { grant, persisto } from '../../models/persisto.js'
import { handler } from '../../server/handler.js'
import { listen } from '../../server/listen.js'
import { memory } from '../../stores/memory.js'
import { failure } from './persisto/failure.js'

const open = () =>
  persisto({
    strategy: () => memory(),
    types: { user: { email: 'string', born: 'date', coins: 'bigint' } },
    indexes: { user: ['email'] },
    assets: { agent: ['name'] },
  })

describe('persisto: over HTTP', () => {
  it('is the same as here', async () => {
    const db = await open()
    const facet = await grant(db, [
      'createUser',
      'getUser',
      'getUserByEmail',
      'setEmailForUser',
      'deleteUser',
      'select',
      'createAgent',
      'mintPoints',
      'rewardUser',
      'getBalance',
    ])
    const server = await listen({ methods: facet })
    const far = client<typeof db>(`${server.url}/methods/`)
    const ada = await far.createUser({ email: 'ada', born: new Date(0), coins: 12345678901234567890n })
    expect(ada).to.deep.equal(await db.getUser(ada.id))
    expect(await far.getUser('ada')).to.deep.equal(ada)
    expect(await far.getUserByEmail('nobody')).to.equal(undefined)
    expect((await far.select('user', { born: { $lte: new Date(5) } })).objects).to.deep.equal([ada])
    await far.mintPoints('10.5')
    const agent = await far.createAgent({ name: 'x' })
    await far.rewardUser(agent.id, 5n, undefined, { operation: 'one' })
    expect(await far.rewardUser(agent.id, 5n, undefined, { operation: 'one' })).to.include({ repeated: true })
    expect(await far.getBalance(agent.id)).to.equal('0.000005')
    expect(await failure(far.createUser({ email: 'ada' }))).to.equal('ConstraintError')
    expect(await failure(far.getUser('nobody'))).to.equal('NotFoundError')
    expect(await failure(far.createUser({ email: 5 } as never))).to.equal('ValidationError')
    expect(await far.deleteUser('ada')).to.equal(undefined)

    const listed = await far.methods()
    expect(listed.find(({ name }) => name === 'rewardUser')).to.deep.equal({
      name: 'rewardUser',
      description: 'Gives points of the system.',
      arguments: [
        { name: 'id', type: 'string' },
        { name: 'amount', type: 'number | string | bigint' },
        { name: 'reason', type: 'string', optional: true },
        { name: 'options', type: 'object', optional: true },
      ],
    })
    expect(listed).to.have.length(10)
    await server.close()
  })

  it('calls nothing that was not granted', async () => {
    const db = await open()
    const handle = handler({ methods: await grant(db, ['getUser', 'getEveryUser']) })
    const ask = async (path: string, method: string, body?: string) => {
      const headers = { 'content-type': 'application/json' }
      return (await handle(new Request(`http://localhost${path}`, { method, headers, ...(body && { body }) }))).status
    }
    expect(await ask('/methods/$call/getEveryUser', 'POST', '[]')).to.equal(200)
    const others = [
      'createUser',
      'shutDown',
      'configure',
      'toString',
      'constructor',
      '__defineGetter__',
      'hasOwnProperty',
    ]
    for (const name of [...others, '__proto__', 'then', 'get', 'query', 'transaction', '']) {
      expect(await ask(`/methods/$call/${name}`, 'POST', '[]'), name).to.be.oneOf([404, 405])
    }
    for (const [path, method] of [
      ['/methods', 'POST'],
      ['/methods/getUser', 'DELETE'],
      ['/methods/getUser', 'PUT'],
    ] as const) {
      expect(await ask(path, method, '{}'), `${method} ${path}`).to.equal(405)
    }
    expect(await ask('/methods/getUser', 'GET')).to.equal(200)
    expect(await ask('/methods/createUser', 'GET')).to.equal(404)
    expect(await ask('/methods/$call/getUser', 'POST', '{"id":1}')).to.equal(400)
    expect(await ask('/execute', 'POST', '[]')).to.equal(404)
    expect(await failure(grant(db, ['toString' as never]))).to.equal('TypeError')
  })

  it('reaches nothing behind a facet', async () => {
    const db = await open()
    const facet = await grant(db, ['getUser', 'createUser'])
    expect(Object.keys(facet).sort()).to.deep.equal(['count', 'createUser', 'get', 'getUser', 'query'])
    const values = { email: 'a' }
    const made = await facet.createUser(values)
    expect(await facet.getUser(made.id)).to.deep.equal(made)
  })

  it('says what it does not know, where there is no answer', async () => {
    const nobody = client<Awaited<ReturnType<typeof open>>>('http://localhost:1/methods', {
      fetch: () => Promise.reject(new TypeError('fetch failed')),
    })
    expect(await failure(nobody.createUser({}))).to.equal('OutcomeUnknownError')
    expect(await failure(nobody.methods())).to.equal('NetworkError')
    let asked: Headers | undefined
    const page = client<Awaited<ReturnType<typeof open>>>('http://localhost/methods', {
      headers: async () => ({ authorization: 'ada' }),
      fetch: async (_, init) => {
        asked = new Headers(init?.headers)
        return new Response('<html>', { status: 403 })
      },
    })
    expect(await failure(page.getUser('a'))).to.equal('NotAllowedError')
    expect(asked?.get('authorization')).to.equal('ada')
    expect((page as unknown as { then: unknown }).then).to.equal(undefined)
  })
})
