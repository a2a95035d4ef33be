import { can, type Store } from '../../lib/store.js'
import { type Entry, type Ledger, later } from './ledger.js'
import { rounds, type Schedule } from './rounds.js'

/** How often a peer that cannot be followed is asked, in milliseconds. */
const interval = 1000

export interface ReceivingOptions {
  readonly name: string
  readonly ledger: Ledger
  readonly changes: Store
  readonly apply: (entry: Entry) => Promise<unknown>
  readonly schedule: Schedule
  readonly random: () => number
}

/** Fetches what has changed at a peer, from a checkpoint that moves when it is applied, never before. */
export function receiving({ name, ledger, changes, apply, schedule, random }: ReceivingOptions) {
  const controller = new AbortController()
  const { signal } = controller
  let from = 0
  let follower: Promise<void> | undefined
  let cancel = () => {}

  async function round(): Promise<boolean> {
    // first, so that nothing falls between
    follower ??= can(changes, 'subscribe') ? follow(changes).then(unfollow, unfollow) : undefined
    const entries = await later(changes, from, signal)
    for (const entry of entries) await apply(entry)
    const at = entries.at(-1)?.at
    if (at !== undefined) {
      from = at
      await ledger.setCheckpoint(`from ${name}`, at)
    } else if (!follower) {
      cancel()
      cancel = schedule(loop.wake, interval)
    }
    return at !== undefined
  }

  async function follow(changes: Pick<Required<Store>, 'subscribe'>): Promise<void> {
    for await (const _ of changes.subscribe('at>0', { signal })) loop.wake()
  }

  /** It has ended, or failed: asks again from time to time, and then follows again. */
  function unfollow(): void {
    follower = undefined
    if (!signal.aborted) cancel = schedule(loop.wake, interval)
  }

  const loop = rounds(round, { schedule, random })

  return {
    start(at: number) {
      from = at
      loop.wake()
    },
    stop() {
      controller.abort()
      cancel()
      loop.stop()
    },
  }
}
