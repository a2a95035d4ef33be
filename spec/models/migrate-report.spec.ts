import { expect } from 'chai'
import type { Id } from '../../lib/store.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { refusal } from '../refusal.js'
import { first } from './migrate/persons.js'
import { all, type Thing } from './migrate/things.js'

describe('a migration, what it tells', () => {
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
    const error = await refusal(() =>
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
