/** No path that writes skips the validation. What others write to a file or a database by themselves is not a path of ours. */

import { expect } from 'chai'
import type { Store } from '../../lib/store.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { expires } from '../../wrappers/expires.js'
import { history } from '../../wrappers/history.js'
import { inherited } from '../../wrappers/inherited.js'
import { replicated } from '../../wrappers/replicated.js'
import { refusal } from '../refusal.js'
import { ways } from './unvalidated/paths.js'
import { definition, spy } from './unvalidated/spy.js'

const valid = { name: 'Ada', age: 36 }
const invalid = [{ name: 'Ada', age: -1 }, { name: 'A' }, { name: 'Ada', more: 1 }, { name: 'Ada', tags: ['x', 'x'] }]

describe('every path that writes', () => {
  for (const [name, open] of Object.entries(ways)) {
    it(`${name}: is validated`, async () => {
      const way = await open()
      await way.write(valid)
      for (const { seen, invalid } of way.spies) {
        expect(seen(), 'it is looked at').to.be.greaterThan(0)
        expect(invalid).to.deep.equal([])
      }
      for (const thing of invalid) {
        const { spies, write } = await open()
        expect(await refusal(() => write(thing))).to.have.property('name', 'ValidationError')
        for (const { invalid } of spies) expect(invalid).to.deep.equal([])
      }
    })
  }

  after(() => console.log(`      ${Object.keys(ways).length + 6} paths, none unvalidated`))
})

/** A store in which a model of before has written what that of today forbids. */
async function open(wrap = (store: Store): Store => store) {
  const [inner, log] = [memory(), memory()]
  const Earlier = Model(wrap(history(inner, { log }) as Store), { properties: { id: Number, name: String } })
  await Earlier.put?.({ id: 1, name: 'A' })
  await Earlier.put?.({ id: 1, name: 'Ada' })
  await Earlier.put?.({ id: 2, name: 'Bob' })
  await Earlier.put?.({ id: 2, name: 'Bert' })
  const seen = spy(inner)
  const store = history(seen.store as typeof inner, { log })
  Model(wrap(store as Store), definition)
  return { inner, log, seen, store }
}

describe('undo and redo', () => {
  for (const [name, wrap] of Object.entries({
    'over it': undefined,
    'over expires': (store: Store) => expires(store, { ttl: 1e9 }) as Store,
    'over inherited': (store: Store) => inherited(store, { type: 'thing' }) as Store,
  })) {
    it(`keep what a model ${name} forbids from coming back`, async () => {
      const { inner, seen, store, log } = await open(wrap)
      const [objects, records] = [[...inner.query()], [...log.query()]]
      const error = await refusal(() => store.undo(1))
      expect(error).to.have.property('name', 'ValidationError')
      expect(error).to.deep.include({ method: 'undo', id: 1 })
      expect(error.issues?.[0]).to.deep.include({ path: ['name'], keyword: 'minLength' })
      expect([[...inner.query()], [...log.query()]]).to.deep.equal([objects, records])

      await store.undo(2)
      await store.redo(2)
      await store.undo(2)
      expect(store.get(2)).to.include({ name: 'Bob' })
      expect(seen.seen()).to.be.greaterThan(2)
      expect(seen.invalid).to.deep.equal([])
    })
  }

  it('turn back nothing of a transaction of which one object is forbidden', async () => {
    const [inner, log] = [memory(), memory()]
    const earlier = history(inner, { log })
    const tx = await earlier.transaction()
    await tx.put?.({ id: 1, name: 'A' })
    await tx.put?.({ id: 2, name: 'Bob' })
    await tx.commit()
    const gone = await earlier.transaction()
    await gone.delete?.(1)
    await gone.delete?.(2)
    await gone.commit()
    const store = history(inner, { log })
    Model(store, definition)
    expect(await refusal(() => store.undo())).to.have.property('name', 'ValidationError')
    expect([...inner.query()]).to.deep.equal([])
  })

  it('of objects with setters judge what is stored', async () => {
    const store = history(memory(), { log: memory() })
    const Secret = Model(store, {
      properties: {
        id: Number,
        password: { type: 'string', maxLength: 3, set: (given: unknown) => ({ hashed: `${given}…` }) },
        shown: { type: 'string', get: () => 'computed' },
        kept: { type: 'string', transient: true },
      },
      required: ['password', 'kept'],
      additionalProperties: false,
    } as const)
    await Secret.put({ id: 1, password: 'abc', kept: 'x' })
    await Secret.put({ id: 1, password: 'xyz', kept: 'y' })
    await store.undo(1)
    expect(store.get(1)).to.deep.equal({ id: 1, password: { hashed: 'abc…' } })
  })

  it('take what the model writes to be what a model writes, whatever the store adds', async () => {
    const store = history(memory(), { log: memory() })
    const Small = Model(store, { maxProperties: 1, propertyNames: { pattern: '^name$' } })
    const { id } = (await Small.add({ name: 'Ada' })) as unknown as { id: string }
    await store.undo(id)
    await store.redo(id)
    expect(store.get(id)).to.deep.equal({ id, name: 'Ada' })
  })

  it('let an object be what one of several models allows', async () => {
    const store = history(memory(), { log: memory() })
    const [Long] = [
      Model(store, { properties: { name: { minLength: 3 } } }),
      Model(store, { properties: { name: { maxLength: 1 } } }),
    ]
    await Long.put({ id: 1, name: 'long' } as never)
    await Long.put({ id: 1, name: 'longer' } as never)
    await store.undo(1)
    expect(store.get(1)).to.deep.equal({ id: 1, name: 'long' })
  })
})

