/** What the first Persisto's own tests expect: cases that every system of its kind has to pass. */
import { expect } from 'chai'
import { audit } from '../../models/persisto/audit.js'
import { directories, persisto } from '../../models/persisto.js'
import { memory } from '../../stores/memory.js'
import { type Folder, folder as makeFolder } from '../stores/json-file/folder.js'
import { failure } from './persisto/failure.js'

const strategies = {
  memory: () => () => memory(),
  directories: (folder: Folder) => directories({ path: folder.path('data'), durability: 'relaxed' }),
}

for (const [name, strategyIn] of Object.entries(strategies)) {
  describe(`persisto on ${name}: the cases of the first`, () => {
    const folder = makeFolder()
    const options = () => ({ strategy: strategyIn(folder), log: folder.path('log') })

    it('finds by id and by a unique value, changes what is nested, and refuses a value that is taken', async () => {
      const db = await persisto({
        ...options(),
        types: { userStatus: { email: 'string', info: 'object' } },
        indexes: { userStatus: ['email'] },
      })
      const made = await db.createUserStatus({ email: 'email1', info: { name: 'John' } })
      expect(await db.getUserStatus(made.id)).to.deep.equal(made)
      expect(await db.getUserStatus('email1')).to.deep.equal(made)
      await db.updateUserStatus(made.id, { info: { name: 'Adam' } })
      expect((await db.getUserStatus('email1')).info).to.deep.equal({ name: 'Adam' })
      expect(await failure(db.createUserStatus({ email: 'email1' }))).to.equal('ConstraintError')
      expect(await db.getEveryUserStatus()).to.have.length(1)
      await db.shutDown()
    })

    it('changes a value of an index', async () => {
      const db = await persisto({ ...options(), types: { user: { name: 'string' } }, indexes: { user: ['name'] } })
      const { id } = await db.createUser({ name: 'John' })
      await db.setNameForUser(id, 'Michael')
      expect((await db.getUser('Michael')).id).to.equal(id)
      expect(await db.getEveryUser()).to.deep.equal([id])
      expect((await db.getEveryUserObject()).map(user => user.name)).to.deep.equal(['Michael'])
      expect(await db.getEveryUserName()).to.deep.equal(['Michael'])
      expect(await db.hasUser('John')).to.equal(false)
      await db.shutDown()
    })

    it('adds an index and a grouping over what is there', async () => {
      const first = await persisto({ ...options(), types: { user: { name: 'string', email: 'string' } } })
      for (const [at, name] of ['Michael', 'John', 'John', 'John'].entries()) {
        await first.createUser({ name, email: `email${at}` })
      }
      const indexed = await first.createIndex('user', 'email')
      const db = await indexed.createGrouping('users', 'user', 'name')
      for (const at of [0, 1, 2, 3]) expect((await db.getUserByEmail(`email${at}`))?.email).to.equal(`email${at}`)
      expect(await db.getUserByEmail('other')).to.equal(undefined)
      expect(await db.getUsersObjectsByName('John')).to.have.length(3)
      expect(await db.getUsersByName('John')).to.have.length(3)
      expect(await failure(db.createUser({ email: 'email0' }))).to.equal('ConstraintError')
      await db.shutDown()
    })

    it('moves objects from group to group', async () => {
      const db = await persisto({
        ...options(),
        types: { user: { name: 'string' } },
        groupings: { users: { type: 'user', by: 'name' } },
      })
      const { id } = await db.createUser({ name: 'John' })
      await db.createUser({ name: 'John' })
      expect(await db.getUsersByName('John')).to.have.length(2)
      await db.updateUser(id, { name: 'Michael' })
      expect(await db.getUsersByName('John')).to.have.length(1)
      expect(await db.getUsersByName('Michael')).to.deep.equal([id])
      await db.shutDown()
    })

    it('lists in order, a part at a time', async () => {
      const db = await persisto({ ...options(), types: { userStatus: { name: 'string' } }, locale: 'en' })
      for (const name of [...'YXWVUTSRQPONMLKJIHGFEDCBA`']) await db.createUserStatus({ name })
      const up = await db.getEveryUserStatusObject('name', 10, 20)
      expect(up.map(({ name }) => name).join('')).to.equal('JKLMNOPQRS')
      const down = await db.getEveryUserStatusObject('name', 10, 20, true)
      expect(down.map(({ name }) => name).join('')).to.equal('ONMLKJIHGF')
      // @ts-expect-error: there is no such field
      expect(await db.getEveryUserStatusObject('unknown', 10, 20)).to.have.length(10)
      await db.shutDown()
    })

    it('names the prefix where an id is of another type, and refuses what is configured already', async () => {
      const db = await persisto({
        ...options(),
        types: { userInfo: { name: 'string' }, userLog: { text: 'string' } },
        indexes: { userInfo: ['name'] },
        assets: { agent: ['name'] },
      })
      const { id } = await db.createUserLog({ text: 'came' })
      const wrong = await db.getUserInfo(id).catch((error: Error) => error)
      expect(wrong).to.have.property('name', 'NotFoundError')
      expect(wrong).to.have.property('message').that.includes('begin with userInfo.')
      const { getUserInfo, createAgent } = db
      const before = (await db.methods()).length
      expect(await failure(db.configureTypes({ userInfo: { other: 'string' } }))).to.equal('TypeError')
      expect(await failure(db.createIndex('userInfo', 'name'))).to.equal('TypeError')
      expect(await failure(db.configureAssets({ agent: ['other'] }))).to.equal('TypeError')
      expect(await failure(db.configureAssets({ userLog: ['other'] }))).to.equal('TypeError')
      expect(db.getUserInfo).to.equal(getUserInfo)
      expect(db.createAgent).to.equal(createAgent)
      expect(await db.methods()).to.have.length(before)
      await db.shutDown()
    })

    it('keeps points', async () => {
      const db = await persisto({ ...options(), assets: { user: ['email', 'name'] } })
      await db.mintPoints(1_000_000)
      expect(await db.getBalance('system')).to.equal('1000000')
      const founder = await db.createUser({ name: 'founder' })
      await db.rewardFounder(founder.id, 100_000)
      const user = await db.createUser({ name: 'user1' })
      await db.rewardUser(user.id, 100_000)
      await db.lockPoints(user.id, 99_990, 'locking')
      expect(await db.getBalance(user.id)).to.equal('10')
      await db.transferLockedPoints(99_980, user.id, founder.id, 'transferring')
      expect(await db.getLockedBalance(user.id)).to.equal('10')
      await db.unlockPoints(user.id, 10, 'unlocking')
      expect(await db.getBalance(user.id)).to.equal('20')
      await db.rewardUser(user.id, 100_000)
      await db.lockPoints(user.id, 99_990)
      await db.confiscateLockedPoints(user.id, 99_980, 'confiscating')
      expect(await db.getLockedBalance(user.id)).to.equal('10')
      expect((await db.checkBooks()).problems).to.deep.equal([])
      await db.shutDown()
    })

    it('runs a simple economy', async () => {
      const logger = await audit({ path: folder.path('audit') })
      const db = await persisto({ ...options(), logger, assets: { user: ['name'] } })
      await db.mintPoints(1_000_000)
      const users = await Promise.all(Array.from({ length: 10 }, (_, at) => db.createUser({ name: `user${at}` })))
      await Promise.all(users.map(({ id }) => db.rewardUser(id, 100_000)))
      const [first, ...others] = users.map(({ id }) => id) as [string, ...string[]]
      await Promise.all(others.map(id => db.transferPoints(1000, first, id)))
      await Promise.all(others.slice(0, 7).map(id => db.transferPoints(1000, id, first)))
      await db.transferPoints(500, others[7] as string, others[8] as string)
      expect(await db.getBalance('system')).to.equal('0')
      expect(await db.getBalance(first)).to.equal('98000')
      expect((await db.checkBooks()).total).to.equal('1000000')
      expect(await logger.verify()).to.include({ ok: true })
      expect(await db.getUserLogs(others[8] as string)).to.have.length(3)
      await db.shutDown()
    })
  })
}
