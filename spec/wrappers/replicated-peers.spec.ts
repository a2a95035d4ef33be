import { expect } from 'chai'
import { parse } from '../../lib/json.js'
import type { Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { memory } from '../../stores/memory.js'
import { type ReplicatedOptions, replicated } from '../../wrappers/replicated.js'
import { refused } from '../conformance/case.js'
import { contents, timers, turn } from './replicated/fallible.js'

type Thing = Record<string, unknown>
const hour = 3_600_000

/** A node that talks to nobody by itself. */
function alone(node: string, options: Partial<ReplicatedOptions<Thing, string | number>> = {}, objects: Thing[] = []) {
  const log = memory()
  const primary = memory<Thing>({ objects })
  return { ...replicated(primary, {}, { log, node, ...options }), log }
}

type Alone = ReturnType<typeof alone>

/** All that one knows, as it would come to another. */
const known = ({ log }: Alone) => [...log.query('at>0')] as object[]

/** Tells everybody everything, in an order and as often as is most inconvenient. */
async function gossip(...nodes: Alone[]): Promise<void> {
  for (let round = 0; round < 2; round++) {
    for (const from of nodes) {
      const said = known(from).reverse()
      for (const to of nodes) for (const each of [...said, ...said]) await to.changes.put(each)
    }
  }
}

describe('replicated among peers', () => {
  it('of two writes that had not seen each other one wins everywhere, and the other is listed everywhere', async () => {
    const [a, b, c] = [alone('a', { clock: () => 2000 }), alone('b', { clock: () => 1000 }), alone('c')]
    await b.put({ id: 1, by: 'b' })
    await a.put({ id: 1, by: 'a' })
    await gossip(a, b, c)
    for (const node of [a, b, c]) {
      expect(node.get(1)).to.deep.equal({ id: 1, by: 'a' })
      const conflicts = await node.conflicts()
      expect(conflicts.map(({ version, ...rest }) => rest)).to.deep.equal([
        { id: 1, object: { id: 1, by: 'b' }, winner: { id: 1, by: 'a' } },
      ])
    }
  })

  it('a conflict outlasts further writes, until somebody drops it, for all', async () => {
    const [a, b] = [alone('a'), alone('b')]
    await a.put({ id: 1, by: 'a' })
    await b.put({ id: 1, by: 'b' })
    await gossip(a, b)
    await a.put({ id: 1, by: 'a, later' })
    await gossip(a, b)
    const [conflict, ...others] = await b.conflicts()
    expect(others).to.deep.equal([])
    expect(conflict?.winner).to.deep.equal({ id: 1, by: 'a, later' })
    expect(await b.dropConflict(conflict as never)).to.equal(true)
    expect(await b.dropConflict(conflict as never)).to.equal(false)
    await gossip(a, b)
    expect([await a.conflicts(), await b.conflicts()]).to.deep.equal([[], []])
    expect(a.get(1)).to.deep.equal(b.get(1)).and.deep.equal({ id: 1, by: 'a, later' })
  })

  it('a write that has seen another wins over it, though its clock is an hour behind, and goes back', async () => {
    const fast = alone('fast', { clock: () => 10 * hour })
    let now = 9 * hour
    const slow = alone('slow', { clock: () => now })
    await fast.put({ id: 1, n: 1 })
    await gossip(fast, slow)
    for (let n = 2; n < 5; n++) {
      now -= hour
      await slow.put({ id: 1, n })
    }
    await gossip(fast, slow)
    expect(fast.get(1)).to.deep.equal({ id: 1, n: 4 })
    expect(await fast.conflicts()).to.deep.equal([])
  })

  it('a delete stays a delete, whatever old is said later', async () => {
    const [a, b] = [alone('a'), alone('b')]
    await a.put({ id: 1 })
    const old = known(a)
    await gossip(a, b)
    await b.delete(1)
    await gossip(a, b)
    for (const each of old) for (const node of [a, b]) await node.changes.put(each)
    expect([a.get(1), b.get(1)]).to.deep.equal([undefined, undefined])
    await a.add({ id: 1, again: true })
    await gossip(a, b)
    expect(b.get(1)).to.deep.equal({ id: 1, again: true })
    expect(await b.conflicts()).to.deep.equal([])
  })

  it('two deletes, or two equal objects, are no conflict; a delete and a write are', async () => {
    const [a, b] = [alone('a'), alone('b')]
    for (const id of [1, 2]) await a.put({ id })
    await gossip(a, b)
    for (const node of [a, b]) {
      await node.delete(1)
      await node.put({ id: 3, same: true })
    }
    await a.delete(2)
    await b.put({ id: 2, kept: true })
    await gossip(a, b)
    const [conflict, ...others] = await a.conflicts()
    expect(others).to.deep.equal([])
    expect(conflict?.id).to.equal(2)
    expect([conflict?.object, conflict?.winner]).to.have.deep.members([undefined, { id: 2, kept: true }])
    expect(await b.conflicts()).to.deep.equal(await a.conflicts())
  })

  it('what was there before it was replicated is not in conflict with its copies, and yields to every write', async () => {
    const [a, b] = [alone('a', {}, [{ id: 1 }, { id: 2 }]), alone('b', {}, [{ id: 1 }, { id: 2, old: true }])]
    await b.put({ id: 2, changed: true })
    await gossip(a, b)
    expect(a.get(2)).to.deep.equal({ id: 2, changed: true })
    expect((await a.conflicts()).map(({ object }) => object)).to.deep.equal([{ id: 2 }])
  })

  it('a resolver makes one of two, the same on every node, and the next write replaces both', async () => {
    const conflict = (one: Thing | undefined, two: Thing | undefined) => ({ ...one, ...two })
    const nodes = ['a', 'b', 'c'].map(name => alone(name, { conflict }))
    const [a, b, c] = nodes as [Alone, Alone, Alone]
    await a.put({ id: 1, a: 1 })
    await b.put({ id: 1, b: 1 })
    await c.put({ id: 1, c: 1 })
    await gossip(a, b, c)
    for (const node of nodes) {
      expect(node.get(1)).to.deep.equal({ id: 1, a: 1, b: 1, c: 1 })
      expect(await node.conflicts()).to.deep.equal([])
    }
    await c.put({ id: 1, d: 1 })
    await gossip(a, b, c)
    for (const node of nodes) expect(node.get(1)).to.deep.equal({ id: 1, d: 1 })
  })

  it('both ways by one that knows the other, and what comes is told to who follows', async () => {
    const a = replicated(memory(), {}, { log: memory(), node: 'a' })
    await a.put({ id: 'before' })
    const b = replicated(memory(), { a }, { log: memory(), node: 'b' })
    const followed = b.subscribe()[Symbol.asyncIterator]()
    await b.put({ id: 'b' })
    await b.settled()
    expect(a.get('b')).to.deep.equal({ id: 'b' })
    await a.put({ id: 'a' })
    const seen = new Set<unknown>()
    while (seen.size < 3) seen.add((await followed.next()).value.id)
    expect(contents(b)).to.deep.equal(contents(a))
    for (const each of [b, a]) await each.close()
  })

  it('asks a peer that cannot be followed from time to time, and goes on from its checkpoint', async () => {
    const a = alone('a')
    const time = timers()
    const asked: string[] = []
    const query = (text: string) => {
      asked.push(text)
      return a.log.query(text)
    }
    const [primary, log] = [memory(), memory()]
    const open = () => {
      const stays = (store: Store) => ({ ...store, close: () => {} })
      const peer = { changes: { query: query as never } }
      return replicated(stays(primary), { peer }, { log: stays(log), node: 'b', schedule: time.schedule })
    }
    const b = open()
    await turn()
    await a.put({ id: 1 })
    time.goOff()
    await turn()
    expect(primary.get(1)).to.deep.equal({ id: 1 })
    await b.close()
    await a.delete(1)
    asked.length = 0
    const again = open()
    await turn()
    expect(primary.get(1)).to.equal(undefined)
    expect(asked[0]).to.match(/^at>1&/)
    await again.close()
  })

  it('takes a change inside no transaction of others, and its own transactions replicate as a whole', async () => {
    const [a, b] = [alone('a'), alone('b')]
    await transaction(a as unknown as Required<Store>, async tx => {
      await tx.put({ id: 1, n: 1 })
      await tx.put({ id: 1, n: 2 })
    })
    expect(known(a)).to.have.length(1)
    const tx = await (b as unknown as Required<Store>).transaction()
    const coming = b.changes.put(known(a)[0] as object)
    await turn()
    expect(await tx.get?.(1)).to.equal(undefined)
    await tx.commit()
    await coming
    expect(b.get(1)).to.deep.equal({ id: 1, n: 2 })
  })

  it('keeps any object of the domain, of any id', async () => {
    const [a, b] = [alone('a'), alone('b')]
    const deep = parse(`{"in":${'['.repeat(90)}${']'.repeat(90)}}`) as object
    const things: Thing[] = [
      { id: 'x'.repeat(1024), big: 12n, at: new Date(5), bytes: Uint8Array.of(1) },
      { id: '__proto__', deep },
      { id: '7', $date: 'no date' },
    ]
    for (const each of things) await a.put(each)
    await a.put({ id: 7, n: 1 })
    await gossip(a, b)
    expect(contents(b)).to.deep.equal(contents(a))
    expect(b.get('x'.repeat(1024))).to.deep.equal(things[0])
    expect(b.get('7')).to.deep.equal({ id: 7, n: 1 })
  })

  it('refuses what are no versions', async () => {
    const a = alone('a')
    await a.put({ id: 1 })
    const [entry] = known(a) as Thing[]
    for (const wrong of [
      {},
      { ...entry, heads: 'x' },
      { ...entry, heads: [{ stamp: 'x' }] },
      { ...entry, heads: [null] },
      { ...entry, seen: ['x'] },
      { ...entry, key: '' },
    ]) {
      await refused(() => a.changes.put(wrong), 'DataError')
    }
    const other = { key: 2, heads: [{ stamp: '000000001-0000-z', text: '{"id":3}' }], seen: [] }
    await refused(() => a.changes.put(other), 'DataError')
    expect(contents(a)).to.deep.equal([{ id: 1 }])
  })
})
