import Database from 'better-sqlite3'
import { expect } from 'chai'
import type { Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { table } from '../../stores/table/table.js'

const index = (name: string, index: boolean) => ({ properties: { [name]: { index } } })
const objects = Array.from({ length: 100 }, (_, id) => ({ id, n: id % 10, m: id }))
const stores: Record<string, () => Required<Store>> = {
  memory: () => memory({ objects, indexes: ['m'] }),
  sqlite() {
    const store = sqlite({ path: ':memory:', indexes: ['m'] })
    for (const each of objects) store.put(each)
    return store
  },
}

describe('indexes that are dropped', () => {
  it('are gone from a table, and come back when they are asked for', () => {
    const held = table<{ id: number; n: number }>()
    for (const each of objects) held.set(each.id, each)
    const condition = { name: 'eq', args: ['n', 3] } as never
    const looked = () => [...held.find(condition).objects].length
    expect(held.addIndex('n')).to.equal(true)
    expect([held.addIndex('n'), looked()]).to.deep.equal([false, 10])
    held.dropIndex('n')
    expect(looked()).to.equal(100)
    held.set(100, { id: 100, n: 3 })
    expect([held.addIndex('n'), looked()]).to.deep.equal([true, 11])
    expect(held.addIndex({ path: 'n2', unique: true })).to.equal(true)
    held.set(101, { id: 101, n2: 'x' } as never)
    held.dropIndex('n2')
    expect(held.holder(1, 'x')).to.equal(101)
  })

  for (const [name, open] of Object.entries(stores)) {
    it(`change no answer: ${name}`, async () => {
      const store = open()
      for (const how of [true, false, false, true, false]) {
        const tx = await store.transaction()
        await tx.put?.({ id: 'new', n: 3 })
        if (name === 'memory') store.setSchema(index('n', how))
        await tx.commit()
        store.setSchema(index('n', how))
        store.setSchema(index('m', false))
        expect(await store.count('n=3'), `${how}`).to.equal(11)
        expect(await store.count('m=3&n=3'), `${how}`).to.equal(1)
        await store.put({ id: 'new', n: 4 })
        expect(await store.count('n=3'), `${how}`).to.equal(10)
      }
      await store.close()
    })
  }

  it('are dropped from the database, unless the store was opened with them', () => {
    const database = new Database(':memory:')
    const store = sqlite({ database, indexes: ['m'], table: 't' })
    const statement = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND name LIKE 't/_'")
    const names = () => statement.pluck().all().sort()
    store.setSchema(index('n', true))
    expect(names()).to.deep.equal(['t/m', 't/n'])
    store.setSchema({ properties: { n: { index: false }, m: { index: false } } })
    expect(names()).to.deep.equal(['t/m'])
    store.setSchema(index('n', true))
    expect(names()).to.deep.equal(['t/m', 't/n'])
  })
})
