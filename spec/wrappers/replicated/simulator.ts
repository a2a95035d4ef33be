/**
 * A world of nodes that replicate each other, in which everything goes wrong: messages are lost, doubled and overtake each
 * other, nodes are cut off, die at any call to their disk and come back, clocks are wrong by an hour and jump. The same seed,
 * the same world.
 */
import assert from 'node:assert/strict'
import { isStoreError } from '../../../lib/errors.js'
import type { Store } from '../../../lib/store.js'
import { transaction } from '../../../lib/transaction.js'
import type { replicated as Replicated } from '../../../wrappers/replicated.js'
import { type Random, random } from '../../oracle/random.js'
import { disk } from './disk.js'
import { history } from './history.js'
import { cutOff, cutOrMend, type Message, network } from './network.js'

type Node = ReturnType<typeof Replicated> & Required<Store>

const hour = 3_600_000
const unreachable = new Error('unreachable')
const keys = ['a', 'b', 'c', 'd']

export interface Outcome {
  readonly acknowledged: number
  readonly conflicts: number
  readonly crashes: number
  readonly lost: number
}

export async function simulate(
  seed: number,
  replicated: typeof Replicated,
  { operations = 200, count = 3 } = {},
): Promise<Outcome> {
  const chance = random(seed)
  const net = network()
  const past = history()
  const mode = chance.pick(['async', 'async', 'quorum', 'sync'] as const)
  const names = Array.from({ length: count }, (_, n) => `n${n}`)
  const disks = names.map(name => disk((was, is) => past.note(name, was, is)))
  const skews = names.map(() => skew(chance))
  const lives: { calls: number }[] = names.map(() => ({ calls: 0 }))
  const nodes: (Node | undefined)[] = []
  const outcome = { acknowledged: 0, conflicts: 0, crashes: 0, lost: 0 }
  let token = 0

  function start(n: number): void {
    const life = { calls: Number.POSITIVE_INFINITY }
    lives[n] = life
    const { primary, log } = (disks[n] as (typeof disks)[0]).mount(life)
    const others = names.flatMap((name, to) =>
      to === n ? [] : [[name, { changes: { put: (given: object) => net.send(n, to, given) } }] as const],
    )
    nodes[n] = replicated(primary, Object.fromEntries(others) as never, {
      log,
      mode,
      node: names[n],
      timeout: 500,
      clock: () => net.now + (skews[n] as number),
      random: chance.next,
      schedule: (work, milliseconds) => net.schedule(life, work, milliseconds),
    }) as unknown as Node
  }

  function die(n: number): void {
    const life = lives[n] as { calls: number }
    life.calls = 0
    net.forget(life)
    nodes[n] = undefined
    outcome.crashes++
  }

  function write(): void {
    const n = chance.below(count)
    const key = chance.pick(keys)
    const node = nodes[n]
    if (!node) return
    if (chance.chance(0.25)) {
      ignore(node.delete(key))
      return
    }
    const tokens = chance.chance(0.15) ? [++token, ++token] : [++token]
    const done = () => {
      const needed = { async: 1, quorum: 2, sync: count }[mode]
      for (const each of tokens) {
        assert.ok(past.reached(each, disks) >= needed, `${each} was acknowledged, ${mode}, but is not there`)
        past.acknowledge(each)
        outcome.acknowledged++
      }
    }
    const other = keys.find(each => each !== key)
    const [one, two] = tokens
    const both = (tx: Pick<Store, 'put'>) => {
      tx.put?.({ id: key, token: one })
      return tx.put?.({ id: other, token: two })
    }
    acknowledged(two ? transaction(node, both) : node.put({ id: key, token: one }), done)
  }

  /** Somebody settles a conflict: what he drops is gone. */
  async function settleOne(): Promise<void> {
    const node = chance.pick(nodes)
    const conflict = (await node?.conflicts())?.[0]
    if (!node || !conflict) return
    past.drop(conflict)
    ignore(node.dropConflict(conflict))
  }

  /** What is written and not acknowledged may be lost. */
  const failures: unknown[] = []
  function acknowledged(put: unknown, done: () => void): void {
    Promise.resolve(put)
      .then(done)
      .catch(error => isStoreError(error) || failures.push(error))
  }
  const ignore = (work: unknown) => acknowledged(work, () => {})

  function deliver(faulty: boolean): void {
    if (net.messages.length === 0) return
    const at = chance.below(net.messages.length)
    const message = net.messages[at] as Message
    const twice = faulty && chance.chance(0.15)
    if (!twice) net.messages.splice(at, 1)
    const target = nodes[message.to]
    if (!target || (faulty && (chance.chance(0.15) || cutOff(net, message.from, message.to)))) {
      outcome.lost++
      if (chance.chance(0.5)) message.answer(unreachable)
      return
    }
    const answered = !faulty || chance.chance(0.9)
    const life = lives[message.from]
    Promise.resolve(target.changes.put(message.given)).then(
      () => answered && life === lives[message.from] && message.answer(),
      error => (isStoreError(error) ? message.answer(error) : failures.push(error)),
    )
  }

  function crash(): void {
    const n = chance.below(count)
    if (!nodes[n]) start(n)
    // at once, or in the midst of what it does next
    else if (chance.chance(0.3)) die(n)
    else (lives[n] as { calls: number }).calls = chance.below(40)
  }

  const turn = async () => {
    await new Promise(setImmediate)
    for (const n of names.keys()) if (nodes[n] && (lives[n] as { calls: number }).calls <= 0) die(n)
    if (failures.length > 0) throw failures[0]
  }

  for (const n of names.keys()) start(n)
  for (let operation = 0; operation < operations; operation++) {
    const what = chance.next()
    if (what < 0.3) write()
    else if (what < 0.75) deliver(true)
    else if (what < 0.88) net.pass(chance.below(400))
    else if (what < 0.91) cutOrMend(net, chance, count)
    else if (what < 0.97) crash()
    else if (what < 0.985) ignore(settleOne())
    else skews[chance.below(count)] = skew(chance)
    await turn()
  }
  await heal()
  const first = disks[0] as (typeof disks)[0]
  for (const each of disks) assert.deepEqual(plain(each.objects), plain(first.objects), 'they differ')
  const lists = await Promise.all(
    nodes.map(async node => (await node?.conflicts())?.map(({ version }) => version).sort()),
  )
  for (const list of lists) assert.deepEqual(list, lists[0], 'their conflicts differ')
  past.check(first)
  outcome.conflicts = lists[0]?.length ?? 0
  return outcome

  /** All faults stop; time passes until nobody has anything to say. */
  async function heal(): Promise<void> {
    net.cuts.clear()
    for (const n of names.keys()) {
      if (nodes[n]) (lives[n] as { calls: number }).calls = Number.POSITIVE_INFINITY
      else start(n)
    }
    for (let round = 0; round < 1000; round++) {
      await turn()
      while (net.messages.length > 0) {
        deliver(false)
        await turn()
      }
      const busy = nodes.some(node => Object.values(node?.lag() ?? {}).some(({ changes }) => changes > 0))
      if (!busy) return
      net.pass(Math.max(0, (net.next ?? net.now) - net.now))
    }
    assert.fail('they never settle')
  }
}

function skew(chance: Random): number {
  return Math.floor((chance.next() * 2 - 1) * hour)
}

function plain(table: ReadonlyMap<string, object>): unknown {
  return Object.fromEntries([...table].sort(([a], [b]) => (a < b ? -1 : 1)))
}
