import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import { type Page, pages } from '../../models/persisto/assets/page.js'
import { persisto } from '../../models/persisto.js'
import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { type Call, failing } from '../../wrappers/failing.js'
import { newSeed, random } from '../oracle/random.js'
import { folder } from '../stores/json-file/folder.js'
import { atOnce, begin, economyIn, operation, supply } from './persisto/economy.js'
import { failure } from './persisto/failure.js'

const open = () => persisto({ strategy: () => memory(), assets: { user: { name: 'string' }, shop: ['name'] } })

describe('persisto: assets', () => {
  it('cannot be made to leak by whatever amount', async () => {
    const db = await open()
    await db.mintPoints(1000)
    const [ada, bob] = [await db.createUser({ name: 'Ada' }), await db.createUser({ name: 'Bob' })]
    await db.rewardUser(ada.id, 100)
    await db.rewardUser(bob.id, 100)
    for (const amount of [-5, 0, '0.0', -0, '-0.000001', -1n, 0n]) {
      expect(await failure(db.transferPoints(amount, ada.id, bob.id)), String(amount)).to.equal('RangeError')
      expect(await failure(db.lockPoints(ada.id, amount))).to.equal('RangeError')
      expect(await failure(db.rewardUser(ada.id, amount))).to.equal('RangeError')
      expect(await failure(db.confiscateLockedPoints(ada.id, amount))).to.equal('RangeError')
    }
    for (const amount of [Number.NaN, 'much', undefined, {}]) {
      expect(await failure(db.transferPoints(amount as never, ada.id, bob.id))).to.equal('TypeError')
    }
    await db.transferPoints(60, ada.id, ada.id)
    expect(await failure(db.transferPoints(101, ada.id, ada.id))).to.equal('ConstraintError')
    expect(await failure(db.transferPoints('100.000001', ada.id, bob.id))).to.equal('ConstraintError')
    for (const nobody of ['issued', 'nobody', 'constructor', '__proto__']) {
      expect(await failure(db.transferPoints(1, ada.id, nobody)), nobody).to.equal('NotFoundError')
      expect(await failure(db.transferPoints(1, nobody, ada.id)), nobody).to.equal('NotFoundError')
    }
    expect(await failure(db.transferPoints(1, ada.id, '' as never))).to.equal('TypeError')
    expect([await db.getBalance(ada.id), await db.getBalance(bob.id)]).to.deep.equal(['100', '100'])
    expect(await failure(db.mintPoints(1))).to.equal('ConstraintError')
    await db.rewardFounder(ada.id, 1)
    expect(await failure(db.rewardFounder(bob.id, 1))).to.equal('ConstraintError')
    expect(await db.checkBooks()).to.include({ balanced: true, supply: '1000', total: '1000' })
  })

  it('are transferred once for each transfer, many at a time', async () => {
    const db = await open()
    await db.mintPoints('10.5')
    const [ada, bob] = [await db.createUser(), await db.createUser()]
    await db.rewardUser(ada.id, '10.1')
    const moved = await Promise.all(Array.from({ length: 20 }, () => failure(db.transferPoints(1, ada.id, bob.id))))
    expect(moved.filter(each => each === 'ConstraintError')).to.have.length(10)
    expect([await db.getBalance(ada.id), await db.getBalance(bob.id)]).to.deep.equal(['0.1', '10'])
    for (let step = 0; step < 10; step++) await db.transferPoints(0.01, ada.id, bob.id)
    expect(await failure(db.transferPoints(0.01, ada.id, bob.id))).to.equal('ConstraintError')
    expect(await db.getBalance(bob.id)).to.equal('10.1')
  })

  it('do an operation once, however often it is asked for', async () => {
    const db = await open()
    await db.mintPoints(100)
    const [ada, bob] = [await db.createUser(), await db.createUser()]
    await db.rewardUser(ada.id, 50)
    const ask = () => db.transferPoints(10, ada.id, bob.id, 'rent', { operation: 'rent of May' })
    const done = await Promise.all([ask(), ask(), ask()])
    expect(done.map(({ number }) => number)).to.deep.equal([3, 3, 3])
    expect(done.filter(({ repeated }) => repeated)).to.have.length(2)
    expect(await db.getBalance(bob.id)).to.equal('10')
    const other = db.transferPoints(11, ada.id, bob.id, 'rent', { operation: 'rent of May' })
    expect(await failure(other)).to.equal('ConstraintError')
    const mint = () => db.mintPoints(100, 'again', { operation: 'm' })
    expect(await failure(mint())).to.equal('ConstraintError')
    expect(await db.getJournal({ account: bob.id })).to.have.length(1)
    expect((await db.getJournal({ from: 2, to: 3 }))[0]).to.deep.include({ number: 2, type: 'REWARD' })
  })

  it('have declared properties only, of the declared types', async () => {
    const db = await open()
    const user = await db.createUser({ name: 'Ada' })
    expect(user).to.deep.equal({ id: user.id, name: 'Ada', availableBalance: '0', lockedBalance: '0' })
    expect(user.id).to.match(/^U[X\w]{7}$/)
    await db.setUserName(user.id, 'Ada L')
    expect(await db.getUserName(user.id)).to.equal('Ada L')
    for (const wrong of [{ nickname: 'A' }, { name: 5 }, { availableBalance: '5' }, { lockedBalance: 5n }]) {
      expect(await failure(db.updateUser(user.id, wrong as never)), JSON.stringify(Object.keys(wrong))).to.equal(
        'ValidationError',
      )
      expect(await failure(db.createUser(wrong as never))).to.equal('ValidationError')
    }
    expect(await failure(db.getShop(user.id))).to.equal('NotFoundError')
    expect(await failure(db.updateShop(user.id, { name: 'x' }))).to.equal('NotFoundError')
    expect(await failure(db.deleteShop(user.id))).to.equal('NotFoundError')
    expect(await db.hasShop(user.id)).to.equal(false)
    expect(await db.getEveryUser()).to.deep.equal([user.id])

    await db.mintPoints(1)
    await db.rewardUser(user.id, 1)
    expect(await failure(db.deleteUser(user.id))).to.equal('ConstraintError')
    await db.transferPoints(1, user.id, 'system')
    await db.deleteUser(user.id)
    expect(await failure(db.getUser(user.id))).to.equal('NotFoundError')
    expect((await db.checkBooks()).problems).to.deep.equal([])
  })

  it('are not written where the books would not balance, whoever is to blame', async () => {
    const stored: Record<string, object> = {
      books: { id: 'books', decimals: 0, supply: 10n, entries: 0 },
      'account:a': {
        id: 'account:a',
        account: 'a',
        type: 'user',
        available: 10n,
        locked: 0n,
        values: {},
        controllers: {},
      },
    }
    const lines = (more: bigint) =>
      [
        { account: 'a', balance: 'available', amount: -3n },
        { account: 'system', balance: 'available', amount: 3n + more },
      ] as const
    const mistakes: ((page: Page) => Promise<unknown>)[] = [
      async page => {
        const account = await page.account('a')
        account.available += 5n
      },
      async page => {
        const account = await page.account('a')
        account.locked -= 1n
      },
      page => page.post({ type: 'TRANSFER', lines: lines(1n) }),
      async page => {
        await page.post({ type: 'TRANSFER', lines: lines(0n) })
        const account = await page.account('system')
        account.available -= 1n
      },
    ]
    for (const mistake of mistakes) {
      const all = pages({ get: id => structuredClone(stored[id]) as never }, () => 0)
      await all.attempt(mistake)
      expect(() => all.settle()).to.throw(/the books would not balance/)
    }
    const right = pages({ get: id => structuredClone(stored[id]) as never }, () => 0)
    await right.attempt(page => page.post({ type: 'TRANSFER', lines: lines(0n) }))
    expect(right.settle().entries).to.have.length(1)
  })

  it('keep the smallest unit with which they were begun', async () => {
    const store = memory()
    const options = {
      strategy: (name: string) => (name === 'assets' ? store : memory()),
      assets: { user: [] },
    } as const
    await persisto({ ...options, decimals: 2 })
    expect(await failure(persisto({ ...options, decimals: 3 }))).to.equal('NotSupportedError')
    expect(await failure(persisto({ ...options, decimals: 0.5 }))).to.equal('TypeError')
    const ids = { user: () => 'system' }
    const db = await persisto({ ...options, decimals: 2, ids })
    expect(await failure(db.createUser())).to.equal('TypeError')
  })

  it('have one owner, and controllers with roles', async () => {
    const db = await open()
    const { id } = await db.createUser()
    await db.addController(id, 'ada', 'owner')
    await db.addController(id, '__proto__', 'reader')
    expect(await failure(db.addController(id, 'bob', 'owner'))).to.equal('ConstraintError')
    expect(await failure(db.addController('nobody', 'bob', 'owner'))).to.equal('NotFoundError')
    expect([await db.getOwner(id), await db.hasRole(id, 'ada', 'owner')]).to.deep.equal(['ada', true])
    expect([await db.hasRole(id, '__proto__', 'reader'), await db.hasRole(id, 'constructor', 'x')]).to.deep.equal([
      true,
      false,
    ])
    expect(await db.deleteController(id, 'ada')).to.equal(true)
    expect(await db.deleteController(id, 'ada')).to.equal(false)
    expect(await db.getOwner(id)).to.equal(undefined)
  })

  it('are refused by themselves where they cannot be stored, and not with all that are asked for at once', async () => {
    const db = await open()
    await db.mintPoints(10)
    const { id } = await db.createUser()
    const asked = [
      db.rewardUser(id, 1),
      db.rewardUser(id, 1, '\ud800'),
      db.createShop({ name: Number.NaN }),
      db.addController(id, '\ud800', 'reader'),
      db.rewardUser(id, 1),
    ]
    const kept = (await Promise.allSettled(asked)).map(({ status }) => status === 'fulfilled')
    expect(kept).to.deep.equal([true, false, false, false, true])
    expect([await db.getBalance(id), (await db.checkBooks()).entries]).to.deep.equal(['2', 3])
  })

  const seed = newSeed()
  const count = process.env.GATE ? 100_000 : 1000
  for (const kind of ['memory', 'a file'] as const) {
    const files = folder()
    it(`keep all points in ${count} operations at once, of which the disk fails some: ${kind}, SEED=${seed}`, async () => {
      const chance = random(seed)
      let armed = false
      // a store that cannot abort is of no use to anybody
      const fails = {
        when: ({ method }: Call) =>
          armed && method !== 'abort' && chance.chance(0.003) ? chance.pick(['before', 'after'] as const) : undefined,
      }
      const { db, log } = await economyIn(files.path('.'), async name => {
        if (name !== 'assets') return memory()
        const durability = 'relaxed'
        return kind === 'memory'
          ? failing(memory(), fails)
          : failing(await jsonFile({ path: files.path('assets.json'), durability }), fails)
      })
      const agents = await begin(db, 50)
      const before = (await db.checkBooks()).entries
      armed = true
      const accepted = new Set<string>()
      await atOnce(count, 64, async at => {
        const work = operation(db, agents, chance)
        // what failed for a reason of the disk is asked for again, by the same operation
        for (;;) {
          const error = await work(`${at}`).then(
            () => undefined,
            (error: unknown) => error,
          )
          if (error === undefined) accepted.add(`${at}`)
          if (!isStoreError(error, 'UnknownError') && !isStoreError(error, 'OutcomeUnknownError')) return
        }
      })
      armed = false
      const books = await db.checkBooks()
      expect(books.problems).to.deep.equal([])
      expect(books).to.include({ supply: `${supply}`, total: `${supply}`, entries: before + accepted.size })
      const journal = await db.getJournal({ from: before + 1 })
      expect(new Set(journal.map(({ operation }) => operation))).to.deep.equal(accepted)
      for (const id of await db.getEveryAgent()) expect(Number(await db.getBalance(id))).to.be.least(0)
      await db.mintPoints(supply, 'all there is', { operation: 'mint' })
      const logged = await log.getAuditLogs()
      expect(logged.map(({ entry }) => entry)).to.deep.equal(Array.from({ length: books.entries }, (_, at) => at + 1))
      expect((await log.verify()).problems).to.deep.equal([])
      await db.shutDown()
    }).timeout(600_000)
  }
})
