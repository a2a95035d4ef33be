import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { loader } from '../../child.js'
import type { Kind } from './kinds.js'
import type { Mode, Volume } from './volume.js'

/** By the name of each hand, how many of its steps were done. */
export type Done = ReadonlyMap<string, number>

const root = new URL('../../..', import.meta.url).pathname

export interface Cut {
  readonly kind: Kind
  readonly mode: Mode
  /** What is there when it begins. */
  readonly done: Done
  /** How long it works, in milliseconds from the first acknowledgement. */
  readonly duration: number
}

export interface Written {
  /** The last step of each hand that was acknowledged. */
  readonly done: Done
  /** How many steps were. */
  readonly acknowledged: number
}

/** Lets a process write to stores in a mounted volume, and cuts the power. Throws what it says if it ends before. */
export async function writeUntilCut(mounted: Volume, { kind, mode, done, duration }: Cut): Promise<Written> {
  const begun = JSON.stringify(Object.fromEntries(done))
  const program = [...loader, 'spec/faults/power-cut/writer.ts', kind, mounted.path, begun]
  const writer = spawn(process.execPath, program, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const kill = () => void writer.kill('SIGKILL')
  process.prependOnceListener('exit', kill)
  const said = text(writer.stderr)
  const closed = once(writer, 'close')
  const last = new Map(done)
  let acknowledged = 0
  const lines = createInterface(writer.stdout).on('line', line => {
    const [name = '', n] = line.split(' ')
    last.set(name, Number(n))
    acknowledged++
  })
  try {
    await Promise.race([once(lines, 'line'), closed])
    await Promise.race([setTimeout(duration), closed])
    if (writer.exitCode !== null || writer.signalCode !== null) throw new Error(`the writer ended: ${await said}`)
    await stop(writer)
    mounted.cut(mode)
  } finally {
    kill()
    process.removeListener('exit', kill)
    await closed
  }
  return { done: last, acknowledged }
}

/**
 * Stops the process before the cut, as a lack of power would: some calls succeed while a file system shuts down, and it
 * must not acknowledge what they did. What is under way in the system goes on; the process is not told any more.
 */
async function stop(writer: ChildProcess): Promise<void> {
  writer.kill('SIGSTOP')
  const state = () => readFileSync(`/proc/${writer.pid}/stat`, 'latin1').replace(/^.*\) /s, '')[0]
  while (state() !== 'T') await setTimeout(1)
}
