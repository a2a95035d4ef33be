import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import { etag } from '../../lib/etag.js'
import { explain, introduce } from '../../lib/explain.js'
import type { Change, Data, Id, MaybePromise, Store, Transaction } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { directory } from '../../stores/directory.js'
import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { failing } from '../../wrappers/failing.js'
import { history } from '../../wrappers/history.js'
import { type RevisionsOptions, revisions } from '../../wrappers/revisions.js'
import { slow } from '../../wrappers/slow.js'
import { all, ids, refused, take } from '../conformance/case.js'
import { newSeed, random } from '../oracle/random.js'
import { folder } from '../stores/json-file/folder.js'
import { held, tick } from './held.js'

const count = (inner: Store, options: RevisionsOptions = {}) => revisions(inner as Required<Store<Data, Id>>, options)
type Counted = ReturnType<typeof count>

const stale = 'PreconditionFailedError'

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

describe('revisions: shown', () => {
  it('begins at 0 whatever it said, and is 1 more with each put; the object that was given is not changed', async () => {
    const store = count(memory(), { property: '_rev' })
    const given = Object.freeze({ id: 1, n: 1, _rev: 7 })
    await store.put(given)
    expect([given._rev, await store.get(1)]).to.deep.equal([7, { id: 1, n: 1, _rev: 0 }])
    await store.put({ ...(await store.get(1)), n: 2 })
    expect(await store.get(1)).to.deep.equal({ id: 1, n: 2, _rev: 1 })
    await refused(() => store.put({ id: 1, _rev: 0 }), stale)
    await refused(() => store.put({ id: 1, _rev: 2 }), stale)
    await store.put({ id: 1, n: 3 })
    await store.put({ id: 1, n: 4, _rev: undefined })
    expect(await store.get(1)).to.deep.equal({ id: 1, n: 4, _rev: 3 })
    await store.delete(1)
    for (const _rev of [0, 3, 4]) await refused(() => store.put({ id: 1, _rev }), stale)
    await refused(() => store.add({ id: 1, _rev: 3 }), stale)
    await store.put({ id: 1 })
    expect(await store.get(1)).to.deep.equal({ id: 1, _rev: 4 })
  })

  it('is part of what is seen: of its ETag, of queries, of the order', async () => {
    const store = count(memory(), { property: '_rev' })
    for (const id of [1, 2, 2, 3, 3, 3]) await store.put({ id })
    expect([await ids(store, '_rev>=1'), await ids(store, 'sort(-_rev)'), await all(store, 'max(_rev)')]).to.deep.equal(
      [[2, 3], [3, 2, 1], [2]],
    )
    expect(await all(store, 'select(_rev)&distinct()')).to.deep.equal([{ _rev: 0 }, { _rev: 1 }, { _rev: 2 }])
    await store.delete(3)
    expect(await all(store, 'max(_rev)')).to.deep.equal([1])
    expect(await all(store, '_rev<0')).to.deep.equal([])
    const ifMatch = etag({ id: 2, _rev: 1 })
    await store.put({ id: 2, n: 1 }, { ifMatch })
    await refused(() => store.put({ id: 2, n: 1 }, { ifMatch }), stale)
    expect(await store.get(2)).to.deep.equal({ id: 2, n: 1, _rev: 2 })
  })

  it('a revision that is none is refused', async () => {
    const store = count(memory(), { property: '_rev' })
    for (const _rev of ['0', -1, 1.5, null]) await refused(() => store.put({ id: 1, _rev }), 'DataError')
    for (const ifRevision of ['0', -1, 1.5] as never[])
      await refused(() => store.put({ id: 1 }, { ifRevision }), 'TypeError')
    await refused(() => store.put({ id: 1 }, { ifRevision: 0 }), stale)
    expect(await store.count()).to.equal(0)
  })
})

describe('revisions: options', () => {
  it('refuses what could not be done', () => {
    for (const property of ['', 'id', '__proto__', 5] as never[])
      expect(() => revisions(memory(), { property })).to.throw(TypeError, 'cannot be shown')
    expect(() => revisions(memory(), { max: 5 })).to.throw(TypeError, 'give store')
    expect(() => revisions(memory(), { store: memory(), max: 0 })).to.throw(TypeError, 'max is')
    const { get: _, transaction: __, put, delete: remove, ...rest } = memory()
    expect(() => revisions({ ...rest, put })).to.throw('must have get')
    expect(() => revisions({ delete: remove })).to.throw('must have get, put')
    expect(() => revisions({ ...rest, put, get: _ }, { store: memory() })).to.throw('must have transaction')
    const peered = introduce(memory(), { name: 'replicated', bypassed: true })
    expect(() => revisions(peered)).to.throw('write past revisions')
    expect(() => history(peered, { log: memory() })).to.throw('write past a history')
    expect(Object.keys(revisions({ add: rest.add }))).to.deep.equal(['add'])
  })

  it('says what it is', () => {
    const stack = 'revisions property=_rev\n  memory readonly=false objects=0'
    expect(`${explain(revisions(memory(), { property: '_rev' }))}`).to.equal(stack)
  })

  it('the compiler knows the options, in transactions too, and of no other store', async () => {
    const store = revisions(memory<{ id: number; n?: number }>())
    store.put({ id: 1 })
    store.put({ id: 1 }, { ifRevision: 0, ifMatch: '*' })
    const found: { id: number; n?: number } | undefined = store.get(1)
    const revision: number | undefined = await store.revision(1)
    expect([found, revision]).to.deep.equal([{ id: 1 }, 1])
    const tx = await store.transaction()
    await tx.put?.({ id: 1 }, { ifRevision: 1 })
    expect(await tx.revision(1)).to.equal(2)
    await tx.delete?.(1, { ifRevision: 2 })
    await tx.abort()
    // @ts-expect-error: nothing earlier is kept
    expect(store.version).to.equal(undefined)
    // @ts-expect-error: it has no revisions
    expect(() => memory().put({ id: 1 }, { ifRevision: 5 })).to.throw('the option ifRevision')
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
