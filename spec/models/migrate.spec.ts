import { expect } from 'chai'
import { z } from 'zod'
import { etag } from '../../lib/etag.js'
import type { Id } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { expires } from '../../wrappers/expires.js'
import { history } from '../../wrappers/history.js'
import { inherited } from '../../wrappers/inherited.js'
import { all, type Full, failure, type Thing } from './migrate/things.js'

const first = { version: 1, properties: { name: String }, required: ['name'] } as const
const second = {
  version: 2,
  migrate: {
    2: ({ name, ...rest }: Thing) => {
      const [given, family] = String(name).split(' ')
      return family ? { ...rest, given, family } : undefined
    },
  },
  properties: { given: String, family: String },
  required: ['given', 'family'],
} as const

const columns = { name: 'string', age: 'number', given: 'string', family: 'string' } as const

const stores: Record<string, () => Full> = {
  memory: () => memory<Thing, Id>() as Full,
  sqlite: () => sqlite<Thing, Id>({ path: ':memory:' }) as Full,
  'sqlite with columns': () =>
    sqlite<Thing, Id>({ path: ':memory:', columns: { name: 'string', age: 'number' }, objectColumn: 'more' }) as Full,
  'sqlite with columns alone': () =>
    sqlite<Thing, Id>({ path: ':memory:', columns: { ...columns, $version: 'integer' } }) as Full,
  'inherited(memory)': () => inherited(memory<Thing, Id>(), { type: 'person' }) as Full,
  'expires(history(memory))': () => expires(history(memory<Thing, Id>(), { log: memory() as never })) as Full,
}

for (const [name, open] of Object.entries(stores)) {
  describe(`versions of a model over ${name}`, () => {
    it('see only their own objects, and take the ids of others', async () => {
      const store = open()
      const Old = Model(store, first)
      const New = Model(store, second)
      await Old.add({ id: 1, name: 'Ada Lovelace' })
      expect({ ...(await Old.get(1)) }).to.deep.equal({ id: 1, name: 'Ada Lovelace' })
      expect(await New.get(1)).to.equal(undefined)
      expect([await New.count(), await all(New)]).to.deep.equal([0, []])
      expect(await New.delete(1)).to.equal(false)
      for (const method of ['put', 'add'] as const) {
        const error = await failure(() => New[method]({ id: 1, given: 'A', family: 'B' }))
        expect(error).to.include({ name: 'ConstraintError', id: 1 })
      }
      await New.put({ id: 2, given: 'Grace', family: 'Hopper' })
      expect(await all(Old)).to.have.length(1)
      expect(await failure(() => Old.put({ id: 2, name: 'x' }))).to.have.property('name', 'ConstraintError')
      await New.migrate()
      expect(await all(New)).to.deep.equal([
        { id: 1, given: 'Ada', family: 'Lovelace' },
        { id: 2, given: 'Grace', family: 'Hopper' },
      ])
      expect(await Old.count()).to.equal(0)
    })

    it('bring up what was written before there were versions, and leave the rest', async () => {
      const store = open()
      for (const object of [{ id: 1, name: 'Ada Lovelace' }, { id: 2 }, { id: 'x', name: 'Plato', age: 80 }]) {
        await store.put(object)
      }
      const Person = Model(store, {
        ...second,
        migrate: { 1: ({ id, name = 'No Name', ...more }) => ({ id, name, ...more }), ...second.migrate },
      })
      const before = await all(store)
      const plan = await Person.migrate({ dryRun: true })
      expect(await all(store)).to.deep.equal(before)
      const report = await Person.migrate({ batch: 2 })
      expect(report).to.deep.equal({ ...plan, dryRun: false })
      expect(report).to.deep.include({ version: 2, checked: 3, migrated: 2, unchanged: 0 })
      expect(report.quarantined.map(({ id, version }) => [id, version])).to.deep.equal([['x', 0]])
      expect(await all(Person)).to.deep.equal([
        { id: 1, given: 'Ada', family: 'Lovelace' },
        { id: 2, given: 'No', family: 'Name' },
      ])
      expect(await store.get('x')).to.deep.equal({ id: 'x', name: 'Plato', age: 80 })
      expect(await Person.migrate()).to.deep.include({ migrated: 0, unchanged: 2 })
    })

    it('have no ETag of their own: that of what is seen', async () => {
      const store = open()
      const Person = Model(store, first)
      const Plain = Model(memory(), { properties: first.properties })
      await Person.put({ id: 1, name: 'Ada' })
      await Plain.put({ id: 1, name: 'Ada' })
      const seen = { id: 1, name: 'Ada' }
      await Person.put({ id: 1, name: 'Ada' }, { ifMatch: seen })
      await Person.put({ id: 1, name: 'Eve' }, { ifMatch: etag(seen) })
      expect((await Person.get(1))?.name).to.equal('Eve')
      const again = await Person.get(1)
      if (again) again.name = 'Ann'
      await again?.save()
      expect(await all(Person)).to.deep.equal([{ id: 1, name: 'Ann' }])
    })

    it('follow what they see, and take part in transactions', async () => {
      const store = open()
      const Old = Model(store, first)
      const New = Model(store, second)
      const changes = New.subscribe()[Symbol.asyncIterator]()
      await transaction(Old, async tx => {
        const { id } = await tx.add({ name: 'Ada Lovelace' })
        expect(id).to.be.a('string')
        expect(await tx.count()).to.equal(1)
      })
      await New.migrate()
      const { value } = await changes.next()
      expect([value.type, value.object.given, value.previous]).to.deep.equal(['put', 'Ada', undefined])
      await changes.return?.()
    })
  })
}

