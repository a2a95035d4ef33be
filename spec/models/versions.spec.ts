import { expect } from 'chai'
import { etag } from '../../lib/etag.js'
import type { Id } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { expires } from '../../wrappers/expires.js'
import { history } from '../../wrappers/history.js'
import { inherited } from '../../wrappers/inherited.js'
import { refusal } from '../refusal.js'
import { first, second } from './migrate/persons.js'
import { all, type Full, type Thing } from './migrate/things.js'

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
        const error = await refusal(() => New[method]({ id: 1, given: 'A', family: 'B' }))
        expect(error).to.include({ name: 'ConstraintError', id: 1 })
      }
      await New.put({ id: 2, given: 'Grace', family: 'Hopper' })
      expect(await all(Old)).to.have.length(1)
      expect(await refusal(() => Old.put({ id: 2, name: 'x' }))).to.have.property('name', 'ConstraintError')
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
