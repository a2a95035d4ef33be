import Database from 'better-sqlite3'
import { expect } from 'chai'
import { transaction } from '../../lib/transaction.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { refused } from '../refusal.js'
import { files } from './sqlite-files.js'

const { newPath } = files()
const relaxed = { durability: 'relaxed' } as const

/** Two stores in one file. */
function pair(): { users: ReturnType<typeof sqlite>; orders: ReturnType<typeof sqlite>; path: string } {
  const path = newPath()
  return {
    users: sqlite({ path, table: 'users', ...relaxed }),
    orders: sqlite({ path, table: 'orders', ...relaxed }),
    path,
  }
}

describe('sqlite, stores on one file', () => {
  it('write one after the other, and read without waiting', async () => {
    const { users, orders } = pair()
    users.put({ id: 1, n: 1 })
    const tx = await users.transaction()
    await tx.put?.({ id: 1, n: 2 })
    const waiting = Promise.resolve(orders.put({ id: 1 }))
    expect(users.get(1)).to.deep.equal({ id: 1, n: 1 })
    expect(orders.count()).to.equal(0)
    expect([...users.query('n=1')]).to.have.length(1)
    await tx.commit()
    expect(await waiting).to.equal(1)
    expect(users.get(1)).to.deep.equal({ id: 1, n: 2 })
    users.close()
    expect(orders.get(1)).to.deep.equal({ id: 1 })
    orders.close()
  })

  it('take part in one transaction together', async () => {
    const { users, orders } = pair()
    const seen: unknown[] = []
    const changes = orders.subscribe()[Symbol.asyncIterator]()
    await transaction([users, orders], async ([inUsers, inOrders]) => {
      await inUsers.put({ id: 1 })
      await inOrders.put({ id: 1, user: 1 })
      seen.push(users.count(), orders.count(), inOrders.count())
    })
    expect(seen).to.deep.equal([0, 0, 1])
    expect([users.count(), orders.count()]).to.deep.equal([1, 1])
    expect((await changes.next()).value).to.deep.equal({ type: 'put', id: 1, object: { id: 1, user: 1 } })
    users.close()
    orders.close()
  })

  it('all lose what they wrote when the work fails', async () => {
    const { users, orders } = pair()
    await refused(
      () =>
        transaction([users, orders], async ([inUsers, inOrders]) => {
          await inOrders.put({ id: 1 })
          await inUsers.put({ id: 1 })
          throw new RangeError('changed my mind')
        }),
      'RangeError',
    )
    expect([users.count(), orders.count()]).to.deep.equal([0, 0])
    users.put({ id: 2 })
    await transaction([orders, users], ([, inUsers]) => inUsers.put({ id: 3 }))
    expect(users.count()).to.equal(2)
    users.close()
    orders.close()
  })

  it('commit when the last of them does, and abort when the first does', async () => {
    const { users, orders } = pair()
    const joined: object[] = []
    const group = {
      join(database: object) {
        return joined.includes(database) || !joined.push(database)
      },
    }
    const [one, two] = [await users.transaction({ group }), await orders.transaction({ group })]
    await one.put?.({ id: 1 })
    await two.put?.({ id: 1 })
    const first = one.commit()
    expect(users.count()).to.equal(0)
    await refused(() => one.get?.(1), 'TransactionInactiveError')
    expect(await two.get?.(1)).to.deep.equal({ id: 1 })
    await two.commit()
    await first
    expect([users.count(), orders.count()]).to.deep.equal([1, 1])

    joined.length = 0
    const [three, four] = [await users.transaction({ group }), await orders.transaction({ group })]
    await three.put?.({ id: 3 })
    const third = three.commit()
    await four.abort()
    await refused(() => third, 'TransactionInactiveError')
    await refused(() => four.commit(), 'TransactionInactiveError')
    expect(users.count()).to.equal(1)
    users.close()
    orders.close()
  })

  it('may be the same store twice', async () => {
    const { users, orders, path } = pair()
    const same = sqlite({ path, table: 'users', ...relaxed })
    await transaction([users, same, orders], async ([a, b]) => {
      await a.put({ id: 1 })
      expect(await b.get(1)).to.deep.equal({ id: 1 })
    })
    expect(same.get(1)).to.deep.equal({ id: 1 })
    for (const each of [users, same, orders]) each.close()
  })

  it('end with the one that is closed', async () => {
    const { users, orders } = pair()
    const work = transaction([users, orders], async ([inUsers]) => {
      await inUsers.put({ id: 1 })
      orders.close()
    })
    await refused(() => work, 'TransactionInactiveError')
    expect(users.count()).to.equal(0)
    users.put({ id: 2 })
    users.close()
  })

  it('commit in one moment with a store in memory', async () => {
    const { users, orders } = pair()
    const other = memory()
    const changes = users.subscribe()[Symbol.asyncIterator]()
    const seen = changes.next().then(() => other.count())
    await transaction([users, other, orders], async ([inUsers, inOther, inOrders]) => {
      await inUsers.put({ id: 1 })
      await inOther.put({ id: 1 })
      await inOrders.put({ id: 1 })
    })
    expect([users.count(), other.count(), orders.count(), await seen]).to.deep.equal([1, 1, 1, 1])
    users.close()
    orders.close()
  })

  it('cannot commit surely with a store on another file and no log', async () => {
    const { users, orders } = pair()
    const other = sqlite({ path: newPath(), ...relaxed })
    const error = await refused(() => transaction([users, other, orders], () => 1), 'NotSupportedError')
    expect(error.message).to.match(/log/)
    users.put({ id: 1 })
    for (const store of [users, orders, other]) store.close()
  })
})

