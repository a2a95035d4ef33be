/** Time and messages of a simulated world: nothing happens by itself. */
import type { Random } from '../../oracle/random.js'

export interface Message {
  readonly from: number
  readonly to: number
  readonly given: object
  answer(error?: unknown): void
}

export interface Network {
  readonly now: number
  /** On their way, in no order. */
  readonly messages: Message[]
  /** Are the two cut off from each other? */
  readonly cuts: Set<string>
  send(from: number, to: number, given: object): Promise<void>
  /** Sets a timer for a program; gives what calls it off. */
  schedule(owner: object, work: () => void, milliseconds: number): () => void
  /** Lets time pass, at most so long; the timers of who is dead are silent. */
  pass(milliseconds: number): void
  /** When the next timer is due. */
  readonly next: number | undefined
  forget(owner: object): void
}

interface Timer {
  readonly at: number
  readonly owner: object
  work(): void
}

export function network(): Network {
  let now = 1_700_000_000_000
  const timers = new Set<Timer>()
  const messages: Message[] = []

  function due(): Timer | undefined {
    let first: Timer | undefined
    for (const timer of timers) if (!first || timer.at < first.at) first = timer
    return first
  }

  return {
    messages,
    cuts: new Set(),
    get now() {
      return now
    },
    get next() {
      return due()?.at
    },
    send(from, to, given) {
      return new Promise((resolve, reject) => {
        messages.push({ from, to, given, answer: error => (error === undefined ? resolve() : reject(error)) })
      })
    },
    schedule(owner, work, milliseconds) {
      const timer = { at: now + milliseconds, owner, work }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    pass(milliseconds) {
      now += milliseconds
      for (let timer = due(); timer && timer.at <= now; timer = due()) {
        timers.delete(timer)
        timer.work()
      }
    },
    forget(owner) {
      for (const timer of timers) if (timer.owner === owner) timers.delete(timer)
    },
  }
}

export function cutOff({ cuts }: Network, a: number, b: number): boolean {
  return cuts.has([a, b].sort().join())
}

export function cutOrMend({ cuts }: Network, chance: Random, nodes: number): void {
  const a = chance.below(nodes)
  const cut = [a, (a + 1 + chance.below(nodes - 1)) % nodes].sort().join()
  if (!cuts.delete(cut)) cuts.add(cut)
}