describe('what arrives from other nodes', () => {
  type Node = ReturnType<typeof node>
  function node(name: string, schema: object | undefined, [primary, log] = [memory(), memory()]) {
    const seen = spy(primary)
    const store = replicated(seen.store as typeof primary, {}, { log, node: name, clock: () => 1 })
    if (schema) Model(store as Store, schema)
    return { store, seen, log, primary }
  }
  async function tell(from: Node, ...to: Node[]): Promise<void> {
    for (const each of to) for (const entry of [...from.log.query('at>0')]) await each.store.changes.put(entry)
  }

  it('is not taken in if it is not valid, and listed; the others are', async () => {
    const [a, b] = [node('a', undefined), node('b', definition)]
    await a.store.put({ id: 1, name: 'Ada' })
    await a.store.put({ id: 2, name: 'Bob' })
    await tell(a, b)
    await a.store.put({ id: 1, name: 'A' })
    await a.store.put({ id: 2, name: 'Bert' })
    await a.store.put({ id: 3, name: 'C' })
    await a.store.put({ id: 4, name: 'Dan' })
    await tell(a, b)
    expect([...b.primary.query()]).to.deep.equal([
      { id: 1, name: 'Ada' },
      { id: 2, name: 'Bert' },
      { id: 4, name: 'Dan' },
    ])
    expect(b.seen.invalid).to.deep.equal([])
    const conflicts = await b.store.conflicts()
    expect(conflicts.map(({ id, object, winner }) => ({ id, object, winner }))).to.deep.equal([
      { id: 1, object: { id: 1, name: 'A' }, winner: { id: 1, name: 'Ada' } },
      { id: 3, object: { id: 3, name: 'C' }, winner: undefined },
    ])
    for (const { issues } of conflicts) expect(issues?.[0]).to.deep.include({ path: ['name'], keyword: 'minLength' })
  })

  it('is settled by the next write, or by dropping it, on all nodes', async () => {
    const [a, b] = [node('a', undefined), node('b', definition)]
    await a.store.put({ id: 1, name: 'Ada' })
    await a.store.put({ id: 2, name: 'Bob' })
    await tell(a, b)
    await a.store.put({ id: 1, name: 'A' })
    await a.store.put({ id: 2, name: 'B' })
    await tell(a, b)
    await b.store.put({ id: 1, name: 'Anna' })
    for (const conflict of await b.store.conflicts()) await b.store.dropConflict(conflict)
    await tell(b, a)
    await tell(a, b)
    for (const { primary, store } of [a, b]) {
      expect([...primary.query()]).to.deep.equal([
        { id: 1, name: 'Anna' },
        { id: 2, name: 'Bob' },
      ])
      expect(await store.conflicts()).to.deep.equal([])
    }
  })

  it('is taken in once a model allows it', async () => {
    const [a, b] = [node('a', undefined), node('b', definition)]
    await a.store.put({ id: 1, name: 'A' })
    await tell(a, b)
    const later = node('b', { properties: { id: Number, name: String } }, [b.primary, b.log])
    expect(await later.store.conflicts()).to.deep.equal([])
    expect(later.store.get(1)).to.deep.equal({ id: 1, name: 'A' })
  })

  it('converges among nodes of one model, whoever has none', async () => {
    const nodes = [node('a', undefined), node('b', definition), node('c', definition)] as const
    const [a, b, c] = nodes
    for (let round = 0; round < 5; round++) {
      await a.store.put({ id: 1, name: 'x'.repeat(round) })
      await a.store.put({ id: round, name: 'valid' })
      await tell(a, round % 2 ? b : c)
      await b.store.put({ id: 2, name: `b ${round}` })
      await tell(b, c)
      await tell(c, a, b)
    }
    for (let round = 0; round < 3; round++) for (const from of nodes) await tell(from, ...nodes)
    const valid = ({ primary }: Node) => [...primary.query('id!=1')]
    expect(valid(b)).to.deep.equal(valid(a))
    expect(valid(c)).to.deep.equal(valid(a))
    for (const { seen } of [b, c]) expect(seen.invalid).to.deep.equal([])
  })
})
