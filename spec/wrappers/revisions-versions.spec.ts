import { expect } from 'chai'
import { explain } from '../../lib/explain.js'
import type { Data, Id, MaybePromise, Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { directory } from '../../stores/directory.js'
import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { transactionLog } from '../../stores/transaction-log.js'
import { failing } from '../../wrappers/failing.js'
import { type RevisionsOptions, revisions } from '../../wrappers/revisions.js'
import { refused } from '../conformance/case.js'
import { folder } from '../stores/json-file/folder.js'

const keep = (inner: Store, options: RevisionsOptions & { readonly store: Store }) =>
  revisions(inner as Required<Store<Data, Id>>, options)
type Kept = ReturnType<typeof keep>
const told = async (store: Pick<Kept, 'versions'>, id: Id) =>
  (await store.versions(id)).map(({ revision, object }) => [revision, object.n])

describe('revisions: earlier versions', () => {
  const { path } = folder()
  const kinds: Record<string, () => MaybePromise<{ inner: Store; options: RevisionsOptions & { store: Store } }>> = {
    memory: () => ({ inner: memory(), options: { store: memory() } }),
    'one sqlite file': () => ({
      inner: sqlite({ path: path('data.db') }),
      options: { store: sqlite({ path: path('data.db'), table: 'earlier' }) },
    }),
    'a json file and a directory, with a log': async () => ({
      inner: await jsonFile({ path: path() }),
      options: { store: await directory({ path: path('earlier') }), log: await transactionLog({ path: path('log') }) },
    }),
  }

  for (const [kind, open] of Object.entries(kinds)) {
    it(`are kept with each put and delete, in the same commit: ${kind}`, async () => {
      const { inner, options } = await open()
      const store = keep(inner, options)
      const when = new Date(5)
      await store.put({ id: 1, n: 1, when })
      expect(await told(store, 1)).to.deep.equal([[0, 1]])
      await store.put({ id: 1, n: 2 })
      await store.put({ id: '1', n: 3 })
      await store.put({ id: 2, n: 9 })
      await store.delete(1)
      await store.delete(1)
      expect(await told(store, 1)).to.deep.equal([
        [2, 3],
        [1, 2],
        [0, 1],
      ])
      await store.add({ id: 1, n: 4 })
      expect(await told(store, '1')).to.deep.equal([
        [3, 4],
        [2, 3],
        [1, 2],
        [0, 1],
      ])
      expect(await store.version(1, 0)).to.deep.equal({ id: 1, n: 1, when })
      expect(await store.version(1, 3)).to.deep.equal({ id: 1, n: 4 })
      expect([await store.version(1, 4), await store.version(7, 0), await store.versions(7)]).to.deep.equal([
        undefined,
        undefined,
        [],
      ])
      expect(await told(store, 2)).to.deep.equal([[0, 9]])
      await store.close()
    })

    it(`in a transaction are seen inside only, and gone when it is aborted: ${kind}`, async () => {
      const { inner, options } = await open()
      const store = keep(inner, options)
      await store.put({ id: 1, n: 1 })
      const change = async (tx: Kept) => {
        await tx.put({ id: 1, n: 2 })
        await tx.put({ id: 1, n: 3 })
        await tx.delete(1)
        expect(await told(tx, 1)).to.deep.equal([
          [2, 3],
          [1, 2],
          [0, 1],
        ])
        expect(await tx.version(1, 1)).to.deep.equal({ id: 1, n: 2 })
      }
      const work = transaction(store, async tx => {
        await change(tx as unknown as Kept)
        throw new TypeError('no')
      })
      await refused(() => work, 'TypeError')
      expect([await told(store, 1), await store.revision(1)]).to.deep.equal([[[0, 1]], 0])
      await transaction(store, tx => change(tx as unknown as Kept))
      expect([await told(store, 1), await store.revision(1)]).to.deep.equal([
        [
          [2, 3],
          [1, 2],
          [0, 1],
        ],
        undefined,
      ])
      await store.close()
    })
  }

  it('go together with another store', async () => {
    const [store, other] = [keep(memory(), { store: memory() }), memory()]
    await store.put({ id: 1, n: 1 })
    await transaction([store, other], async ([tx, beside]) => {
      await tx.put({ id: 1, n: 2 })
      await beside.put({ id: 1 })
    })
    await refused(
      () =>
        transaction([other, store], async ([beside, tx]) => {
          await beside.delete(1)
          await tx.put({ id: 1, n: 3 })
          throw new TypeError('no')
        }),
      'TypeError',
    )
    expect([await told(store, 1), other.count()]).to.deep.equal([
      [
        [1, 2],
        [0, 1],
      ],
      1,
    ])
  })

  it('two that last in different databases need a log', async () => {
    const inner = sqlite({ path: path('data.db') })
    const store = keep(inner, { store: sqlite({ path: path('other.db') }) })
    await refused(() => store.put({ id: 1 }), 'NotSupportedError')
    expect(await store.count()).to.equal(0)
    await store.close()
  })

  it('no more than max, of each object', async () => {
    const kept = memory()
    const store = keep(memory(), { store: kept, max: 2 })
    for (let n = 0; n < 6; n++) for (const id of [1, 2]) await store.put({ id, n })
    for (const id of [1, 2]) {
      expect(await told(store, id)).to.deep.equal([
        [5, 5],
        [4, 4],
        [3, 3],
      ])
    }
    expect(kept.count()).to.equal(4)
  })

  it('show their revision, where it is shown', async () => {
    const store = keep(memory(), { store: memory(), property: '_rev' })
    await store.put({ id: 1 })
    await store.put({ id: 1, _rev: 0 })
    await refused(() => store.put({ id: 1, _rev: 0 }), 'PreconditionFailedError')
    expect(await store.versions(1)).to.deep.equal([
      { revision: 1, object: { id: 1, _rev: 1 } },
      { revision: 0, object: { id: 1, _rev: 0 } },
    ])
  })

  it('of a write that could not be kept nothing remains', async () => {
    let fail = false
    const inner = memory()
    const broken = failing(memory(), { when: ({ method }) => (fail && method === 'add' ? 'before' : undefined) })
    const store = keep(inner, { store: broken })
    await store.put({ id: 1, n: 1 })
    fail = true
    await refused(() => store.put({ id: 1, n: 2 }), 'UnknownError')
    await refused(() => store.delete(1), 'UnknownError')
    await refused(
      () =>
        transaction(store, async tx => {
          await tx.put({ id: 2 })
          await refused(() => tx.put({ id: 1, n: 2 }), 'UnknownError')
          await refused(() => tx.put({ id: 3 }), 'TransactionInactiveError')
        }),
      'TransactionInactiveError',
    )
    expect([await told(store, 1), await store.count()]).to.deep.equal([[[0, 1]], 1])
    fail = false
    await store.put({ id: 1, n: 2 })
    expect(await store.revision(1)).to.equal(1)
  })

  it('over memory all is done at once', () => {
    const store = revisions(memory<{ id: number; n: number }>(), { store: memory() })
    store.put({ id: 1, n: 1 })
    store.put({ id: 1, n: 2 })
    expect([store.get(1), store.version(1, 0)]).to.deep.equal([
      { id: 1, n: 2 },
      { id: 1, n: 1 },
    ])
    const text: number | undefined = (store.version(1, 0) as { n: number }).n
    expect(text).to.equal(1)
  })

  it('closing closes both; it says what it is', async () => {
    const [inner, kept] = [memory(), memory()]
    const store = revisions(inner, { store: kept, max: 9 })
    expect(`${explain(store)}`).to.equal(
      'revisions max=9\n  memory readonly=false objects=0\n  memory readonly=false objects=0',
    )
    await store.close()
    for (const each of [inner, kept]) await refused(() => each.get(1), 'InvalidStateError')
    await refused(() => store.put({ id: 1 }), 'InvalidStateError')
  })
})
