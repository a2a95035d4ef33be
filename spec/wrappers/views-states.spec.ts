import { expect } from 'chai'
import { derive, hide, provide } from '../../lib/derive.js'
import { StoreError } from '../../lib/errors.js'
import type { Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { memory } from '../../stores/memory.js'
import { type Emit, views } from '../../wrappers/views.js'
import { forwarded, forwardedInside, mute } from '../forwarded.js'
import { newSeed, random } from '../oracle/random.js'
import { slow } from './full-text/slow-store.js'

interface Note {
  readonly id: string
  readonly n: number
}

const byN = { byN: { map: ({ n }: Note, emit: Emit<number>) => emit(n) } }
const notes = (...pairs: readonly (readonly [string, number])[]): Note[] => pairs.map(([id, n]) => ({ id, n }))
const shown = (page: { readonly rows: readonly { readonly key: unknown; readonly id: unknown }[] }) =>
  page.rows.map(({ key, id }) => `${key}${id}`).join(' ')

describe('views over a store that takes its time', () => {
  const seed = newSeed()

  it(`give one state, whatever is written meanwhile, SEED=${seed}`, async () => {
    const runs = process.env.GATE ? 20_000 : 300
    for (let run = 0; run < runs; run++) await interleaved(seed + run)
  }).timeout(300_000)

  /** Two objects change their numbers in one transaction, again and again: at all times each has one of them. */
  async function interleaved(seed: number): Promise<void> {
    const chance = random(seed)
    const place = (n: number) => notes(['a', n], ['b', 1 - n])
    const inner = memory<Note, string>({ objects: [...place(0), { id: 'c', n: 5 }] }) as unknown as Required<Store>
    const { store, step, finish, release } = slow(chance.chance(0.5) ? mute(inner) : inner, chance.below)
    const opening = views(store as Required<Store<Note, string>>, byN)
    for (let turn = 0; turn < 3; turn++) await step()
    const viewed = await opening
    const work = [
      async () => {
        for (const n of [1, 0, 1]) {
          const tx = await viewed.transaction()
          for (const note of place(n)) await tx.put?.(note)
          expect(shown(await tx.view('byN', { endKey: 1 }))).to.equal(n === 0 ? '0a 1b' : '0b 1a')
          await (chance.chance(0.2) ? tx.abort() : tx.commit())
        }
      },
      async () => {
        for (const n of [6, 7, 8]) await viewed.put({ id: 'c', n })
      },
      async () => {
        for (let asked = 0; asked < 4; asked++) {
          const { rows } = await viewed.view('byN', { includeObjects: true })
          expect(shown({ rows })).to.match(/^(0a 1b|0b 1a) [5-8]c$/)
          for (const { key, object } of rows) expect(object.n).to.equal(key)
        }
      },
    ]
    await finish(Promise.all(work.map(each => each())))
    release()
    const all = [...(inner.query('sort(n)') as Iterable<Note>)].map(({ id, n }) => `${n}${id}`)
    expect(shown(await viewed.view('byN'))).to.equal(all.join(' '))
    await viewed.close()
  }
})

describe('views, written to', () => {
  it('follow puts, adds, deletes, and ids that the store makes', async () => {
    const store = await views(memory<{ id?: string; n: number }, string>(), {
      byN: { map: ({ n }, emit: Emit<number>) => emit(n) },
    })
    const id = await store.add({ n: 2 })
    store.put({ id: 'a', n: 1 })
    expect(shown(store.view('byN'))).to.equal(`1a 2${id}`)
    store.delete('a')
    store.put({ n: 3 }, { id })
    expect(shown(store.view('byN'))).to.equal(`3${id}`)
    expect(() => store.add({ id, n: 9 })).to.throw()
    expect(() => store.put({ id, n: Number.NaN })).to.throw()
    expect(shown(store.view('byN'))).to.equal(`3${id}`)
  })

  it('of a transaction that ends so that nobody knows how look at the store', async () => {
    for (const done of [false, true]) {
      const inner = memory<Note, string>({ objects: notes(['a', 1]) }) as unknown as Required<Store<Note, string>>
      const failing = derive(inner as Store<Note, string>, {
        ...forwarded,
        subscribe: hide,
        transaction: async options => {
          const tx = await inner.transaction(options)
          return derive(tx, {
            ...forwardedInside,
            async commit() {
              await (done ? tx.commit() : tx.abort())
              throw new StoreError('OutcomeUnknownError', 'who knows')
            },
          })
        },
      }) as typeof inner
      const store = await views(failing, byN)
      const tx = await store.transaction()
      await tx.put?.({ id: 'a', n: 2 })
      await Promise.resolve(tx.commit()).catch(() => {})
      expect(shown(await store.view('byN'))).to.equal(done ? '2a' : '1a')
      const refused = async () => tx.view('byN')
      expect(await refused().catch(error => error.name)).to.equal('TransactionInactiveError')
    }
  })

  it('commit together with another store, or not at all', async () => {
    const [store, other] = [await views(memory<Note, string>(), byN), memory()]
    const write = (fail: boolean) =>
      transaction([store, other], async ([inside, others]) => {
        await inside.put({ id: 'a', n: fail ? 2 : 1 })
        await others.put({ id: 'x' })
        expect(shown(store.view('byN'))).to.equal(fail ? '1a' : '')
        if (fail) throw new Error('no')
      })
    await write(false)
    expect(shown(store.view('byN'))).to.equal('1a')
    await write(true).catch(() => {})
    expect(shown(store.view('byN'))).to.equal('1a')
  })
})

describe('views, whose store others write to', () => {
  const turn = () => new Promise(setImmediate)

  it('follow, where the store tells', async () => {
    const inner = memory<Note, string>({ objects: notes(['a', 1]) })
    const store = await views(inner, byN)
    inner.put({ id: 'b', n: 0 })
    inner.put({ id: 'a', n: 2 })
    await turn()
    expect(shown(store.view('byN'))).to.equal('0b 2a')
    inner.delete('b')
    await turn()
    expect(shown(store.view('byN'))).to.equal('2a')
  })

  it('are rebuilt, where it does not', async () => {
    const inner = memory<Note, string>({ objects: notes(['a', 1], ['b', 2]) })
    const store = await views(mute(inner as unknown as Store) as unknown as typeof inner, byN)
    inner.put({ id: 'a', n: 3 })
    inner.delete('b')
    await turn()
    expect(shown(store.view('byN'))).to.equal('1a 2b')
    expect(store.view('byN', { includeObjects: true }).rows.map(({ id }) => id)).to.deep.equal(['a'])
    await store.rebuild()
    expect(shown(store.view('byN'))).to.equal('3a')
  })

  it('are right even when they could not keep up', async () => {
    const inner = memory<Note, string>()
    const ended = derive(inner as unknown as Store, { ...forwarded, subscribe: provide(() => inner.subscribe()) })
    const store = await views(ended as unknown as typeof inner, byN)
    const tx = await inner.transaction()
    for (let n = 0; n < 10_001; n++) tx.put?.({ id: `${n}`, n })
    await tx.commit()
    await turn()
    expect(store.view('byN').rows).to.have.length(10_001)
    inner.put({ id: 'later', n: -1 })
    await turn()
    expect(store.view('byN', { limit: 1 }).rows[0]?.id).to.equal('later')
  })

  it('map what is written while they are rebuilt as it is then', async () => {
    const objects = Array.from({ length: 5000 }, (_, n) => ({ id: `${n}`, n }))
    const inner = memory<Note, string>({ objects })
    const leisurely = derive(inner as unknown as Store, {
      ...forwarded,
      subscribe: hide,
      async *query(...asked) {
        for (const [at, object] of [...(inner.query(...asked) as Iterable<Note>)].entries()) {
          if (at % 100 === 99) await turn()
          yield object
        }
      },
    })
    const store = await views(leisurely as unknown as typeof inner, byN)
    let told = 0
    const rebuilt = store.rebuild('byN', { onProgress: () => void told++ })
    await turn()
    for (let n = 0; n < 50; n++) {
      store.put({ id: `${n * 100}`, n: -n })
      store.delete(`${n * 100 + 1}`)
      if (n % 10 === 0) await store.view('byN', { limit: 1 })
      await turn()
    }
    await rebuilt
    const expected = [...(inner.query() as Iterable<Note>)].map(({ id, n }) => `${n} ${id}`).sort()
    expect((await store.view('byN')).rows.map(({ key, id }) => `${key} ${id}`).sort()).to.deep.equal(expected)
    expect(told).to.be.greaterThan(0)
  })

  it('rebuild one alone', async () => {
    let factor = 1
    const times = { map: ({ n }: Note, emit: Emit<number>) => emit(n * factor) }
    const store = await views(memory<Note, string>({ objects: notes(['a', 1], ['b', 2]) }), {
      one: times,
      other: times,
    })
    factor = 10
    await store.rebuild('one')
    expect([shown(store.view('one')), shown(store.view('other'))]).to.deep.equal(['10a 20b', '1a 2b'])
    await store.rebuild()
    expect(shown(store.view('other'))).to.equal('10a 20b')
    const unknown = store.rebuild('none' as never)
    expect(await unknown.catch(error => error.name)).to.equal('NotFoundError')
  })
})
