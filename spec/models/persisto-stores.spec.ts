/** Where objects live: a directory, any store, one for each type, one that processes share. */
import { existsSync, readdirSync } from 'node:fs'
import { expect } from 'chai'
import { directories, persisto } from '../../models/persisto.js'
import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { child } from '../child.js'
import { folder } from '../stores/json-file/folder.js'
import { type Kind, shared } from './persisto/creator.js'
import { failure } from './persisto/failure.js'

const user = { types: { user: { name: 'string', email: 'string', born: 'date', info: 'any' } } } as const
const strategy = () => memory()

describe('persisto, over stores', () => {
  const files = folder()

  it('keeps everything, counters included, in a directory that is the default', async () => {
    const path = files.path('work')
    const first = await persisto({ ...user, path, indexes: { user: ['email'] } })
    const { id } = await first.createUser({ email: 'a', born: new Date(0) })
    expect(readdirSync(`${path}/user`)).to.deep.equal(['user.1.json'])
    await first.shutDown()
    const db = await persisto({ ...user, path, indexes: { user: ['email'] } })
    expect(await db.getUser('a')).to.deep.equal({ id, email: 'a', born: new Date(0) })
    expect((await db.createUser({ email: 'b' })).id).to.equal('user.2')
    await db.shutDown()
    await db.shutDown()
    expect(await failure(db.getUser('a'))).to.equal('InvalidStateError')
  })

  it('adds an index that is to be unique while others write, and keeps what it says', async () => {
    const db = await persisto({ types: { user: { email: 'string' } }, path: files.path('indexed') })
    for (let at = 0; at < 5; at++) await db.createUser({ email: `e${at}` })
    const writing = (async () => {
      for (let at = 0; at < 5; at++) await db.createUser({ email: `e${at}` }).catch(() => {})
    })()
    const added = await failure(db.createIndex('user', 'email'))
    await writing
    const emails = (await db.getEveryUserObject()).map(({ email }) => email)
    expect('getUserByEmail' in db).to.equal(added !== 'ConstraintError')
    if (added !== 'ConstraintError') expect(new Set(emails).size).to.equal(emails.length)
    await db.shutDown()
  })

  it('adds an index over what was not saved yet', async () => {
    const first = await persisto({ types: { user: { email: 'string' } }, path: files.path('late'), autosave: 60_000 })
    const { id } = await first.createUser({ email: 'a' })
    const db = await first.createIndex('user', 'email')
    expect((await db.getUserByEmail('a'))?.id).to.equal(id)
    expect(await failure(db.createUser({ email: 'a' }))).to.equal('ConstraintError')
    await db.shutDown()
  })

  const places = {
    'one memory store': () => ({ store: memory() }),
    'one file': async () => ({ store: await jsonFile({ path: files.path('all.json'), durability: 'relaxed' }) }),
    'a file each': () => ({
      strategy: (name: string) => jsonFile({ path: files.path(`${name}.json`), durability: 'relaxed' }),
      log: files.path('log'),
    }),
    sqlite: () => ({
      strategy: (name: string) => sqlite({ path: files.path('app.db'), table: name, durability: 'relaxed' }),
    }),
  } as const
  for (const [name, place] of Object.entries(places)) {
    it(`works on any store: ${name}`, async () => {
      const db = await persisto({
        ...user,
        ...((await place()) as object),
        types: { ...user.types, post: { title: 'string' } },
        indexes: { user: ['email'] },
        relations: { authorship: ['user', 'post'] },
        assets: { agent: ['name'] },
      })
      const ada = await db.createUser({ email: 'ada' })
      const post = await db.createPost({ title: 'Kelp', user: [ada.id] })
      expect(await failure(db.createUser({ email: 'ada' }))).to.equal('ConstraintError')
      expect(await db.getPostsFromAuthorshipWithUser(ada.id)).to.deep.equal([post])
      expect((await db.select('user', { email: 'ada' })).filteredCount).to.equal(1)
      await db.mintPoints(10)
      const agent = await db.createAgent()
      await db.rewardUser(agent.id, 10)
      expect(await db.checkBooks()).to.include({ balanced: true, total: '10' })
      await db.deleteUser('ada')
      expect((await db.getPost(post.id)).user).to.deep.equal([])
      await db.shutDown()
    })
  }

  it('does not take one store for what that cannot tell apart', async () => {
    const types = { user: { name: 'string' }, town: { name: 'string' } } as const
    const indexes = { user: ['name'], town: ['name'] } as const
    expect(await failure(persisto({ store: memory(), types, indexes }))).to.equal('NotSupportedError')
    const db = await persisto({ strategy, types, indexes })
    await db.createUser({ name: 'x' })
    expect((await db.createTown({ name: 'x' })).id).to.equal('town.1')
  })

  it('says early what is kept back only when it is told to, and then saves it', async () => {
    const path = files.path('later')
    const db = await persisto({ ...user, path, autosave: 60_000 })
    await db.createUser({ name: 'Ada' })
    expect(readdirSync(`${path}/user`)).to.deep.equal([])
    await db.forceSave()
    expect(readdirSync(`${path}/user`)).to.deep.equal(['user.1.json'])
    await db.createUser({ name: 'Bob' })
    await db.shutDown()
    expect(readdirSync(`${path}/user`)).to.have.length(2)

    const related = { types: { user: { name: 'string' }, post: {} }, relations: { of: ['user', 'post'] } } as const
    const early = await persisto({ ...related, path: files.path('related'), autosave: 60_000 })
    const ada = await early.createUser({ name: 'Ada' })
    const post = await early.createPost({ user: [ada.id] })
    expect(await early.getPostIdsFromOfWithUser(ada.id)).to.deep.equal([post.id])
    await early.deleteUser(ada.id)
    expect((await early.getPost(post.id)).user).to.deep.equal([])
    await early.shutDown()
  })

  for (const kind of ['directories', 'sqlite'] satisfies Kind[]) {
    it(`is shared by processes: ${kind}`, async () => {
      const db = await shared(files.path('.'), kind)
      await db.mintPoints(1000)
      const agents = await Promise.all([db.createAgent(), db.createAgent()])
      await db.rewardUser(agents.map(({ id }) => id).sort()[0] as string, 1000)
      const count = process.env.GATE ? 100 : 3
      const said = await Promise.all(
        Array.from({ length: 2 }, () =>
          printed(child('models/persisto/creator.ts', files.path('.'), kind, `${count}`)),
        ),
      )
      const lines = said.flat()
      expect(lines).to.have.length(2 * count)
      expect(new Set(lines.map(line => line.split(' ')[0])).size).to.equal(2 * count)
      expect(lines.filter(line => line.endsWith(' made'))).to.have.length(count)
      expect(await db.getEveryUser()).to.have.length(3 * count)
      expect(await db.checkBooks()).to.include({ balanced: true, entries: 2 + 2 * count })
      expect(await db.getBalance(agents.map(({ id }) => id).sort()[1] as string)).to.equal(`${2 * count}`)
      await db.shutDown()
      expect(existsSync(files.path(kind === 'sqlite' ? 'app.db' : 'data/user'))).to.equal(true)
    }).timeout(120_000)
  }

  it('is opened by one process, if it is not said that several share it', async () => {
    const options = { ...user, strategy: directories({ path: files.path('data'), durability: 'relaxed' }) }
    const db = await persisto(options)
    expect(await failure(persisto(options))).to.equal('InvalidStateError')
    await db.shutDown()
    await (await persisto(options)).shutDown()
  })
})

async function printed({ stdout }: ReturnType<typeof child>): Promise<string[]> {
  let text = ''
  stdout.setEncoding('utf8')
  for await (const piece of stdout) text += piece
  return text.split('\n').slice(0, -1)
}
