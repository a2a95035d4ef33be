import assert from 'node:assert/strict'
import { all, law, needs, type Thing } from '../case.js'

const readable = needs('put', 'get')

const sample = (): Thing => ({
  id: 'a',
  list: [1, { deep: 'x' }],
  nested: { inner: { value: 1 } },
  when: new Date(5),
  bytes: Uint8Array.of(1, 2),
})

/** Changes everything in it that can be changed. */
function disturb(thing: Thing): void {
  ;(thing.list as unknown[]).push('more')
  ;((thing.list as unknown[])[1] as Thing).deep = 'changed'
  ;((thing.nested as Thing).inner as Thing).value = 2
  ;(thing.when as Date).setTime(99)
  ;(thing.bytes as Uint8Array)[0] = 99
  thing.added = true
}

export const copies = law('law 1: copies in, copies out', [
  readable('a later change of what was put does not reach the store', async ({ store }) => {
    const given = sample()
    await store.put(given)
    disturb(given)
    assert.deepEqual(await store.get('a'), sample())
  }),
  needs('add', 'get')('a later change of what was added does not reach the store', async ({ store }) => {
    const given = sample()
    await store.add(given)
    disturb(given)
    assert.deepEqual(await store.get('a'), sample())
  }),
  readable('nor does a change made before the put is done', async ({ store }) => {
    const given = sample()
    const done = store.put(given)
    disturb(given)
    await done
    assert.deepEqual(await store.get('a'), sample())
  }),
  needs('add', 'get')('nor one made before the add is done', async ({ store }) => {
    const given = sample()
    const done = store.add(given)
    disturb(given)
    await done
    assert.deepEqual(await store.get('a'), sample())
  }),
  needs(
    'put',
    'add',
    'get',
    'transaction',
  )('nor one made while others write', async ({ store }) => {
    const given = [sample(), { ...sample(), id: 'b' }]
    const tx = await store.transaction()
    const done = [store.put(given[0] as Thing), store.add(given[1] as Thing)]
    for (const each of given) disturb(each)
    await tx.abort()
    await Promise.all(done)
    assert.deepEqual(await store.get('a'), sample())
    assert.deepEqual(await store.get('b'), { ...sample(), id: 'b' })
  }),
  readable('a change of what was got does not reach the store', async ({ store }) => {
    await store.put(sample())
    disturb((await store.get('a')) as Thing)
    assert.deepEqual(await store.get('a'), sample())
  }),
  readable('two gets give two objects', async ({ store }) => {
    await store.put(sample())
    const [one, two] = [await store.get('a'), await store.get('a')]
    assert.notEqual(one, two)
    assert.notEqual(one?.nested, two?.nested)
  }),
  readable('what is got is a plain object', async ({ store }) => {
    await store.put(Object.assign(Object.create(null), { id: 'a' }))
    assert.equal(Object.getPrototypeOf(await store.get('a')), Object.prototype)
  }),
  readable('put does not change what it is given', async ({ store }) => {
    const given = Object.freeze({ value: Object.freeze([1]) }) as unknown as Thing
    await store.put(given)
    assert.deepEqual(given, { value: [1] })
  }),
  needs(
    'put',
    'get',
    'query',
  )('a change of what a query gave does not reach the store', async ({ store }) => {
    await store.put(sample())
    for (const each of await all(store)) disturb(each)
    assert.deepEqual(await store.get('a'), sample())
    assert.deepEqual(await all(store), [sample()])
  }),
  needs('put', 'query')('a projection is a copy too', async ({ store }) => {
    await store.put(sample())
    for (const each of await all(store, 'select(list,nested)')) {
      ;(each.list as unknown[]).push('more')
      ;((each.nested as Thing).inner as Thing).value = 2
    }
    assert.deepEqual(await all(store), [sample()])
  }),
  needs('put', 'query')('what is got twice from one query object is two copies', async ({ store }) => {
    await store.put(sample())
    const found = store.query('id=a')
    for await (const each of found) disturb(each)
    for await (const each of found) assert.deepEqual(each, sample())
  }),
])
