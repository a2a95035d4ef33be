import { once } from 'node:events'
import { copyFileSync, existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { transaction } from '../../index.js'
import { jsonFile } from '../../stores/json-file.js'
import { sqlite } from '../../stores/sqlite.js'
import { child } from '../child.js'
import { refused } from '../refusal.js'
import { folder } from './json-file/folder.js'
import { watching } from './sqlite-statements.js'
import { modes, twoPhase } from './sqlite-two-phase.js'

for (const mode of Object.keys(modes) as (keyof typeof modes)[]) {
  describe(`sqlite, two-phase, failures, ${mode}`, () => {
    const { path, file, open, close, objects, old, changed, decide, start, begin, prepare } = twoPhase(mode)

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
  })
}

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
