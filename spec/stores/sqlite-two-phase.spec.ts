import { once } from 'node:events'
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { transaction } from '../../index.js'
import { isStoreError } from '../../lib/errors.js'
import type { Coordinator, Transaction } from '../../lib/store.js'
import { exclusive } from '../../stores/files/exclusive.js'
import { printLine } from '../../stores/files/log-line.js'
import { jsonFile } from '../../stores/json-file.js'
import { type SqliteStore, sqlite } from '../../stores/sqlite.js'
import { child } from '../child.js'
import { folder } from './json-file/folder.js'
import { watching } from './sqlite-statements.js'

type Data = { id?: number; name?: string; n?: number }
type Stores = readonly [SqliteStore<Data>, SqliteStore<Data>]

async function refused(work: () => unknown, name: string, message = /./): Promise<Error> {
  try {
    await work()
  } catch (error) {
    expect(isStoreError(error, name as never), String(error)).to.equal(true)
    expect((error as Error).message).to.match(message)
    return error as Error
  }
  return expect.fail(`expected a ${name}`)
}

const columns = { name: 'string', n: 'integer' } as const
const modes = {
  documents: {},
  columns: { columns, generateId: 'database' },
} as const

for (const [mode, options] of Object.entries(modes)) {
  describe(`sqlite, two-phase, ${mode}`, () => {
    const { path } = folder()
    const file = path('a.db')
    const log = path('log')
    const coordinator: Coordinator = { log, id: 'x' }

    /** Two tables of one file. */
    const open = (at = file, more: object = {}): Stores => [
      sqlite({ path: at, table: 'users', ...options, ...more }),
      sqlite({ path: at, table: 'orders', ...options, ...more }),
    ]
    const close = (stores: Stores) => {
      for (const store of stores) store.close()
    }
    const objects = (stores: Stores) => stores.map(store => [...store.query()])
    const old = [[{ id: 1, n: 1 }], [{ id: 2, n: 1 }]]
    const changed = [
      [
        { id: 1, n: 2 },
        { id: 2, name: 'new' },
      ],
      [],
    ]

    const decide = (...ids: string[]) =>
      writeFileSync(
        log,
        [{ transactions: 1 }, ...ids.map(commit => ({ commit }))].map((each, at) => printLine(at, 0, each)).join(''),
      )

    function start(more: object = {}): Stores {
      const stores = open(file, more)
      stores[0].put({ id: 1, n: 1 })
      stores[1].put({ id: 2, n: 1 })
      return stores
    }

    async function begin([users, orders]: Stores): Promise<Transaction[]> {
      const databases = new Set<object>()
      const group = {
        coordinator,
        join: (database: object) => databases.has(database) || !databases.add(database),
      }
      const txs = [await users.transaction({ group }), await orders.transaction({ group })]
      await txs[0]?.put?.({ id: 1, n: 2 })
      await txs[0]?.put?.({ n: 3 }, { id: 2 })
      await txs[1]?.delete?.(2)
      await txs[0]?.delete?.(2)
      await txs[0]?.put?.(mode === 'columns' ? { name: 'new' } : { id: 2, name: 'new' })
      return txs
    }

    async function prepare(stores: Stores): Promise<Transaction[]> {
      const txs = await begin(stores)
      for (const tx of txs) await tx.prepare?.()
      return txs
    }

    /** Leaves it in doubt. */
    async function left(): Promise<void> {
      const stores = start()
      await prepare(stores)
      close(stores)
    }

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

    it('is whole or not there after a crash at any statement, as the log says', async () => {
      const copied = (from: string, to: string) => {
        for (const end of ['', '-wal']) if (existsSync(from + end)) copyFileSync(from + end, to + end)
        return to
      }
      const crashes: { name: string; phase: string }[] = []
      let phase = 'open'
      const crash = () => crashes.push({ name: copied(file, path(`crash ${crashes.length}.db`)), phase })
      const hook = {
        before: crash,
        after(sql: string) {
          if (phase === 'prepared' && sql === 'COMMIT') phase = 'committed'
          crash()
        },
      }
      await watching(hook, async () => {
        const stores = start()
        crashes.length = 0
        const txs = await prepare(stores)
        phase = 'prepared'
        crash()
        await Promise.all(txs.map(tx => tx.commit()))
        close(stores)
      })
      const outcomes: string[] = []
      for (const { name, phase } of crashes) {
        for (const decided of phase === 'open' ? [false] : [false, true]) {
          decide(...(decided ? ['x'] : []))
          const stores = open(copied(name, `${name} ${decided}`))
          expect(objects(stores), name).to.deep.equal(decided || phase === 'committed' ? changed : old)
          close(stores)
          outcomes.push(`${phase} ${decided}`)
        }
      }
      expect(crashes.length).to.be.greaterThan(20)
      expect(new Set(outcomes).size).to.equal(5)
    })

    it('fails to prepare when another program writes in between, and leaves nothing', async () => {
      let begun = 0
      const stores = await watching(
        {
          before(sql) {
            if (sql !== 'BEGIN EXCLUSIVE' || ++begun > 1) return
            const other = new Database(file)
            other.exec('CREATE TABLE foreign_ (a)')
            other.close()
          },
        },
        async () => {
          const stores = start()
          const txs = await begin(stores)
          await txs[0]?.prepare?.()
          await refused(() => txs[1]?.prepare?.(), 'TimeoutError', /try it again/)
          await refused(() => txs[0]?.commit(), 'TransactionInactiveError')
          return stores
        },
      )
      expect(objects(stores)).to.deep.equal(old)
      const txs = await prepare(stores)
      await Promise.all(txs.map(tx => tx.commit()))
      expect(objects(stores)).to.deep.equal(changed)
      close(stores)
    })

    it('waits for who else is writing, and can be aborted meanwhile', async () => {
      const stores = start()
      let other: Database.Database | undefined
      const blocking = {
        before: (sql: string) => void (sql === 'BEGIN EXCLUSIVE' && other?.open === undefined && block()),
      }
      function block() {
        other = new Database(file)
        other.exec('BEGIN IMMEDIATE')
      }
      close(stores)
      await watching(blocking, async () => {
        const [users, orders] = open()
        const txs = await begin([users, orders])
        await txs[0]?.prepare?.()
        const preparing = refused(async () => txs[1]?.prepare?.(), 'TransactionInactiveError', /aborted/)
        await refused(() => txs[0]?.get?.(1), 'TransactionInactiveError', /being prepared/)
        await txs[0]?.abort()
        other?.exec('ROLLBACK')
        await preparing
        users.put({ id: 1, n: 1 })
        expect(objects([users, orders])).to.deep.equal(old)
        close([users, orders])
      })
      other?.close()
    })

    it('is done before the next write when the commit fails, whatever the log says by then', async () => {
      let fail = false
      const hook = {
        before(sql: string) {
          if (!fail || sql !== 'COMMIT') return
          fail = false
          throw Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' })
        },
      }
      await watching(hook, async () => {
        const stores = start()
        const changes = stores[1].subscribe()[Symbol.asyncIterator]()
        const txs = await prepare(stores)
        fail = true
        const first = txs[0]?.commit()
        await refused(() => txs[1]?.commit(), 'QuotaExceededError', /decided.*before the next write/)
        await refused(() => first, 'QuotaExceededError', /decided/)
        expect(objects(stores)).to.deep.equal(old)
        stores[0].put({ id: 1, n: 5 })
        expect(objects(stores)).to.deep.equal([
          [
            { id: 1, n: 5 },
            { id: 2, name: 'new' },
          ],
          [],
        ])
        expect((await changes.next()).value?.type).to.equal('delete')
        close(stores)
      })
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

    it('survives a power cut where the store itself does not', async () => {
      const levels: unknown[] = []
      const level = (sql: string, database: Database.Database) => {
        if (sql === 'COMMIT') levels.push(database.prepare('PRAGMA synchronous').pluck().get())
      }
      await watching({ before: level }, async () => {
        const stores = start({ durability: 'relaxed' })
        levels.length = 0
        await Promise.all((await prepare(stores)).map(tx => tx.commit()))
        const tx = await stores[0].transaction()
        await tx.commit()
        close(stores)
      })
      expect(levels).to.deep.equal([2n, 2n, 1n].map(Number))
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

describe('sqlite, two-phase, in another process', () => {
  const { path, clear } = folder()
  it('is whole or not there when it is killed at any commit', async function () {
    this.timeout(60_000)
    // the records of both, the decision, the commits of both
    for (const [last, committed] of [
      ['1', false],
      ['2', false],
      ['decision', false],
      ['decided', true],
      ['3', true],
      ['4', true],
      ['end', true],
    ] as const) {
      const killed = child('stores/sqlite-participant.ts', path(''), last)
      const [, signal] = await once(killed, 'close')
      expect(signal, last).to.equal('SIGKILL')
      const stores = [
        sqlite({ path: path('a.db') }),
        sqlite({ path: path('b.db') }),
        await jsonFile({ path: path('c.json') }),
      ] as const
      expect(
        stores.map(store => [...store.query()]),
        last,
      ).to.deep.equal(stores.map(() => (committed ? [{ id: 0 }, { id: 1 }] : [{ id: 0 }])))
      await transaction(stores, async txs => Promise.all(txs.map(tx => tx.put({ id: 2 }))), { log: path('log') })
      expect(stores.map(store => store.get(2))).to.deep.equal(stores.map(() => ({ id: 2 })))
      for (const store of stores) await store.close()
      clear()
    }
  })
})
