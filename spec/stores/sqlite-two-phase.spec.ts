import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { exclusive } from '../../stores/files/exclusive.js'
import { sqlite } from '../../stores/sqlite.js'
import { refused } from '../refusal.js'
import { folder } from './json-file/folder.js'
import { modes, twoPhase } from './sqlite-two-phase.js'

for (const mode of Object.keys(modes) as (keyof typeof modes)[]) {
  describe(`sqlite, two-phase, ${mode}`, () => {
    const { file, log, options, open, close, objects, old, changed, decide, start, prepare, left } = twoPhase(mode)

    it('is seen when it is committed, at once and not before', async () => {
      const stores = start()
      const changes = stores[1].subscribe()[Symbol.asyncIterator]()
      const txs = await prepare(stores)
      const other = new Database(file)
      const count = other.prepare('SELECT count(*) FROM orders').pluck()
      expect([objects(stores), count.get()]).to.deep.equal([old, 1])
      expect(await txs[0]?.get?.(1)).to.deep.equal({ id: 1, n: 2 })
      await refused(() => txs[0]?.put?.({ id: 9 }), 'TransactionInactiveError', /prepared/)
      const commits = txs.map(tx => tx.commit())
      expect([objects(stores), count.get()]).to.deep.equal([changed, 0])
      await Promise.all(commits)
      expect((await changes.next()).value).to.deep.equal({ type: 'delete', id: 2, previous: { id: 2, n: 1 } })
      expect(other.prepare('SELECT count(*) FROM holdfast_in_doubt').pluck().get()).to.equal(0)
      other.close()
      stores[0].put({ id: 5 })
      close(stores)
    })

    it('can still be aborted', async () => {
      const stores = start()
      const [tx] = await prepare(stores)
      await tx?.abort()
      expect(objects(stores)).to.deep.equal(old)
      stores[0].put({ id: 1, n: 1 })
      close(stores)
      const again = open()
      expect(objects(again)).to.deep.equal(old)
      close(again)
    })

    it('is in doubt when the store is closed, and the log says what becomes of it', async () => {
      for (const [ids, expected] of [
        [['x'], changed],
        [['y'], old],
        [[], old],
      ] as const) {
        await left()
        decide(...ids)
        // one table is enough to settle all
        sqlite({ path: file, table: 'else' }).close()
        rmSync(log)
        const stores = open()
        expect(objects(stores)).to.deep.equal(expected)
        close(stores)
        rmSync(file)
      }
    })

    it('is never guessed: the log must be there, whole, and nobody may be writing to it', async () => {
      await left()
      await refused(() => open(), 'InvalidStateError', /transaction x is in doubt.*log is not there: put it back/)
      writeFileSync(log, 'nonsense')
      await refused(() => open(), 'CorruptError')
      expect(readFileSync(log, 'utf8')).to.equal('nonsense')
      decide('x')
      await refused(() => sqlite({ path: file, table: 'users', readonly: true }), 'InvalidStateError', /in doubt/)
      const release = await exclusive(log)
      await refused(() => open(), 'InvalidStateError', new RegExp(`in doubt.*in use by process ${process.pid}`))
      // he who writes to it will end it
      sqlite({ path: file, table: 'users', ...options, readonly: true }).close()
      await release()
      const stores = open()
      expect(objects(stores)).to.deep.equal(changed)
      close(stores)
    })

    it('is settled before a write of who shares the file, and he waits while it is being decided', async () => {
      await left()
      const raw = new Database(file)
      const record = raw.prepare('SELECT * FROM holdfast_in_doubt').raw().get() as string[]
      raw.exec('DELETE FROM holdfast_in_doubt')
      const stores = open(file, { shared: true })
      const leave = () => raw.prepare('INSERT INTO holdfast_in_doubt VALUES (?, ?, ?)').run(...record)

      leave()
      decide('x')
      stores[1].put({ id: 7 })
      expect(objects(stores)).to.deep.equal([changed[0], [{ id: 7 }]])

      leave()
      const release = await exclusive(log)
      const waiting = stores[0].delete(2)
      expect(waiting).to.be.instanceOf(Promise)
      expect(stores[0].count()).to.equal(2)
      await release()
      expect(await waiting).to.equal(true)
      expect(stores[0].count()).to.equal(1)

      leave()
      rmSync(log)
      await refused(() => stores[0].transaction(), 'InvalidStateError', /put it back/)
      decide()
      const tx = await stores[0].transaction()
      expect(await tx.count?.()).to.equal(1)
      await tx.commit()
      raw.close()
      close(stores)
    })

    it('needs a log to prepare, and a store that never does keeps nothing for it', async () => {
      const stores = start()
      const tx = await stores[0].transaction()
      await refused(() => tx.prepare?.(), 'NotSupportedError', /transaction log/)
      await tx.abort()
      const raw = new Database(file)
      const tables = raw.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1").pluck().all()
      expect(tables).to.deep.equal(['orders', 'users'])
      raw.close()
      close(stores)
    })

    it('in a file from somewhere else is data, not SQL', async () => {
      await left()
      decide('x')
      const raw = new Database(file)
      const change = (changes: unknown) =>
        raw.prepare('UPDATE holdfast_in_doubt SET changes = ?').run(JSON.stringify(changes))
      for (const damage of [
        'DROP TABLE users',
        [['DROP TABLE users']],
        [{ table: 'users', id: 'id', columns: ['id'], cells: [] }],
      ]) {
        change(damage)
        await refused(() => open(), 'CorruptError', /transaction x/)
      }
      change([{ table: 'users"; DROP TABLE users; --', id: 'id', key: 1 }])
      await refused(() => open(), 'UnknownError', /no such table/)
      expect(raw.prepare('SELECT count(*) FROM users').pluck().get()).to.equal(1)
      raw.close()
    })
  })
}

describe('sqlite, two-phase, references', () => {
  const { path } = folder()
  it('that are only checked by the commit are checked before', async () => {
    const raw = new Database(path('a.db'))
    raw.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES t DEFERRABLE INITIALLY DEFERRED)')
    raw.close()
    const store = sqlite<{ id: number; parent?: number }>({
      path: path('a.db'),
      table: 't',
      columns: { parent: 'integer' },
    })
    const group = { coordinator: { log: path('log'), id: 'x' }, join: () => false }
    const good = await store.transaction({ group })
    await good.put?.({ id: 1, parent: 2 })
    await good.put?.({ id: 2 })
    await good.prepare?.()
    await good.commit()
    const bad = await store.transaction({ group })
    await bad.put?.({ id: 3, parent: 4 })
    await refused(() => bad.prepare?.(), 'ConstraintError')
    expect(store.count()).to.equal(2)
    store.close()
  })
})