describe('a migration', () => {
  it('costs a model without version nothing, and is a check of its data', async () => {
    const store = memory<Thing, Id>()
    const Person = Model(store, { properties: { name: String, age: Number } })
    await Person.put({ id: 1, name: 'Ada', age: 36 })
    expect(store.get(1)).to.deep.equal({ id: 1, name: 'Ada', age: 36 })
    store.put({ id: 2, name: 7 })
    for (const dryRun of [true, false]) {
      const report = await Person.migrate({ dryRun })
      expect(report).to.deep.include({ version: 0, checked: 2, migrated: 0, unchanged: 1, quarantined: [] })
      expect(report.invalid.map(({ id, issues }) => [id, issues[0]?.path])).to.deep.equal([[2, ['name']]])
    }
    expect(store.get(2)).to.deep.equal({ id: 2, name: 7 })
  })

  it('lists objects of its own version that are no longer valid, and leaves them', async () => {
    const store = memory<Thing, Id>()
    await Model(store, first).put({ id: 1, name: 'Ada' })
    const Changed = Model(store, { ...first, properties: { name: { type: 'string', minLength: 5 } } })
    const report = await Changed.migrate()
    expect(report.invalid.map(({ id, version, issues }) => [id, version, issues[0]?.keyword])).to.deep.equal([
      [1, 1, 'minLength'],
    ])
    expect({ ...(await Changed.get(1)) }).to.deep.equal({ id: 1, name: 'Ada' })
  })

  it('never touches what a later version wrote', async () => {
    const store = memory<Thing, Id>()
    await Model(store, second).put({ id: 1, given: 'Ada', family: 'L' })
    const before = store.get(1)
    const Old = Model(store, first)
    const report = await Old.migrate()
    expect(report.quarantined).to.deep.include({
      id: 1,
      version: 2,
      issues: [
        {
          path: [],
          keyword: 'version',
          message: 'is of version 2, later than 1: only the program that wrote it knows it',
        },
      ],
    })
    expect(await Old.delete(1)).to.equal(false)
    expect(await failure(() => Old.put({ id: 1, name: 'x' }))).to.have.property('name', 'ConstraintError')
    expect(store.get(1)).to.deep.equal(before)
  })

  it('takes a function for all versions, and asynchronous steps, which get copies', async () => {
    const store = memory<Thing, Id>()
    store.put({ id: 1, tags: ['a'] })
    const seen: number[] = []
    const Tagged = Model(store, {
      version: 3,
      async migrate(object, from) {
        seen.push(from)
        ;(object.tags as string[]).push('b')
        await Promise.resolve()
        return object
      },
      properties: { tags: Array },
    })
    await Tagged.migrate({ dryRun: true })
    expect(store.get(1)).to.deep.equal({ id: 1, tags: ['a'] })
    await Tagged.migrate()
    expect([await all(Tagged), seen]).to.deep.equal([[{ id: 1, tags: ['a', 'b'] }], [0, 0]])
  })

  it('quarantines what a step cannot bring up, with the reason', async () => {
    const store = memory<Thing, Id>()
    for (let id = 1; id <= 6; id++) store.put({ id })
    const Thing = Model(store, {
      version: 1,
      migrate: {
        1(object) {
          if (object.id === 1) return undefined
          if (object.id === 2) throw new Error('no')
          if (object.id === 3) return { ...object, f: () => 1 }
          if (object.id === 4) return { id: 7 }
          if (object.id === 5) return { name: 5 }
          return { name: 'six' }
        },
      },
      properties: { name: String },
    })
    const { quarantined } = await Thing.migrate()
    expect(quarantined.map(({ id, issues }) => [id, issues[0]?.keyword])).to.deep.equal([
      [1, 'migrate'],
      [2, 'migrate'],
      [3, 'migrate'],
      [4, 'migrate'],
      [5, 'type'],
    ])
    expect(quarantined[1]?.issues[0]?.message).to.equal('the step to version 1 failed: no')
    expect(await all(Thing)).to.deep.equal([{ id: 6, name: 'six' }])
    expect(store.get(4)).to.deep.equal({ id: 4 })
  })

  it('refuses a definition that says nothing of use', () => {
    const make = (more: object) => () => Model(memory(), more as never)
    expect(make({ version: 0 })).to.throw(TypeError, 'definition.version')
    expect(make({ static: { migrate() {} } })).to.throw(TypeError, 'static.migrate')
    expect(make({ version: 1.5 })).to.throw(TypeError, 'definition.version')
    expect(make({ migrate: {} })).to.throw(TypeError, 'definition.migrate')
    expect(make({ version: 2, migrate: { 3: (object: object) => object } })).to.throw(TypeError, 'migrate.3')
    expect(make({ version: 2, migrate: { 1: {} } })).to.throw(TypeError, 'migrate.1')
    expect(() => Model({ put: () => 1, query: () => [] }, { version: 1 }))
      .to.throw()
      .with.property('name', 'NotSupportedError')
  })

  it('is inherited with its version, unless the definition has its own', async () => {
    const steps = { 1: (object: Thing) => ({ ...object, made: true }) }
    const Base = Model(memory(), { version: 1, migrate: steps, properties: { made: Boolean } })
    const store = memory<Thing, Id>()
    store.put({ id: 1 })
    const Same = Model(store, { extends: Base, properties: { more: String } })
    expect(await Same.migrate()).to.deep.include({ version: 1, migrated: 1 })
    expect(await all(Same)).to.deep.equal([{ id: 1, made: true }])
    const Own = Model(store, { extends: Base, version: 2, properties: {} })
    await Own.migrate()
    expect(await all(Own)).to.deep.equal([{ id: 1, made: true }])
    class Child extends Own {}
    expect(await Child.migrate()).to.deep.include({ version: 2, unchanged: 1 })
  })

  it('leaves handlers aside, which see no marks', async () => {
    const store = memory<Thing, Id>()
    store.put({ id: 1, n: 1 })
    const stored: Thing[] = []
    const Counted = Model(store, {
      version: 1,
      properties: { n: Number },
      put(object, options, inner) {
        stored.push(object)
        return inner.put(object, options)
      },
    })
    await Counted.migrate()
    await Counted.put({ id: 1, n: 2 })
    expect(stored).to.deep.equal([{ id: 1, n: 2 }])
    expect(store.get(1)).to.deep.equal({ id: 1, n: 2, $version: 1 })
  })

  it('goes by what is stored, where that is other than what is given, and by other schemas', async () => {
    const store = memory<Thing, Id>()
    store.put({ id: 1, pin: 'hash', name: 'x' })
    store.put({ id: 2, name: 'y' })
    const Secret = Model(store, {
      version: 1,
      properties: {
        name: String,
        pin: { type: 'integer', set: (value: unknown) => `hash of ${value}` },
        again: { type: 'string', transient: true },
        size: { type: 'integer', get: () => 1 },
      },
      required: ['name', 'again'],
    })
    expect(await Secret.migrate()).to.deep.include({ migrated: 2, quarantined: [] })
    const Zod = Model(store, { version: 2, schema: z.object({ name: z.literal('x'), pin: z.string() }) })
    const { migrated, quarantined } = await Zod.migrate()
    expect([migrated, quarantined.map(({ id, issues }) => [id, issues[0]?.path])]).to.deep.equal([1, [[2, ['name']]]])
  })

  it('keeps properties named like the mark', async () => {
    const store = memory<Thing, Id>()
    store.put({ id: 1, $version: 'mine', $$version: 1 })
    const Odd = Model(store, { version: 1 })
    await Odd.migrate()
    expect(await all(Odd)).to.deep.equal([{ id: 1, $version: 'mine', $$version: 1 }])
  })

  it('tells what becomes of each property, also to a person', async () => {
    const store = memory<Thing, Id>()
    for (let id = 1; id <= 3; id++) store.put({ id, name: `n${id}`, at: { x: id, y: 1 }, pin: 1, n: 1 })
    store.put({ id: 4 })
    const Point = Model(store, {
      version: 1,
      migrate: {
        1: ({ name, at, ...rest }) => ({ ...rest, at: { x: Number((at as Thing).x) + 1, y: 1 }, title: name, pin: 2 }),
      },
      properties: { title: String, at: Object, pin: { type: 'number', blocked: true }, n: Number },
    })
    const report = await Point.migrate({ dryRun: true, examples: 1 })
    expect(report.changes).to.deep.equal([
      { path: ['name'], removed: 3, added: 0, changed: 0 },
      { path: ['at', 'x'], removed: 0, added: 0, changed: 3 },
      { path: ['pin'], removed: 0, added: 0, changed: 3 },
      { path: ['title'], removed: 0, added: 3, changed: 0 },
    ])
    expect(String(report).split('\n')).to.deep.equal([
      'migration to version 1, dry run',
      '  4 checked: 3 to migrate, 0 unchanged, 1 quarantined, 0 invalid',
      'properties',
      '  - name: lost by 3',
      '  ~ at/x: changed in 3',
      '  ~ pin: changed in 3',
      '  + title: new in 3',
      'for example',
      '  1 (version 0)',
      '    - name: "n1"',
      '    ~ at/x: 1 → 2',
      '    ~ pin: (not shown) → (not shown)',
      '    + title: "n1"',
      'quarantined: left as they are, not seen, ids taken',
      "  4 (version 0): the step to version 1 failed: Cannot read properties of undefined (reading 'x')",
    ])
    expect(JSON.parse(JSON.stringify(report)).checked).to.equal(4)
  })

  it('says how far it is, and ends where it is told to, keeping what is done', async () => {
    const store = memory<Thing, Id>()
    for (let id = 1; id <= 10; id++) store.put({ id })
    const Thing = Model(store, { version: 1 })
    const stop = new AbortController()
    const told: object[] = []
    const error = await failure(() =>
      Thing.migrate({
        batch: 4,
        signal: stop.signal,
        progress(progress) {
          told.push(progress)
          if (progress.done === 8) stop.abort(new Error('enough'))
        },
      }),
    )
    expect(error?.message).to.equal('enough')
    expect(told).to.deep.equal([4, 8].map(done => ({ done, total: 10 })))
    expect(await Thing.count()).to.equal(8)
    expect(await Thing.migrate()).to.deep.include({ checked: 10, migrated: 2, unchanged: 8 })
  })
})
