import type { World } from '../world.js'

export interface Progress {
  /** So many are done. Costs a comparison, mostly. */
  at(done: number, note?: string): void
  /** The line is taken away, or finished. */
  end(): void
}

export interface ProgressOptions {
  /** How many there are, as far as it is known. */
  readonly total?: number | undefined
  /** Nothing is to be said. */
  readonly quiet?: unknown
}

/** How far a long work is, on stderr: one line that changes on a terminal, elsewhere a line now and then. */
export function progress(world: World, what: string, { total, quiet }: ProgressOptions = {}): Progress {
  if (quiet) return { at() {}, end() {} }
  const { stderr, now } = world
  const pause = stderr.isTTY ? 100 : 5000
  const began = now()
  let next = began + (stderr.isTTY ? 200 : 1000)
  let shown = 0

  function line(done: number, note: string): string {
    const seconds = (now() - began) / 1000
    const rate = seconds > 0 ? Math.round(done / seconds) : 0
    const share = total ? ` of ${total} (${Math.min(100, Math.floor((100 * done) / total))} %)` : ''
    const left = total && rate > 0 ? `, ${Math.max(0, Math.ceil((total - done) / rate))} s left` : ''
    return `${what} ${done}${share}${note}, ${rate}/s${left}`
  }

  return {
    at(done, note = '') {
      if (now() < next) return
      next = now() + pause
      const text = line(done, note)
      if (!stderr.isTTY) stderr.write(`${text}\n`)
      else {
        stderr.write(`\r${text.slice(0, (stderr.columns || 80) - 1).padEnd(shown)}`)
        shown = Math.min(text.length, (stderr.columns || 80) - 1)
      }
    },
    end() {
      if (shown > 0) stderr.write(`\r${' '.repeat(shown)}\r`)
      shown = 0
    },
  }
}
