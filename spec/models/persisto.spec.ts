import { expect } from 'chai'
import { type Config, counted, persisto, upperCase, uuid } from '../../models/persisto.js'
import { memory } from '../../stores/memory.js'
import { type Call, failing } from '../../wrappers/failing.js'
import { failure } from './persisto/failure.js'

const user = { types: { user: { name: 'string', email: 'string', born: 'date', info: 'any' } } } as const
const strategy = () => memory()

describe('persisto', () => {
  it('gives copies, and takes copies', async () => {
    const db = await persisto({ ...user, strategy })
    const given = { info: { tags: ['a'] } }
    const made = await db.createUser(given)
    given.info.tags.push('b')
    ;(made.info as { tags: string[] }).tags.push('c')
    const read = await db.getUser(made.id)
    ;(read.info as { tags: string[] }).tags.push('d')
    const [listed] = await db.getEveryUserObject()
    if (listed) (listed.info as { tags: string[] }).tags.push('e')
    expect((await db.getUser(made.id)).info).to.deep.equal({ tags: ['a'] })
    expect(Object.getPrototypeOf(made)).to.equal(Object.prototype)
  })

  it('enforces the types of fields, and what is required', async () => {
    const db = await persisto({ ...user, required: { user: ['name'] }, strategy })
    const { id } = await db.createUser({ name: 'Ada', born: new Date(0) })
    expect((await db.getUser(id)).born).to.deep.equal(new Date(0))
    const wrong = [{ name: 5 }, { name: 'x', born: 'today' }, {}, 'Ada', null, ['Ada'], undefined]
    for (const each of wrong) {
      expect(await failure(db.createUser(each as never)), JSON.stringify(each)).to.be.oneOf([
        'ValidationError',
        'TypeError',
      ])
    }
    expect(await failure(db.updateUser(id, { born: 5 as never }))).to.equal('ValidationError')
    expect((await db.updateUser(id, { email: 'a', id: 'other' } as never)).id).to.equal(id)
    const odd = await db.updateUser(id, JSON.parse('{ "__proto__": { "admin": true }, "constructor": 5 }'))
    expect(Object.entries(odd)).to.deep.include(['__proto__', { admin: true }])
    expect(await db.getUser(id)).to.deep.equal(odd)
    expect((odd as { admin?: boolean }).admin).to.equal(undefined)
    expect(await failure(db.updateUser('user.nobody', {}))).to.equal('NotFoundError')
    expect(await failure(db.deleteUser('user.nobody'))).to.equal('NotFoundError')
    for (const none of [undefined, null, 5, '', {}])
      expect(await failure(db.getUser(none as never))).to.equal('TypeError')
    for (const name of ['constructor', '__proto__', 'toString']) expect(await db.hasUser(name)).to.equal(false)
    await db.deleteUser(id)
    expect(await db.hasUser(id)).to.equal(false)
    expect(await db.getEveryUser()).to.deep.equal([])
  })

  it('finds by each of several indexes, and keeps unique what is to be', async () => {
    const indexes = { user: ['email', 'name', { field: 'born', unique: false }] } as const
    const db = await persisto({ ...user, indexes, strategy })
    const born = new Date(0)
    for (const name of ['constructor', '__proto__', 'x']) await db.createUser({ name, email: `${name}@x`, born })
    expect((await db.getUser('__proto__')).email).to.equal('__proto__@x')
    expect((await db.getUserByName('constructor'))?.email).to.equal('constructor@x')
    expect(await db.getEveryUserByBorn(born, 'name', 0, 2)).to.have.length(2)
    expect(await db.getEveryUserBorn()).to.deep.equal([born])
    expect(await db.getEveryUserName()).to.deep.equal(['__proto__', 'constructor', 'x'])
    await db.createUser({})
    await db.createUser({})
    expect(await db.getEveryUser()).to.have.length(5)
    const { id } = await db.getUser('x')
    for (const change of [db.setNameForUser(id, 'constructor'), db.updateUser(id, { name: 'constructor' })]) {
      expect(await failure(change)).to.equal('ConstraintError')
    }
    expect((await db.getUser(id)).name).to.equal('x')
    const made = await Promise.all(Array.from({ length: 20 }, () => failure(db.createUser({ email: 'one' }))))
    expect(made.filter(each => each === 'nothing failed')).to.have.length(1)
  })

  it('adds nothing of a configuration in which anything is wrong', async () => {
    const db = await persisto({ ...user, strategy })
    await db.createUser({ name: 'John' })
    await db.createUser({ name: 'John' })
    const before = await db.methods()
    const wrong: Config[] = [
      { types: { tag: {}, user: {} } },
      { types: { tag: {} }, indexes: { user: ['name'] } },
      { types: { tag: {} }, indexes: { nobody: ['name'] } },
      { types: { tag: {} }, groupings: { tags: { type: 'nobody', by: 'x' } } },
      { types: { 'ta g': {} } },
      { types: { system: {} } },
      { types: { tag: { x: 'strng' as never } } },
      { types: { tag: { x: { type: 'string', unique: true } as never } } },
      { types: { tag: {} }, relations: { of: ['tag', 'dog'] } },
      { types: { tag: {} }, assets: { tag: [] } },
      { types: { tag: {}, everyTag: {} } },
      { types: { tag: {} }, assets: { agent: ['availableBalance'] } },
      { types: { tag: {}, of_relation: {} }, relations: { of: ['tag', 'user'] } },
      { types: { tag: {} }, typos: {} } as never,
    ]
    for (const each of wrong) {
      const found = await failure(db.configure(each as never))
      expect(found, JSON.stringify(each)).to.be.oneOf(['TypeError', 'ConstraintError'])
      expect(await db.methods()).to.deep.equal(before)
    }
    await (await db.configure({ types: { tag: { label: 'string' } } })).createTag({ label: 'x' })
    expect(await failure(persisto({ strategy, types: { userInfo: {}, USERINFO: {} }, ids: upperCase }))).to.equal(
      'TypeError',
    )
    expect(await failure(persisto({ strategy, store: memory() }))).to.equal('TypeError')
  })

  it('makes ids as it is told, and another where one is taken', async () => {
    const taken = ['user.1', 'user.1', 'user.2']
    const db = await persisto({ ...user, strategy, ids: { user: () => taken.shift() ?? 'user.3' } })
    expect([(await db.createUser({})).id, (await db.createUser({})).id]).to.deep.equal(['user.1', 'user.2'])
    const same = await persisto({ ...user, strategy, ids: () => 'x', assets: { agent: [] } })
    expect([await failure(same.createUser({})), await failure(same.createUser({}))]).to.deep.equal([
      'nothing failed',
      'ConstraintError',
    ])
    expect([await failure(same.createAgent()), await failure(same.createAgent())]).to.deep.equal([
      'nothing failed',
      'ConstraintError',
    ])
    for (const [ids, form] of [
      [counted, /^user\.[\da-z]+$/],
      [upperCase, /^USER\.[\dA-Z]+$/],
      [uuid, /^[\da-f-]{36}$/],
    ] as const) {
      const other = await persisto({ ...user, strategy, ids })
      const made = await Promise.all(Array.from({ length: 250 }, () => other.createUser({})))
      expect(new Set(made.map(({ id }) => id)).size).to.equal(250)
      for (const { id } of made) expect(id).to.match(form)
    }
    expect([
      await db.getNextNumber('bill'),
      await db.getNextNumber('bill'),
      await db.getNextNumber('other'),
    ]).to.deep.equal([1, 2, 1])
    expect(await db.getLogicalTimestamp()).to.be.below(await db.getLogicalTimestamp())
  })

  it('tells the logger what was done, and nothing that was not', async () => {
    const told: string[] = []
    const logger = {
      record: ({ type }: { type: string }) => void told.push(type),
      close: () => void told.push('closed'),
    }
    const db = await persisto({ ...user, strategy, indexes: { user: ['email'] }, logger })
    const { id } = await db.createUser({ email: 'a' })
    await failure(db.createUser({ email: 'a' }))
    await db.updateUser(id, { name: 'b' })
    await db.loginEvent(id)
    await db.deleteUser(id)
    await db.shutDown()
    expect(told).to.deep.equal(['CREATE_OBJECT', 'UPDATE_OBJECT', 'LOGIN', 'DELETE_OBJECT', 'closed'])
  })

  it('leaves no half of an object and its relations where a store fails', async () => {
    let armed = false
    let calls = 0
    // what is prepared can be committed
    const fails = {
      when: ({ method }: Call) =>
        armed && method !== 'commit' && method !== 'abort' && calls-- === 0 ? ('before' as const) : undefined,
    }
    const db = await persisto({
      ...user,
      types: { ...user.types, post: { title: 'string' } },
      relations: { authorship: ['user', 'post'] },
      strategy: name => (name === 'system' ? memory() : failing(memory(), fails)),
    })
    const ada = await db.createUser({})
    let posts = 0
    for (let at = 0; at < 40; at++) {
      ;[armed, calls] = [true, at]
      const made = await failure(db.createPost({ title: `${at}`, user: [ada.id] }))
      armed = false
      if (made === 'nothing failed') posts++
      expect(await db.getEveryPost(), `at call ${at}`).to.have.length(posts)
      expect((await db.getUser(ada.id)).post).to.have.length(posts)
    }
    expect(posts).to.be.within(10, 35)
  })
})
