import { etag } from '../../lib/etag.js'
import type { Store } from '../../lib/store.js'
import { transaction, type Within } from '../../lib/transaction.js'
import { when } from '../../lib/when.js'
import type { Random } from '../oracle/random.js'
import { drain, pause } from './pause.js'
import { type Recorder, recorder } from './recorder.js'
import { serializable } from './serializable.js'
import type { Lists, Step } from './transacted.js'
import { type Workload, work } from './workload.js'

type List = { readonly id: string; readonly list: readonly number[] }
type ListStore = Required<Store<List, string>>

const ids = ['a', 'b', 'c', 'd', 'e', 'f']
const changedMind = new Error('the client has changed its mind')

/**
 * Transactions that read lists and append to them, some of which are aborted or throw; reads, queries and conditional writes
 * outside. All together is to be strictly serializable.
 */
export const lists: Workload = async (given, shape, chance) => {
  const store = given as ListStore
  const { calls, record }: Recorder<Step[]> = recorder()
  let elements = 0

  async function transact(): Promise<void> {
    const steps: Step[] = []
    const fate = chance.next()
    const all = async (tx: Within<ListStore>) => {
      for (let left = 1 + chance.below(4); left > 0; left--) {
        if (chance.chance(0.1)) await readAll(tx, steps, chance)
        else await readOrAppend(tx, steps)
        await pause(chance)
      }
      if (fate < 0.02) throw changedMind
    }
    if (fate > 0.07) return record(steps, () => transaction(store, all), changedMind)
    if (fate < 0.02) return record(steps, () => transaction(store, all), changedMind)
    await record(steps, () => aborted(store, all), changedMind)
  }

  async function readOrAppend(tx: Within<ListStore>, steps: Step[]): Promise<void> {
    const id = chance.pick(ids)
    const list = (await tx.get(id))?.list ?? []
    steps.push({ read: id, list })
    if (chance.chance(0.4)) return
    await pause(chance)
    const element = elements++
    steps.push({ append: id, element })
    await tx.put({ id, list: [...list, element] })
  }

  /** Appends if nobody else has since it was read. What it read then counts at the moment of the write. */
  async function appendIfUnchanged(): Promise<void> {
    const id = chance.pick(ids)
    const list = (await store.get(id))?.list
    await pause(chance)
    const element = elements++
    const steps: Step[] = [{ append: id, element }]
    const condition = list ? { ifMatch: etag({ id, list }) } : { ifNoneMatch: '*' as const }
    await record(steps, () =>
      when(store.put({ id, list: [...(list ?? []), element] }, condition), () => {
        steps.unshift({ read: id, list: list ?? [] })
      }),
    )
  }

  function get(): Promise<unknown> {
    const id = chance.pick(ids)
    const steps: Step[] = []
    return record(steps, () =>
      when(store.get(id), found => {
        steps.push({ read: id, list: found?.list ?? [] })
      }),
    )
  }

  await work(shape, chance, () => () => {
    const kind = chance.next()
    if (kind < 0.5) return transact()
    if (kind < 0.7) return get()
    if (kind < 0.9) return appendIfUnchanged()
    const steps: Step[] = []
    return record(steps, () => readAll(store, steps, chance))
  })
  const anomalies = serializable(calls, await listsIn(store, chance))
  if (anomalies.length === 0) return { verdict: 'right' }
  return { verdict: 'wrong', reason: anomalies.map(({ name, message }) => `${name}: ${message}`).join('\n') }
}

async function aborted(store: ListStore, all: (tx: Within<ListStore>) => Promise<void>): Promise<never> {
  const tx = await store.transaction()
  await all(tx as Within<ListStore>)
  await tx.abort()
  throw changedMind
}

async function readAll(store: Within<ListStore>, steps: Step[], chance: Random): Promise<void> {
  const found = await listsIn(store, chance)
  for (const id of ids) steps.push({ read: id, list: found.get(id) ?? [] })
}

async function listsIn(store: Pick<ListStore, 'query'>, chance: Random): Promise<Lists> {
  const found = await drain(store.query(), chance)
  return new Map(found.map(({ id, list }) => [id, list]))
}
