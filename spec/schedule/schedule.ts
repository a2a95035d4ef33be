/** A deterministic scheduler: clients that run at the same time go on one step at a time, in an order that a seed decides. */
import type { Random } from '../oracle/random.js'

export interface Schedule {
  /** How many steps were taken. */
  readonly steps: number
  /** Waits until it is this caller's turn. */
  turn(): Promise<void>
  /** Runs all clients to their end, and throws what they throw. One at a time goes on, until it waits for its next turn. */
  run(...clients: readonly (() => Promise<void>)[]): Promise<void>
}

export function schedule(chance: Random): Schedule {
  const waiting: (() => void)[] = []
  let steps = 0

  return {
    get steps() {
      return steps
    },
    turn: () => new Promise(resolve => void waiting.push(resolve)),
    async run(...clients) {
      let running = clients.length
      const all = Promise.all(clients.map(client => client().finally(() => running--)))
      all.catch(() => {})
      await quiet()
      while (running > 0 && waiting.length > 0) {
        const [next] = waiting.splice(chance.below(waiting.length), 1)
        next?.()
        steps++
        await quiet()
      }
      if (running > 0) throw new Error(`stuck after ${steps} steps: ${running} clients wait for something else`)
      await all
      // what was begun and not waited for
      for (const each of waiting.splice(0)) each()
      await quiet()
    },
  }
}

/** Until nobody goes on by himself: every promise that could be settled has been. */
function quiet(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve)
  })
}
