import { expect } from 'chai'
import { type Decisions, derive, forward } from '../../lib/derive.js'
import { etag } from '../../lib/etag.js'
import { explain } from '../../lib/explain.js'
import { can, methods, type Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { transactionLog } from '../../stores/transaction-log.js'
import { aggregate, type Part } from '../../wrappers/aggregate.js'
import { expires } from '../../wrappers/expires.js'
import { readonly } from '../../wrappers/readonly.js'
import { all, refused } from '../conformance/case.js'

/** People, whose portraits are kept apart. */
function people() {
  const [persons, portraits] = [memory(), memory({ idProperty: 'of' })]
  const store = aggregate([{ store: persons }, { store: portraits, properties: ['photo', 'by'], idProperty: 'of' }])
  return { store, persons, portraits }
}

describe('aggregate', () => {
  it('keeps of each object in each part what it names, and the id', async () => {
    const { store, persons, portraits } = people()
    const ids = [
      await store.put({ id: 'ada', name: 'Ada', photo: 'a.png' }),
      await store.put({ name: 'Bo', photo: 'b.png' }, { id: 'bo' }),
      await store.add({ name: 'Cy', photo: 'c.png' }),
    ]
    expect(ids.slice(0, 2)).to.deep.equal(['ada', 'bo'])
    expect([...persons.query('sort(name)')]).to.deep.equal(ids.map((id, n) => ({ id, name: ['Ada', 'Bo', 'Cy'][n] })))
    expect([...portraits.query('sort(photo)')]).to.deep.equal(ids.map((of, n) => ({ of, photo: `${'abc'[n]}.png` })))
    expect(await store.get('bo')).to.deep.equal({ id: 'bo', name: 'Bo', photo: 'b.png' })
    expect(await all(store, 'photo=a.png')).to.deep.equal([{ id: 'ada', name: 'Ada', photo: 'a.png' }])
  })

  it('removes from each part what a put leaves out', async () => {
    const { store, persons, portraits } = people()
    await store.put({ id: 1, name: 'Ada', photo: 'a.png', by: 'Bo' })
    await store.put({ id: 1, photo: 'b.png' })
    expect([persons.get(1), portraits.get(1)]).to.deep.equal([{ id: 1 }, { of: 1, photo: 'b.png' }])
    await store.put({ id: 1, name: 'Ada' })
    expect([persons.get(1), portraits.count()]).to.deep.equal([{ id: 1, name: 'Ada' }, 0])
    expect(await store.delete(1)).to.equal(true)
    expect([persons.count(), portraits.count(), await store.delete(1)]).to.deep.equal([0, 0, false])
  })

  it('goes by the first part: without it there is no object, without another there is', async () => {
    const { store, persons, portraits } = people()
    persons.put({ id: 1, name: 'Ada' })
    portraits.put({ of: 2, photo: 'left.png', by: 'Bo' })
    expect([await store.get(1), await store.get(2), await store.get(3)]).to.deep.equal([
      { id: 1, name: 'Ada' },
      undefined,
      undefined,
    ])
    expect(await all(store, 'photo=left.png')).to.deep.equal([])
    expect([await store.count(), await store.count('by=Bo')]).to.deep.equal([1, 0])
    expect(await store.add({ id: 2, photo: 'new.png' })).to.equal(2)
    expect(await store.get(2)).to.deep.equal({ id: 2, photo: 'new.png' })
    portraits.put({ of: 5, photo: 'left.png' })
    expect(await store.delete(5)).to.equal(false)
    expect(portraits.get(5)).to.equal(undefined)
  })

  it('leaves alone what else is in a part', async () => {
    const { store, portraits } = people()
    await store.put({ id: 1, name: 'Ada', photo: 'a.png' })
    portraits.put({ of: 1, photo: 'a.png', name: 'hidden', id: 'x' })
    expect(await store.get(1)).to.deep.equal({ id: 1, name: 'Ada', photo: 'a.png' })
  })

  it('gives the properties in the order of the parts, and of each part in theirs', async () => {
    const { store } = people()
    await store.put({ photo: 'x', z: 1, id: 1, by: 'y', a: 2 })
    expect(Object.keys((await store.get(1)) ?? {})).to.deep.equal(['z', 'id', 'a', 'photo', 'by'])
  })

  it('refuses what no part keeps', async () => {
    const store = aggregate([
      { store: memory(), properties: ['a'] },
      { store: memory({ idProperty: 'key' }), idProperty: 'key' },
    ])
    expect((await refused(() => store.put({ id: 1, key: 5 }), 'DataError')).message).to.match(/no part keeps.*key/)
    await store.put({ id: 1, b: 1 })
    expect(await all(store, 'key=1')).to.deep.equal([])
    const closed = aggregate([{ store: memory(), properties: ['a'] }])
    expect((await refused(() => closed.put({ id: 1, b: 5 }), 'DataError')).message).to.match(/b/)
    expect(await all(closed, 'b=null')).to.deep.equal([])
  })

  it('is refused where the parts do not fit together', () => {
    const one = memory()
    const wrong: readonly [parts: readonly unknown[], why: RegExp][] = [
      [[], /one part or more/],
      [[{}], /store/],
      [[{ store: one }, { store: one, properties: ['a'] }], /one part only/],
      [[{ store: memory() }, { store: memory() }], /only one part/],
      [
        [
          { store: memory(), properties: ['a'] },
          { store: memory(), properties: ['a'] },
        ],
        /a is kept by one part only/,
      ],
      [[{ store: memory(), properties: ['id'] }], /id is the id/],
      [[{ store: memory({ idProperty: 'key' }), properties: ['key'], idProperty: 'key' }], /key is the id/],
      [[{ store: memory(), properties: [5] }], /names/],
    ]
    for (const [parts, why] of wrong) expect(() => aggregate(parts as readonly Part[])).to.throw(TypeError, why)
    const log = transactionLog({ path: 'nowhere' })
    expect(() => aggregate([{ store: one }], { atomic: false, log })).to.throw(TypeError, /log/)
    const parts = [{ store: memory() }, { store: without(memory(), 'transaction'), properties: ['a'] }]
    expect(() => aggregate(parts))
      .to.throw(/part 1 has no transactions/)
      .with.property('name', 'NotSupportedError')
  })

  it('is refused where a part goes away by itself, so that half of an object would stay', async () => {
    const brief = { store: readonly(expires(memory(), { ttl: 1 })), properties: ['a'] }
    for (const options of [{}, { atomic: false }] as const) {
      await refused(() => aggregate([{ store: memory() }, brief], options as object), 'NotSupportedError')
    }
    expect(Object.keys(expires(aggregate([{ store: memory() }]), { ttl: 1 }))).to.include('sweep')
  })

  it('can what all of its parts can', async () => {
    const [one, two] = [memory(), memory()]
    const loose = aggregate([{ store: one }, { store: without(two, 'transaction'), properties: ['a'] }], {
      atomic: false,
    })
    expect(methods.filter(method => can(loose as Store, method))).to.deep.equal(
      methods.filter(m => m !== 'transaction'),
    )
    // @ts-expect-error: there are no transactions
    expect(loose.transaction).to.equal(undefined)
    const reading = aggregate([{ store: one }, { store: readonly(two), properties: ['a'] }])
    expect(methods.filter(method => can(reading as Store, method))).to.deep.equal([
      'get',
      'query',
      'count',
      'setSchema',
      'close',
    ])
    // @ts-expect-error: it cannot be written to
    expect(reading.put).to.equal(undefined)
    one.put({ id: 1, b: 2 })
    two.put({ id: 1, a: 1 })
    expect(await all(reading)).to.deep.equal([{ id: 1, b: 2, a: 1 }])
    expect(explain(reading).inner.map(({ name }) => name)).to.deep.equal(['memory', 'readonly'])
  })

  it('has the types of its parts', async () => {
    type Person = { id: string; name: string }
    const store = aggregate([
      { store: memory<Person, string>() },
      { store: memory<{ id: string; photo: string }, string>(), properties: ['photo'] },
    ])
    const got = await store.get('a')
    const photo: string | undefined = got?.photo
    // @ts-expect-error: names are texts
    await store.put({ id: 'a', name: 5, photo: 'a.png' })
    expect([photo, got?.name]).to.deep.equal([undefined, undefined])
  })

  it('checks ifMatch against the whole object', async () => {
    const { store, portraits } = people()
    await store.put({ id: 1, name: 'Ada', photo: 'a.png' })
    const tag = etag((await store.get(1)) ?? {})
    portraits.put({ of: 1, photo: 'b.png' })
    await refused(() => store.put({ id: 1 }, { ifMatch: tag }), 'PreconditionFailedError')
    await refused(() => store.delete(1, { ifMatch: tag }), 'PreconditionFailedError')
    expect(await store.get(1)).to.deep.equal({ id: 1, name: 'Ada', photo: 'b.png' })
  })

  it('tells a part what a schema says of its properties', async () => {
    const told: unknown[] = []
    const listening = (store: Store) => ({ ...store, setSchema: (schema: unknown) => void told.push(schema) })
    const store = aggregate([
      { store: listening(memory()), properties: ['a'] },
      { store: listening(memory()), idProperty: 'key' },
    ])
    const [a, b, id] = [{ index: true }, { type: 'string' }, { type: 'integer' }]
    store.setSchema?.({ properties: { id, a, b }, required: ['id', 'b'] })
    expect(told).to.deep.equal([
      { properties: { id, a }, required: ['id'] },
      { properties: { key: id, b }, required: ['key', 'b'] },
    ])
  })
})

const methodsOf = (decision: typeof forward) => Object.fromEntries(methods.map(method => [method, decision]))

function without(store: Store, ...hidden: (keyof Store)[]): Store {
  const kept = Object.fromEntries(Object.entries(store).filter(([name]) => !hidden.includes(name as keyof Store)))
  return derive(kept, methodsOf(forward) as unknown as Decisions<Store>)
}
