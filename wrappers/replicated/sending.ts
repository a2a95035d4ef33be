import type { Ledger } from './ledger.js'
import type { Deliver } from './replica.js'
import { rounds, type Schedule } from './rounds.js'

/** How far a replica is behind. */
export interface Lag {
  /** How many changes it has not confirmed yet. What was changed several times meanwhile is sent once. */
  readonly changes: number
  /** For how long it has not had everything, in milliseconds. */
  readonly ms: number
  /** Why the last attempt to reach it failed, if it did. */
  readonly error?: unknown
}

/** The way to one replica. */
export interface Sending {
  /** Everything up to this change is there. */
  readonly confirmed: number
  /** Goes on from its checkpoint. */
  start(confirmed: number): void
  /** The changes up to this one are committed. */
  wake(last: number): void
  lag(): Lag
  stop(): void
}

export interface SendingOptions {
  readonly name: string
  readonly ledger: Ledger
  readonly deliver: Deliver
  /** It has got further. */
  readonly arrived: () => void
  readonly schedule: Schedule
  readonly random: () => number
  readonly clock: () => number
}

/** Sends what has changed, in the order of the changes; the checkpoint moves when it is there, never before. */
export function sending(options: SendingOptions): Sending {
  const { name, ledger, deliver, arrived, clock } = options
  let started = false
  let confirmed = 0
  let last = 0
  let behindSince: number | undefined

  async function round(): Promise<boolean> {
    const entries = confirmed < last ? await ledger.after(confirmed) : []
    const at = entries.at(-1)?.at
    if (at === undefined) return false
    await deliver(entries)
    confirmed = at
    if (confirmed >= last) behindSince = undefined
    arrived()
    await ledger.setCheckpoint(`to ${name}`, at)
    return true
  }

  const loop = rounds(round, options)

  function go(): void {
    if (!started || confirmed >= last) return
    behindSince ??= clock()
    loop.wake()
  }

  return {
    get confirmed() {
      return confirmed
    },
    start(at) {
      started = true
      confirmed = at
      go()
    },
    wake(at) {
      last = Math.max(last, at)
      go()
    },
    lag() {
      const changes = Math.max(0, last - confirmed)
      const { problem } = loop
      return {
        changes,
        ms: behindSince === undefined ? 0 : Math.max(0, clock() - behindSince),
        ...(problem !== undefined && { error: problem }),
      }
    },
    stop: loop.stop,
  }
}
