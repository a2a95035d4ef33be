import { readFileSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { sqlite } from '../../stores/sqlite.js'
import { refused } from '../lib/query/refusal.js'
import { files } from './sqlite-files.js'

const { newPath } = files()

describe('sqlite, failures', () => {
  it('a damaged page is a CorruptError, and what is elsewhere is still read', () => {
    const path = newPath()
    const store = sqlite({ path, durability: 'relaxed' })
    for (let n = 0; n < 200; n++) store.put({ id: n, text: 'x'.repeat(500) })
    store.close()
    const bytes = readFileSync(path)
    // the last page is a leaf of the documents
    bytes.fill(0xff, bytes.length - 4096)
    writeFileSync(path, bytes)
    const damaged = sqlite({ path })
    expect(damaged.get(0)).to.deep.equal({ id: 0, text: 'x'.repeat(500) })
    refused(() => damaged.get(199), '', 'CorruptError')
    refused(() => [...damaged.query()], '', 'CorruptError')
    damaged.close()
  })

  it('a document that somebody has spoilt is a CorruptError', () => {
    const database = new Database(':memory:')
    const store = sqlite({ database })
    for (const text of ['{', '5', '[]', '{"$date":"x"}']) {
      database.prepare('INSERT OR REPLACE INTO objects VALUES (1, ?)').run(text)
      refused(() => store.get(1), '', 'CorruptError')
    }
    store.close()
    expect(database.open).to.equal(true)
  })

  it('a full disk is a QuotaExceededError that changes nothing', async () => {
    const database = new Database(newPath())
    const store = sqlite({ database, indexes: ['n'] })
    store.put({ id: 0, n: 0 })
    database.pragma('max_page_count = 12')
    const big = 'x'.repeat(100_000)
    refused(() => store.put({ id: 1, big }), '', 'QuotaExceededError')
    const tx = await store.transaction()
    tx.put?.({ id: 2, n: 2 })
    refused(() => tx.put?.({ id: 3, big }), '', 'QuotaExceededError')
    // SQLite may have ended the transaction, and then it is known to be
    if (database.inTransaction) await tx.abort()
    else refused(() => tx.commit(), '', 'TransactionInactiveError')
    expect(await store.get(0)).to.deep.equal({ id: 0, n: 0 })
    expect(await store.count()).to.equal(1)
    database.pragma('max_page_count = 100000')
    await store.put({ id: 1, big })
    expect(await store.count()).to.equal(2)
    expect(database.pragma('integrity_check', { simple: true })).to.equal('ok')
    store.close()
    database.close()
  })

  it('constraints of the table are ConstraintErrors', () => {
    const database = new Database(':memory:')
    database.exec(
      `CREATE TABLE people (id INTEGER PRIMARY KEY, age INTEGER CHECK (age >= 0), boss INTEGER REFERENCES people)`,
    )
    const store = sqlite({ database, table: 'people', columns: { age: 'integer', boss: 'integer' } })
    store.put({ id: 1, age: 5 })
    store.put({ id: 2, boss: 1 })
    refused(() => store.put({ id: 3, age: -1 }), /CHECK/, 'ConstraintError')
    refused(() => store.put({ id: 3, boss: 99 }), /FOREIGN KEY/, 'ConstraintError')
    refused(() => store.delete(1), /FOREIGN KEY/, 'ConstraintError')
    store.put({ id: 1, age: 6 })
    expect(database.prepare('SELECT boss FROM people WHERE id = 2').pluck().get()).to.equal(1)
    store.close()
    database.close()
  })
})