describe('sqlite, transactions', () => {
  it('tell followers what changed from before the first to after the last write', async () => {
    const { users, orders } = pair()
    users.put({ id: 1, n: 1 })
    users.put({ id: 2, n: 1 })
    const changes = users.subscribe()[Symbol.asyncIterator]()
    await transaction(users, async tx => {
      await tx.put({ id: 1, n: 2 })
      await tx.put({ id: 1, n: 3 })
      await tx.delete(2)
      await tx.add({ id: 2, n: 4 })
      await tx.add({ id: 3 })
      await tx.delete(3)
    })
    users.close()
    const given: unknown[] = []
    for (let next = await changes.next(); !next.done; next = await changes.next()) given.push(next.value)
    expect(given).to.deep.equal([
      { type: 'put', id: 1, object: { id: 1, n: 3 }, previous: { id: 1, n: 1 }, more: true },
      { type: 'put', id: 2, object: { id: 2, n: 4 }, previous: { id: 2, n: 1 } },
    ])
    orders.close()
  })

  it('wait for another process without holding up this one', async () => {
    const path = newPath()
    const store = sqlite({ path, ...relaxed })
    const other = new Database(path)
    other.exec('BEGIN IMMEDIATE')
    const put = store.put({ id: 1 })
    const begun = store.transaction()
    expect(put).to.be.instanceOf(Promise)
    // readers do not wait for it
    expect(store.get(1)).to.equal(undefined)
    await refused(() => store.transaction({ timeout: 20 }), 'TimeoutError')
    other.exec('COMMIT')
    expect(await put).to.equal(1)
    await (await begun).commit()
    expect(store.count()).to.equal(1)
    store.close()
    other.close()
  })

  it('give up on another process when the time is up, or when told', async () => {
    const path = newPath()
    const store = sqlite({ path, ...relaxed })
    const other = new Database(path)
    other.exec('BEGIN IMMEDIATE')
    const error = await refused(() => store.transaction({ timeout: 30 }), 'TimeoutError')
    expect((error.cause as { code: string }).code).to.equal('SQLITE_BUSY')
    const controller = new AbortController()
    const waiting = refused(() => store.put({ id: 1 }, { signal: controller.signal }), 'AbortError')
    controller.abort()
    await waiting
    const late = refused(() => store.put({ id: 1 }), 'InvalidStateError')
    store.close()
    await late
    other.exec('ROLLBACK')
    expect(other.prepare('SELECT count(*) FROM objects').pluck().get()).to.equal(0)
    other.close()
  })

  it('on a database without a file let readers wait', async () => {
    const store = sqlite({ path: ':memory:' })
    store.put({ id: 1, n: 1 })
    const tx = await store.transaction()
    await tx.put?.({ id: 1, n: 2 })
    const reads = [store.get(1), store.count('n=2')]
    for (const each of reads) expect(each).to.be.instanceOf(Promise)
    await tx.commit()
    expect(await Promise.all(reads)).to.deep.equal([{ id: 1, n: 2 }, 1])
    expect(store.get(1)).to.deep.equal({ id: 1, n: 2 })
    await store.close()
  })
})
