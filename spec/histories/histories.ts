/** Histories of clients that work on a store at the same time, judged by what the laws promise them. */
import { expect } from 'chai'
import type { MaybePromise, Store } from '../../lib/store.js'
import { newSeed, random } from '../oracle/random.js'
import { accounts } from './accounts.js'
import { lists } from './lists.js'
import { registers } from './registers.js'
import type { Shape, Workload } from './workload.js'

export interface HistoriesOptions {
  /** Opens a new, empty store. */
  open(): MaybePromise<Store>
  /** Called after each history, when its store is closed. */
  clean?(): MaybePromise<void>
  /** How many histories of each of the three kinds; with `GATE` in the environment `gate`. */
  readonly count?: number
  readonly gate?: number
}

/** What is asked of the clients, and what it is to be. */
export const workloads: Readonly<Record<string, Workload>> = {
  'single objects are linearizable': registers,
  'transactions are strictly serializable': lists,
  'a query never sees half a transaction': accounts,
}

/** 200 operations by many clients or by few. */
export const shapes: readonly Shape[] = [
  { clients: 8, operations: 25 },
  { clients: 3, operations: 66 },
  { clients: 8, operations: 25 },
  { clients: 20, operations: 10 },
]

/** Describes histories on stores that `open` gives. */
export function histories(name: string, { open, clean, count = 17, gate = 340 }: HistoriesOptions): void {
  const seed = newSeed()
  const number = process.env.GATE ? gate : count
  describe(`${name}, histories`, () => {
    for (const [title, workload] of Object.entries(workloads)) {
      it(`${title}, ${number} times, SEED=${seed}`, async () => {
        const tally = { right: 0, wrong: 0, undecided: 0 }
        let first = ''
        for (let run = 0; run < number; run++) {
          const store = await open()
          try {
            const { verdict, reason } = await workload(
              store,
              shapes[(seed + run) % shapes.length] as Shape,
              random(seed + run),
            )
            tally[verdict]++
            if (verdict !== 'right') first ||= `SEED=${seed + run}: ${reason}`
          } finally {
            await store.close?.()
            await clean?.()
          }
        }
        expect(tally, first).to.deep.equal({ right: number, wrong: 0, undecided: 0 })
      }).timeout(20_000 + number * 500)
    }
  })
}
