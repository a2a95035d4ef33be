import { expect } from 'chai'
import { explain } from '../../lib/explain.js'
import type { Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { expires } from '../../wrappers/expires.js'
import { type Emit, views } from '../../wrappers/views.js'
import { conforms, everything } from '../conformance/index.js'
import { oracle } from '../oracle/index.js'

const byP = {
  byP: {
    map(object: Record<string, unknown>, emit: Emit) {
      emit(object.p)
      emit([object.p, object.id], object)
    },
  },
}

conforms('views over memory', { open: () => views(memory(), byP), offers: everything })

describe('views over sqlite', () => {
  conforms('a database in memory', {
    open: () => views(sqlite({ path: ':memory:', table: 'things' }), byP),
    offers: everything,
  })
})

oracle('views over memory', () => views(memory(), byP), { runs: 4 })

describe('views', () => {
  interface User {
    readonly id: number
    readonly name: string
    readonly city?: string
    readonly age: number
  }

  it('are what a newcomer expects', async () => {
    const users = await views(memory<User, number>(), {
      byCity: { map: (user, emit: Emit<string | undefined, number>) => emit(user.city, user.age), reduce: 'sum' },
    })
    users.put({ id: 1, name: 'Ada', city: 'London', age: 36 })
    users.put({ id: 2, name: 'Bo', city: 'Oslo', age: 20 })
    users.put({ id: 3, name: 'Cy', city: 'Oslo', age: 40 })
    const { rows, cursor } = users.view('byCity', { key: 'Oslo' })
    expect(rows).to.deep.equal([
      { key: 'Oslo', value: 20, id: 2 },
      { key: 'Oslo', value: 40, id: 3 },
    ])
    expect(cursor).to.equal(null)
    expect(users.view('byCity', { group: true }).rows).to.deep.equal([
      { key: 'London', value: 36 },
      { key: 'Oslo', value: 60 },
    ])
    const { rows: named } = users.view('byCity', { startKey: 'M', includeObjects: true })
    expect(named.map(({ object }) => object.name)).to.deep.equal(['Bo', 'Cy'])
  })

  it('refuse what they cannot do', async () => {
    const refusal = (inner: Store, definitions: object): Promise<string> =>
      views(inner, definitions as never).then(
        () => 'none',
        error => error.name,
      )
    const map = () => {}
    expect(await refusal({ get: () => undefined }, { a: { map } })).to.equal('NotSupportedError')
    expect(await refusal(expires(memory(), { ttl: 5 }), { a: { map } })).to.equal('NotSupportedError')
    for (const wrong of [
      {},
      { a: {} },
      { a: undefined },
      { a: { map: 7 } },
      { a: { map, reduce: 'avg' } },
      { a: { async map() {} } },
      { a: { *map() {} } },
    ]) {
      expect(await refusal(memory(), wrong), JSON.stringify(wrong)).to.equal('TypeError')
    }
  })

  it('tell how far they are, and stop when asked', async () => {
    const objects = Array.from({ length: 3000 }, (_, id) => ({ id, n: id % 7 }))
    const definitions = { byN: { map: (object: Record<string, unknown>, emit: Emit) => emit(object.n) } }
    const told: unknown[] = []
    const store = await views(memory({ objects }), definitions, {
      onProgress: (done, total) => void told.push([done, total]),
    })
    expect(told.at(-1)).to.deep.equal([3000, 3000])
    const { signal } = abortedBy(new Error('stopped'))
    const stopped = (work: Promise<unknown>) => work.catch(error => error.message)
    expect(await stopped(views(memory({ objects }), definitions, { signal }))).to.equal('stopped')
    expect(await stopped(store.rebuild('byN', { signal }))).to.equal('stopped')
    expect(store.view('byN').rows).to.have.length(3000)
  })

  it('can be explained', async () => {
    const store = await views(memory({ objects: [{ id: 1 }] }), byP)
    expect(`${explain(store)}`).to.match(/^views views=byP objects=1 rows=2\n {2}memory/)
  })

  it('end with the store', async () => {
    for (const inner of [memory(), sqlite({ path: ':memory:', table: 'things' })]) {
      const store = await views(inner, byP)
      await store.put({ id: 1, p: 2 })
      await store.close()
      const ask = async () => store.view('byP')
      expect(await ask().catch(error => error.name)).to.equal('InvalidStateError')
      expect(await store.rebuild().catch(error => error.name)).to.equal('InvalidStateError')
    }
  })

  it('end when the signal says so', async () => {
    const store = await views(memory(), byP)
    expect(() => store.view('byP', abortedBy(new Error('stopped')))).to.throw('stopped')
  })

  it('serve a store that can only be read', async () => {
    const store = await views(memory({ objects: [{ id: 1, p: 5 }], readonly: true }), byP)
    expect('put' in store).to.equal(false)
    expect(store.view('byP', { key: 5 }).rows).to.deep.equal([{ key: 5, value: null, id: 1 }])
  })
})

function abortedBy(reason: Error) {
  const controller = new AbortController()
  controller.abort(reason)
  return { signal: controller.signal }
}
