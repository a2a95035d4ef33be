import { expect } from 'chai'
import { z } from 'zod'
import type { Id } from '../../lib/store.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { refusal } from '../refusal.js'
import { first, second } from './migrate/persons.js'
import { all, type Thing } from './migrate/things.js'

describe('a migration', () => {
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
    expect(await refusal(() => Old.put({ id: 1, name: 'x' }))).to.have.property('name', 'ConstraintError')
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
})
