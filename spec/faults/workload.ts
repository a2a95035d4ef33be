import { can, type Data } from '../../lib/store.js'
import { type Random, random } from '../oracle/random.js'
import type { Entry, Ledger, Write } from './ledger.js'
import { type Opened, transactOf } from './subject.js'

/** What is asked of the stores in one go. */
export interface Operation {
  /** What it writes; of a transaction that is aborted, nothing. */
  readonly writes: readonly Write[]
  run(): Promise<unknown>
}

/** A step of a day in the life of stores: operations that begin at once, or something else that happens. */
export type Step = 'reopen' | 'kill' | ((opened: Opened) => Operation[])

/** Draws a step. The same random numbers give the same steps, whatever comes of them. */
export function drawStep(chance: Random, serial: number): Step {
  const kind = chance.below(12)
  if (kind === 0) return 'reopen'
  if (kind === 1) return 'kill'
  const free = [...ids]
  const draws = Array.from({ length: kind < 5 ? 2 + chance.below(3) : 1 }, (_, at) => {
    const seed = chance.below(2 ** 32)
    // what begins at once concerns different objects, so that the order does not matter
    const own = kind < 5 ? [free.splice(chance.below(free.length), 1)[0] as string] : ids
    return { seed, own, kind: chance.below(8), number: serial * 10 + at }
  })
  return opened => draws.map(each => operation(opened, { ...each, pick: random(each.seed).below }))
}

const ids = ['a', 'b', 'c', 'd', 'e', 'f']

interface Draw {
  readonly own: readonly string[]
  readonly kind: number
  readonly number: number
  readonly pick: Random['below']
}

function operation(opened: Opened, { own, kind, number, pick }: Draw): Operation {
  const at = pick(opened.stores.length)
  const store = opened.stores[at] as Opened['stores'][number]
  const transact = transactOf(opened)
  const id = own[pick(own.length)] as string
  const made = (name: string): Data => ({ id: name, n: number, text: 'x'.repeat(pick(70)) })

  if (kind < 3 && transact) {
    const writes = opened.stores.flatMap((_, each) => transactionWrites(each, own, pick, made))
    return {
      writes: kind > 0 ? writes : [],
      run: () => transact(txs => write(txs, writes, kind === 0)).catch(unlessAborted),
    }
  }
  if (kind === 3 && can(store, 'delete')) return { writes: [{ store: at, id }], run: async () => store.delete(id) }
  if (kind === 4 && can(store, 'add')) {
    const object = made(`new${number}`)
    return { writes: [{ store: at, id: `new${number}`, object }], run: async () => store.add(object) }
  }
  const object = made(id)
  return { writes: [{ store: at, id, object }], run: async () => store.put?.(object) }
}

function transactionWrites(
  store: number,
  own: readonly string[],
  pick: Random['below'],
  made: (id: string) => Data,
): Write[] {
  return Array.from({ length: 1 + pick(2) }, () => {
    const id = own[pick(own.length)] as string
    return { store, id, object: pick(3) === 0 ? undefined : made(id) }
  })
}

type Txs = Parameters<Parameters<NonNullable<Opened['transact']>>[0]>[0]

async function write(txs: Txs, writes: readonly Write[], aborts: boolean): Promise<void> {
  for (const { store, id, object } of writes) await (object ? txs[store]?.put?.(object) : txs[store]?.delete?.(id))
  if (aborts) throw aborted
}

const aborted = new Error('the workload aborts this transaction')

function unlessAborted(error: unknown): void {
  if (error !== aborted) throw error
}

/** Begins operations at once. Gives for each what it threw, if it did, when all have ended. */
export function runAll(
  operations: readonly Operation[],
  book: Ledger,
  threw: (error: unknown, entry: Entry) => void,
): Promise<unknown> {
  return Promise.all(
    operations.map(async ({ writes, run }) => {
      const entry = book.begin(writes)
      try {
        await run()
        entry.done()
      } catch (error) {
        threw(error, entry)
      }
    }),
  )
}
