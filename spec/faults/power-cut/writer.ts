/**
 * A process that writes to the stores of a kind in a folder until it is killed. Each hand prints its
 * name and the number of the step that was acknowledged, and does not begin the next one before that is said.
 */
import { setImmediate } from 'node:timers/promises'
import type { Write } from '../ledger.js'
import { type Opened, transactOf } from '../subject.js'
import { type Hand, hands, type Step } from './hands.js'
import { type Kind, kinds } from './kinds.js'

const [kind, folder = '', begun = '{}'] = process.argv.slice(2)
const done: Record<string, number> = JSON.parse(begun)
const opened: Opened = await kinds[kind as Kind](folder)
const transact = transactOf(opened)
for (const hand of hands(opened.stores.length)) void work(hand)

async function work({ name, step }: Hand): Promise<void> {
  for (let n = (done[name] ?? 0) + 1; ; n++) {
    await perform(step(n))
    await new Promise(said => process.stdout.write(`${name} ${n}\n`, said))
    // a synchronous store would never let the others have their turn
    await setImmediate()
  }
}

async function perform({ writes, together }: Step): Promise<void> {
  if (!together) await Promise.all(writes.map(async each => write(opened.stores, each)))
  else
    await transact?.(async txs => {
      for (const each of writes) await write(txs, each)
    })
}

type Target = Pick<Opened['stores'][number], 'put' | 'delete'>

function write(targets: readonly Target[], { store, id, object }: Write): unknown {
  return object ? targets[store]?.put?.(object) : targets[store]?.delete?.(id)
}
