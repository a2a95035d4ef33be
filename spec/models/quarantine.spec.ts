import { expect } from 'chai'
import type { Id } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { refusal } from '../refusal.js'
import { all, type Full, list, type Thing } from './migrate/things.js'

const named = {
  version: 2,
  migrate: { 2: ({ name, ...rest }: Thing) => (name === '' ? undefined : { ...rest, title: name }) },
  properties: {
    title: String,
    made: { type: 'number', readonly: true },
    secret: { type: 'string', blocked: true },
  },
  required: ['title'],
} as const

describe('quarantine', () => {
  it('lists what is not seen, or not valid, and why', async () => {
    const store = memory<Thing, Id>()
    const Named = Model(store, named)
    store.put({ id: 1, name: '' })
    store.put({ id: 2, name: 'two', $version: 1 })
    store.put({ id: 3, title: 3, secret: 'x', $version: 2 })
    store.put({ id: 4, title: 'four', $version: 2 })
    store.put({ id: 5, other: true, $version: 3 })
    const found = await list(Named.quarantined())
    expect(found.map(({ id, version, object }) => ({ id, version, object }))).to.deep.equal([
      { id: 1, version: 0, object: { id: 1, name: '' } },
      { id: 2, version: 1, object: { id: 2, name: 'two' } },
      { id: 3, version: 2, object: { id: 3, title: 3 } },
      { id: 5, version: 3, object: { id: 5, other: true } },
    ])
    expect(found.map(({ issues }) => issues[0]?.keyword)).to.deep.equal(['migrate', 'version', 'type', 'version'])
    expect(JSON.parse(JSON.stringify(found[0]))).to.have.all.keys('id', 'version', 'object', 'issues')
  })

  it('is mended by an object of the model, which keeps what is blocked', async () => {
    const store = memory<Thing, Id>()
    store.put({ id: 1, name: '', made: 1, secret: 'x' })
    const Named = Model(store, { ...named, prototype: { shout: () => 'hey' } })
    const [found] = await list(Named.quarantined())
    const error = await refusal(() => found?.mend({ title: 7 }))
    expect(error).to.include({ name: 'ValidationError' })
    expect(await refusal(() => found?.mend({ id: 2, title: 'x' }))).to.have.property('name', 'DataError')
    const mended = await found?.mend({ title: 'mended', made: 2 })
    expect([mended?.title, mended?.shout()]).to.deep.equal(['mended', 'hey'])
    expect(store.get(1)).to.deep.equal({ id: 1, title: 'mended', made: 2, secret: 'x', $version: 2 })
    expect({ ...(await Named.get(1)) }).to.deep.equal({ id: 1, title: 'mended', made: 2 })
    expect(await list(Named.quarantined())).to.deep.equal([])
  })

  it('is mended or discarded only as it was listed, and never what a later version wrote', async () => {
    const store = memory<Thing, Id>()
    for (const id of [1, 2, 3]) store.put({ id, name: '' })
    store.put({ id: 4, $version: 3 })
    const Named = Model(store, named)
    const [one, two, three, four] = await list(Named.quarantined())
    store.put({ id: 1, name: '', other: 1 })
    for (const work of [() => one?.mend({ title: 'x' }), () => one?.discard()]) {
      expect(await refusal(work)).to.have.property('name', 'PreconditionFailedError')
    }
    expect(await two?.discard()).to.equal(true)
    expect(await two?.discard().catch(({ name }) => name)).to.be.oneOf([false, 'PreconditionFailedError'])
    await three?.mend({ title: 'three' })
    expect(await refusal(() => three?.mend({ title: 'again' }))).to.have.property('name', 'PreconditionFailedError')
    for (const work of [() => four?.mend({ title: 'x' }), () => four?.discard()]) {
      expect(await refusal(work)).to.have.property('name', 'NotAllowedError')
    }
    expect(await all(store)).to.deep.equal([
      { id: 1, name: '', other: 1 },
      { id: 3, title: 'three', $version: 2 },
      { id: 4, $version: 3 },
    ])
  })

  it('is emptied by migrating again, when the steps were changed', async () => {
    const store = memory<Thing, Id>()
    store.put({ id: 1, name: '' })
    expect((await Model(store, named).migrate()).quarantined).to.have.length(1)
    const migrate = { 2: ({ name, ...rest }: Thing) => ({ ...rest, title: name || 'untitled' }) }
    expect(await Model(store, { ...named, migrate }).migrate()).to.deep.include({ migrated: 1, quarantined: [] })
  })

  it('of a model without version are its invalid objects', async () => {
    const store = memory<Thing, Id>()
    const Named = Model(store, { properties: named.properties, required: named.required })
    store.put({ id: 1, title: 1, secret: 's' })
    const [found] = await list(Named.quarantined())
    expect(found).to.deep.include({ id: 1, version: 0, object: { id: 1, title: 1 } })
    await found?.mend({ title: 'one' })
    expect(store.get(1)).to.deep.equal({ id: 1, title: 'one', secret: 's' })
    expect(await refusal(() => found?.mend({ title: 'x' }))).to.have.property('name', 'PreconditionFailedError')
  })

  it('can be left off by a signal', async () => {
    const Named = Model(memory<Thing, Id>(), named)
    await Named.put({ title: 'x' })
    expect(
      await refusal(() => list(Named.quarantined({ signal: AbortSignal.abort(new Error('no')) }))),
    ).to.have.property('message', 'no')
  })
})

