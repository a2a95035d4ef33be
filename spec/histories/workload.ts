import type { Store } from '../../lib/store.js'
import type { Random } from '../oracle/random.js'
import type { Verdict } from './linearizable.js'
import { pause } from './pause.js'

export interface Shape {
  readonly clients: number
  /** Of each client; a transaction is one. */
  readonly operations: number
}

/** Lets clients work on an empty store, and judges what they saw. */
export type Workload = (store: Store, shape: Shape, chance: Random) => Promise<Verdict>

/** Lets clients work at the same time; each pauses for a random while before an operation. */
export async function work(shape: Shape, chance: Random, client: () => () => Promise<unknown>): Promise<void> {
  const { clients, operations } = shape
  await Promise.all(
    Array.from({ length: clients }, async () => {
      const operate = client()
      for (let left = operations; left > 0; left--) {
        await pause(chance)
        await operate()
      }
    }),
  )
}
