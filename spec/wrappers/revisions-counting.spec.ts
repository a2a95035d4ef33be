import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import type { Change, Data, MaybePromise, Store, Transaction } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { directory } from '../../stores/directory.js'
import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { failing } from '../../wrappers/failing.js'
import { slow } from '../../wrappers/slow.js'
import { all, ids, refused, take } from '../conformance/case.js'
import { newSeed, random } from '../oracle/random.js'
import { folder } from '../stores/json-file/folder.js'
import { held, tick } from './held.js'
import { type Counted, count, stale } from './revisions/count.js'

describe('revisions: counting', () => {
  const { path } = folder()
  const kinds: Record<string, () => MaybePromise<Store>> = {
    memory: () => memory(),
    sqlite: () => sqlite({ path: path('data.db') }),
    'a json file': () => jsonFile({ path: path() }),
    'a directory': () => directory({ path: path('directory') }),
    'a slow memory': () => slow(memory(), { delay: 0 }),
  }

  for (const [kind, open] of Object.entries(kinds)) {
    for (const property of [undefined, '_rev']) {
      const how = property ? 'shown' : 'hidden'

      it(`16 clients that compare and swap lose no update, and the revision is how many there were: ${how}, ${kind}`, async () => {
        const store = count(await open(), { property })
        const each = process.env.GATE || kind === 'memory' ? 200 : kind === 'sqlite' ? 50 : 5
        await store.put({ id: 'n', n: 0 })
        const client = async () => {
          for (let left = each; left > 0; left--) while (!(await increments[how](store))) await tick()
        }
        await Promise.all(Array.from({ length: 16 }, client))
        expect([(await store.get('n'))?.n, await store.revision('n')]).to.deep.equal([16 * each, 16 * each])
        await store.close()
      })

      it(`a revision never comes back, so what is stale stays so: ${how}, ${kind}`, async () => {
        const id = 'a'
        const store = count(await open(), { property })
        await store.put({ id, n: 1 })
        await store.put({ id, n: 1 })
        const read = (await store.get(id)) as Data
        const ifRevision = (await store.revision(id)) as number
        expect(ifRevision).to.equal(1)
        expect(await store.delete(id)).to.equal(true)
        expect([await store.revision(id), await store.get(id), await ids(store)]).to.deep.equal([
          undefined,
          undefined,
          [],
        ])
        await refused(() => store.put({ id, n: 5 }, { ifRevision }), stale)
        await refused(() => store.delete(id, { ifRevision }), stale)
        await store.add({ id, n: 1 })
        expect(await store.revision(id)).to.equal(2)
        await refused(() => store.put({ id, n: 5 }, { ifRevision }), stale)
        await refused(() => store.delete(id, { ifRevision }), stale)
        if (property) {
          await refused(() => store.put({ ...read, n: 5 }), stale)
          await refused(() => store.put({ ...read, n: 5 }, { ifMatch: read }), stale)
        }
        expect((await store.get(id))?.n).to.equal(1)
        await store.delete(id)
        await store.delete(id)
        if (property) await refused(() => store.put({ ...read, n: 5 }), stale)
        await store.put({ id, n: 1 })
        expect(await store.revision(id)).to.equal(3)
        await store.close()
      })
    }

    it(`it is raised by a write that was committed, and by no other: ${kind}`, async () => {
      const store = count(await open())
      await store.put({ id: 1, n: 1 })
      await refused(() => store.put({ id: 1, n: 2 }, { ifNoneMatch: '*' }), stale)
      await refused(() => store.put({ id: 1, n: 2 }, { ifMatch: 'x' }), stale)
      await refused(() => store.add({ id: 1, n: 2 }), 'ConstraintError')
      await refused(() => store.put({ id: 1, n: Number.NaN }), 'DataCloneError')
      expect(await store.delete(2)).to.equal(false)
      expect(await store.revision(1)).to.equal(0)
      await refused(
        () =>
          transaction(store, async tx => {
            await tx.put({ id: 1, n: 3 })
            await tx.put({ id: 1, n: 4 })
            await tx.put({ id: 2 })
            const inside = tx as unknown as Counted
            expect([await inside.revision(1), await inside.revision(2)]).to.deep.equal([2, 0])
            await refused(() => inside.put({ id: 1 }, { ifRevision: 0 }), stale)
            throw new TypeError('no')
          }),
        'TypeError',
      )
      expect([await store.revision(1), await store.revision(2)]).to.deep.equal([0, undefined])
      await transaction(store, async tx => {
        await tx.put({ id: 1, n: 3 })
        await tx.delete(1)
        await tx.put({ id: 1, n: 3 })
      })
      expect(await store.revision(1)).to.equal(2)
      await store.close()
    })
  }

  it('a commit that fails raises nothing', async () => {
    let fail = true
    const store = count(
      failing(memory(), { when: ({ method }) => (fail && method === 'commit' ? 'before' : undefined) }),
    )
    await store.put({ id: 1 })
    await refused(() => transaction(store, tx => tx.put({ id: 1 })), 'UnknownError')
    expect(await store.revision(1)).to.equal(0)
    fail = false
    await transaction(store, tx => tx.put({ id: 1 }))
    expect(await store.revision(1)).to.equal(1)
  })

  it('random writes and deletes, some in transactions that are aborted: as many as were committed', async () => {
    const seed = newSeed()
    for (let run = 0; run < 200; run++) {
      const chance = random(seed + run)
      const store = count(memory(), { property: chance.chance(0.5) ? '_rev' : undefined })
      let puts = [0, 0, 0]
      const seen: Set<number>[] = [new Set(), new Set(), new Set()]
      for (let step = 0; step < 20; step++) {
        const inside = [...puts]
        const tx = (await store.transaction()) as Transaction & Counted
        for (let left = chance.below(4); left > 0; left--) {
          const id = chance.below(3)
          if (chance.chance(0.3)) await tx.delete(id)
          else {
            await tx.put({ id, n: 1 })
            inside[id] = (inside[id] as number) + 1
          }
        }
        const aborted = chance.chance(0.3)
        await (aborted ? tx.abort() : tx.commit())
        const before = puts
        puts = aborted ? puts : inside
        for (const id of [0, 1, 2]) {
          const revision = await store.revision(id)
          if (revision !== undefined) expect(revision, `SEED=${seed + run}`).to.equal((puts[id] as number) - 1)
          if (puts[id] !== before[id] && revision !== undefined) {
            expect(seen[id]?.has(revision), `SEED=${seed + run}`).to.equal(false)
            seen[id]?.add(revision)
          }
        }
      }
    }
  })

  it('who begins at once gets one revision each, and one of them the id', async () => {
    const { store } = held()
    const counted = count(store)
    const adds = await Promise.allSettled(Array.from({ length: 10 }, async (_, n) => counted.add({ id: 1, n })))
    expect(adds.filter(({ status }) => status === 'fulfilled')).to.have.length(1)
    await Promise.all(Array.from({ length: 10 }, async (_, n) => counted.put({ id: 1, n })))
    expect(await counted.revision(1)).to.equal(10)
  })

  it('what the caller does with an object while it is written is not written', async () => {
    const { store, inner, hold } = held()
    const counted = count(store)
    const go = hold('before', 'get')
    const object = { id: 1, nested: { n: 1 } }
    const put = counted.put(object)
    object.nested.n = 2
    await tick()
    // overtaken, it is written again
    inner.put({ id: 1, n: 0, $revision: 4 })
    go()
    await put
    expect([await counted.get(1), await counted.revision(1)]).to.deep.equal([{ id: 1, nested: { n: 1 } }, 5])
  })

  it('what was in the inner store before is at revision 0', async () => {
    const store = count(memory({ objects: [{ id: 1 }] }))
    expect([await store.revision(1), await ids(store)]).to.deep.equal([0, [1]])
    await store.put({ id: 1 }, { ifRevision: 0 })
    expect(await store.revision(1)).to.equal(1)
  })

  it('what was deleted is not seen, takes no unique value, and is told once', async () => {
    const inner = memory()
    const store = count(inner)
    store.setSchema({ properties: { name: { unique: true } } })
    const changes = store.subscribe()[Symbol.asyncIterator]() as AsyncIterator<Change>
    await store.put({ id: 1, name: 'ada', $revision: 'mine' })
    await store.delete(1)
    await store.delete(1)
    await store.put({ id: 2, name: 'ada' })
    await store.put({ id: 1, name: 'bob' })
    const ada = { id: 1, name: 'ada', $revision: 'mine' }
    expect(await take(changes, 4)).to.deep.equal([
      { type: 'put', id: 1, object: ada },
      { type: 'delete', id: 1, previous: ada },
      { type: 'put', id: 2, object: { id: 2, name: 'ada' } },
      { type: 'put', id: 1, object: { id: 1, name: 'bob' } },
    ])
    await store.delete(2)
    expect([await store.count(), await ids(store, 'sort(-name)'), await all(store, 'values(name)')]).to.deep.equal([
      1,
      [1],
      ['bob'],
    ])
    expect(inner.get(2)).to.deep.equal({ id: 2, $revision: -1 })
  })
})

const increments = {
  async hidden(store: Counted) {
    const ifRevision = (await store.revision('n')) as number
    const read = (await store.get('n')) as { n: number }
    return done(() => store.put({ id: 'n', n: read.n + 1 }, { ifRevision }))
  },
  async shown(store: Counted) {
    const read = (await store.get('n')) as { n: number }
    return done(() => store.put({ ...read, n: read.n + 1 }))
  },
}

/** Is it done, or was somebody else first? */
async function done(work: () => unknown): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (isStoreError(error, stale)) return false
    throw error
  }
}
