import { expect } from 'chai'
import type { Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { Model } from '../../models/model.js'
import { directory } from '../../stores/directory.js'
import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { cache } from '../../wrappers/cache.js'
import { history } from '../../wrappers/history.js'
import { revisions } from '../../wrappers/revisions.js'
import { slow } from '../../wrappers/slow.js'
import { refusal } from '../refusal.js'
import { folder } from '../stores/json-file/folder.js'
import { writable } from './writable.js'

const definition = {
  properties: {
    count: { type: 'integer', default: 0 },
    name: String,
    made: { type: 'date', readonly: true },
    secret: { type: 'string', blocked: true },
  },
} as const

const turn = () => new Promise(resolve => setImmediate(resolve))

describe('update', () => {
  const files = folder()
  const kinds: Record<string, () => Store | Promise<Store>> = {
    ...writable,
    'json-file': () => jsonFile({ path: files.path(), durability: 'relaxed' }),
    directory: () => directory({ path: files.path('things'), durability: 'relaxed' }),
    cache: () => cache(memory(), { max: 10 }),
    'history, revisions': () => history(revisions(memory()), { log: memory() }),
    slow: () => slow(memory(), { sleep: turn as never }),
  }

  for (const [name, open] of Object.entries(kinds)) {
    it(`counts each of 20 at once over ${name}`, async () => {
      const store = await open()
      const Counter = Model(store, definition)
      await Counter.put?.({ id: 1 })
      const increments = Array.from({ length: 20 }, (_, position) =>
        Counter.update?.(1, async counter => {
          if (position % 2 === 0) await turn()
          counter.count++
        }),
      )
      const done = await Promise.all(increments)
      expect((await Counter.get?.(1))?.count).to.equal(20)
      expect(new Set(done.map(counter => counter?.count)).size).to.equal(20)
      await store.close?.()
    })
  }

  for (const [name, open] of Object.entries(writable)) {
    describe(`over ${name}`, () => {
      it('counts inside a transaction, and gives instances that save into it', async () => {
        const Counter = Model(open(), definition)
        await Counter.add({ id: 1 })
        await transaction(Counter, async tx => {
          await Promise.all(Array.from({ length: 5 }, () => tx.update(1, async counter => void counter.count++)))
          const counter = await tx.update(1, counter => void counter.count++)
          counter.name = 'six'
          await counter.save()
          expect((await tx.get(1))?.count).to.equal(6)
        })
        expect(await Counter.get(1)).to.deep.include({ count: 6, name: 'six' })
        const aborted = await refusal(() =>
          transaction(Counter, async tx => {
            await tx.update(1, counter => void counter.count++)
            throw new Error('no')
          }),
        )
        expect(aborted.message).to.equal('no')
        expect((await Counter.get(1))?.count).to.equal(6)
      })

      it('takes what is returned in place of the instance', async () => {
        const Counter = Model(open(), definition)
        await Counter.add({ id: 1, name: 'Ada', count: 3 })
        expect(await Counter.update(1, ({ count }) => ({ count: count + 1 }))).to.deep.equal({ id: 1, count: 4 })
        expect(await Counter.update(1, async counter => counter)).to.deep.equal({ id: 1, count: 4 })
        expect(await refusal(() => Counter.update(1, () => ({ id: 2, count: 1 })))).to.have.property(
          'name',
          'DataError',
        )
        expect(await refusal(() => Counter.update(1, (() => 5) as never)))
          .to.be.instanceOf(TypeError)
          .with.property('message', 'a change gives nothing, or the object to store: not a number')
        expect(await refusal(() => Counter.update(1, 5 as never))).to.be.instanceOf(TypeError)
        expect(await Counter.get(1)).to.deep.equal({ id: 1, count: 4 })
        const Named = Model(open(), { properties: { id: { type: 'integer' }, name: String }, required: ['id'] })
        await Named.add({ id: 1 })
        const change = () => ({ name: 'Ada' }) as { id: number; name: string }
        expect(await Named.update(1, change)).to.deep.equal({ id: 1, name: 'Ada' })
      })

      it('is refused where nothing is stored, or the result is not valid', async () => {
        const store = open()
        const Counter = Model(store, definition)
        expect(await refusal(() => Counter.update(1, () => {}))).to.deep.include({ name: 'NotFoundError', id: 1 })
        await Counter.add({ id: 1, made: new Date(0) })
        const wrong = await refusal(() => Counter.update(1, counter => void Object.assign(counter, { count: 'x' })))
        expect(wrong).to.deep.include({ name: 'ValidationError', method: 'update', id: 1 })
        const fixed = await refusal(() =>
          Counter.update(1, counter => void Object.assign(counter, { made: new Date(1) })),
        )
        expect(fixed.issues?.map(({ keyword }) => keyword)).to.deep.equal(['readonly'])
        expect(await store.get(1)).to.deep.equal({ id: 1, count: 0, made: new Date(0) })
      })

      it('keeps what is blocked', async () => {
        const store = open()
        await store.put({ id: 1, secret: 'x', count: 1 })
        const Counter = Model(store, definition)
        await Counter.update(1, counter => {
          expect(counter).to.deep.equal({ id: 1, count: 1 })
          counter.count++
        })
        expect(await store.get(1)).to.deep.equal({ id: 1, secret: 'x', count: 2 })
      })

      it('gives up after so many tries, and leaves what others stored', async () => {
        const Counter = Model(open(), definition)
        await Counter.add({ id: 1 })
        let calls = 0
        const change = async (counter: { count: number }) => {
          calls++
          await Counter.put({ id: 1, count: 100 * calls })
          counter.count++
        }
        const error = await refusal(() => Counter.update(1, change, { tries: 3 }))
        expect(error).to.have.property('name', 'PreconditionFailedError')
        expect(calls).to.equal(3)
        expect((await Counter.get(1))?.count).to.equal(300)
      })

      it('does not try again where the change itself is refused', async () => {
        const Counter = Model(open(), definition)
        const counter = await Counter.add({ id: 1 })
        await Counter.put({ id: 1, count: 5 })
        let calls = 0
        const error = await refusal(() =>
          Counter.update(1, async () => {
            calls++
            await counter.save()
          }),
        )
        expect([error.name, calls]).to.deep.equal(['PreconditionFailedError', 1])
      })

      it('ends with its signal', async () => {
        const Counter = Model(open(), definition)
        await Counter.add({ id: 1 })
        const aborting = new AbortController()
        const error = await refusal(() =>
          Counter.update(
            1,
            async counter => {
              counter.count++
              aborting.abort(new Error('enough'))
            },
            { signal: aborting.signal },
          ),
        )
        expect(error.message).to.equal('enough')
        expect((await Counter.get(1))?.count).to.equal(0)
      })

      it('of two instances that are saved at once, one conflicts and nothing is overwritten', async () => {
        const Counter = Model(open(), definition)
        await Counter.add({ id: 1 })
        const both = await Counter.getAll([1, 1])
        const saves = both.map(async (counter, position) => {
          if (!counter) throw new Error('nothing there')
          counter.count += position + 1
          await counter.save()
          return counter.count
        })
        const ends = await Promise.allSettled(saves)
        expect(ends.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected'])
        const won = ends.find(end => end.status === 'fulfilled')
        expect((await Counter.get(1))?.count).to.equal(won?.value)
      })
    })
  }

  it('answers at once over a store that does', () => {
    const Counter = Model(memory(), definition)
    Counter.add({ id: 1 })
    expect(Counter.update(1, counter => void counter.count++)).to.have.property('count', 1)
    expect(Counter.patch(1, { count: 5 })).to.have.property('count', 5)
  })

  it('is there if the store has get and put', () => {
    const { get, put, add } = memory()
    const Both = Model({ get, put }, definition)
    expect(Both.update).to.be.a('function')
    const Drop = Model({ add }, { properties: { name: String } })
    for (const name of ['update', 'patch', 'getAll', 'putAll', 'deleteAll']) expect(Drop).not.to.have.property(name)
    // @ts-expect-error: nothing can be read
    expect(Drop.update).to.equal(undefined)
    expect(() => Model(memory(), { static: { update() {} } })).to.throw(TypeError, 'static.update')
  })
})