const stores: Record<string, () => Full> = {
  memory: () => memory<Thing, Id>() as Full,
  sqlite: () => sqlite<Thing, Id>({ path: ':memory:' }) as Full,
}

for (const [name, open] of Object.entries(stores)) {
  describe(`a property that becomes unique, over ${name}`, () => {
    const mails = {
      version: 1,
      migrate: { 1: ({ email, ...rest }: Thing) => ({ ...rest, email: String(email).toLowerCase() }) },
      properties: { email: { type: 'string', unique: true }, n: Number },
    } as const

    it('finds what conflicts, keeps it, and keeps what is new unique', async () => {
      const store = open()
      for (const [id, email] of ['a', 'b', 'a', 'B', 'c'].entries()) await store.put({ id, email })
      const User = Model(store, mails)
      const plan = await User.migrate({ dryRun: true })
      expect(await all(User)).to.deep.equal([])
      await User.add({ id: 'new', email: 'c' })
      expect(await refusal(() => User.add({ email: 'c' }))).to.have.property('name', 'ConstraintError')
      await User.put({ id: 'new', email: 'c', n: 1 })
      await User.delete('new')
      const report = await User.migrate()
      expect(report).to.deep.equal({ ...plan, dryRun: false })
      expect(report.quarantined.map(({ id, issues }) => [id, issues[0]?.path, issues[0]?.keyword])).to.deep.equal([
        [2, ['email'], 'unique'],
        [3, ['email'], 'unique'],
      ])
      expect(await User.count()).to.equal(3)
      expect(await all(store)).to.have.length(5)

      // outside and inside of transactions, as long as there are such
      expect(await refusal(() => User.put({ id: 9, email: 'b' }))).to.have.property('name', 'ConstraintError')
      const inside = () => transaction(User, tx => tx.put({ id: 9, email: 'b' }))
      expect(await refusal(inside)).to.have.property('name', 'ConstraintError')
      expect(
        await refusal(() => list(User.quarantined()).then(([first]) => first?.mend({ email: 'a' }))),
      ).to.have.property('name', 'ConstraintError')
      for await (const each of User.quarantined()) await each.mend({ email: `${each.object.email}${each.id}` })
      expect((await all(User)).map(({ email }) => email)).to.deep.equal(['a', 'b', 'a2', 'B3', 'c'])

      // now the store takes it
      await User.migrate()
      expect(await refusal(() => store.put({ id: 'past', email: 'a' }))).to.have.property('name', 'ConstraintError')
    })

    it('may pass from one object to another', async () => {
      const store = open()
      for (let id = 1; id <= 5; id++) await store.put({ id, place: id })
      const Placed = Model(store, {
        version: 1,
        migrate: { 1: ({ place, ...rest }) => ({ ...rest, place: Number(place) + 1 }) },
        properties: { place: { type: 'integer', unique: true } },
      })
      const plan = await Placed.migrate({ dryRun: true })
      const report = await Placed.migrate({ batch: 2 })
      expect(report).to.deep.include({ migrated: 5, quarantined: [] })
      expect({ ...plan, dryRun: false, examples: [] }).to.deep.equal({ ...report, examples: [] })
      expect((await all(Placed)).map(({ place }) => place)).to.deep.equal([2, 3, 4, 5, 6])
    })
  })
}
