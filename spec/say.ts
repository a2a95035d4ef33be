import { writeSync } from 'node:fs'

/** Prints a line before anything else happens; waits where the pipe is full. */
export function say(line: string): void {
  for (let said = false; !said; ) {
    try {
      writeSync(1, `${line}\n`)
      said = true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
}
