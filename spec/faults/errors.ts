/** Makes every call of a workload fail in every way, once and for ever, and looks at what the stores say and hold. */
import assert from 'node:assert/strict'
import { isStoreError } from '../../lib/errors.js'
import { newSeed, random } from '../oracle/random.js'
import type { Call } from './call.js'
import { type Fault, faulty } from './faulty.js'
import { type Entry, type Ledger, ledger } from './ledger.js'
import { type Recover, recovery } from './recovery.js'
import { type SimulatedDisk, simulatedDisk } from './simulated-disk.js'
import { closeAll, contentOf, type Opened, openOn, type Subject } from './subject.js'
import { drawStep, runAll } from './workload.js'

export interface ErrorOptions {
  /** What goes wrong: by default all of `faults`. */
  readonly faults?: readonly Fault[] | undefined
  /** How many steps the workload has: 8 by default. */
  readonly steps?: number | undefined
  /** Every so manieth call fails: 1 by default, which is each. */
  readonly every?: number | undefined
  /** The same seed, the same workload. By default `SEED` of the environment, else a new one. */
  readonly seed?: number | undefined
}

export interface ErrorReport {
  /** How many workloads were run, each with another call that fails. */
  readonly runs: number
  readonly seed: number
}

/** What an operating system may answer, and writes that take less than they are given. */
export const faults = [
  ...(['ENOSPC', 'EIO', 'EACCES', 'EMFILE', 'EINTR', 'EROFS'] as const),
  ...(['short', 'one', 'none', 'full'] as const),
] as const satisfies readonly Fault[]

/** Throws what an error of the disk can do to what is stored, with all that is needed to see it again. */
export async function checkErrors(subject: Subject, options: ErrorOptions = {}): Promise<ErrorReport> {
  const { faults: chosen = faults, steps = 8, every = 1, seed = newSeed() } = options
  const recover = recovery(subject)
  const calls = await live({ subject, recover, seed, steps })
  let [runs, candidates] = [0, 0]
  for (const fault of chosen) {
    for (const { number, name, path } of calls) {
      if ((!fault.startsWith('E') && name !== 'write') || candidates++ % every > 0) continue
      for (const lasting of [false, true]) {
        runs++
        try {
          await live({ subject, recover, seed, steps, failing: { fault, number, lasting } })
        } catch (cause) {
          const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
          const when = `${fault} in call ${number}${lasting ? ' and all after it' : ''}, ${name} of ${path}`
          throw new Error(`${when}: ${reason}\nSEED=${seed}`, { cause })
        }
      }
    }
  }
  return { runs, seed }
}

interface Run {
  readonly subject: Subject
  readonly recover: Recover
  readonly seed: number
  readonly steps: number
  readonly failing?: { readonly fault: Fault; readonly number: number; readonly lasting: boolean }
}

/** Runs the workload of a seed, and gives the calls that were made. */
async function live({ subject, recover, seed, steps, failing }: Run): Promise<readonly Call[]> {
  const chance = random(seed)
  const disk = simulatedDisk()
  let isBroken = failing !== undefined
  let hit = false
  const system = faulty(disk, ({ number }) => {
    const isHit = isBroken && failing && (failing.lasting ? number >= failing.number : number === failing.number)
    hit ||= isHit === true
    return isHit ? failing?.fault : undefined
  })
  let failedSteps = 0
  const heal = () => {
    isBroken = false
  }

  async function open(): Promise<Opened> {
    try {
      return await openOn(subject.open, system)
    } catch (error) {
      checkTyped(error)
      failedSteps++
      assert.deepEqual([...system.opened], [], 'it could not be opened, and these files are left open')
      if (failing?.lasting) heal()
      return openOn(subject.open, system)
    }
  }

  let opened = await open()
  const book = ledger(await contentOf(opened), subject.durability)

  async function reopen(): Promise<void> {
    await closeAll(opened).catch(error => {
      checkTyped(error)
      failedSteps++
    })
    opened = await open()
    const content = await look()
    if (content === undefined) return
    checkContent(content, book.afterKill(), 'opened again, it has')
    book.settle(content)
  }

  /** What is in the stores. One that reads the disk when it is asked may be unable to say, as long as the disk fails. */
  async function look(): Promise<string | undefined> {
    try {
      return await contentOf(opened)
    } catch (error) {
      checkTyped(error)
      if (!hit) throw error
      failedSteps++
      return failing?.lasting ? undefined : contentOf(opened)
    }
  }

  let checked = failing === undefined
  for (let step = 0; step < steps; step++) {
    let drawn = drawStep(chance, step)
    while (drawn === 'kill') drawn = drawStep(chance, step)
    const failed = new Set<unknown>()
    if (drawn === 'reopen') await reopen()
    else await runAll(drawn(opened), book, (error, entry) => failed.add(note(error, entry)))
    if (failed.size > 0) failedSteps++
    const content = await look()
    if (content !== undefined) checkContent(content, book.afterKill(), 'it has')
    if (!checked && hit) await checkDisk(disk, book, recover, subject)
    checked ||= hit
  }
  if (failing) await checkDisk(disk, book, recover, subject)
  if (failing?.lasting === false) assert.ok(failedSteps <= 1, `one fault, and ${failedSteps} steps failed`)

  heal()
  const last = opened.stores.map((_, store) => ({ store, id: 'last', object: { id: 'last' } }))
  for (const write of last) {
    const entry = book.begin([write])
    await opened.stores[write.store]?.put?.(write.object)
    entry.done()
  }
  checkContent(await contentOf(opened), book.afterKill(), 'when all is well again, it has')
  await closeAll(opened)
  assert.deepEqual([...system.opened], [], 'these files are left open')
  assert.deepEqual(system.violations, [], 'these files were synced again by a descriptor whose sync had failed')
  checkContent(await recover(disk.image()), book.afterKill(), 'closed and opened again, it has')
  return system.calls
}

/** What becomes of a write that threw. */
function note(error: unknown, entry: Entry): unknown {
  checkTyped(error)
  if (isStoreError(error, 'OutcomeUnknownError')) entry.unknown()
  else entry.failed()
  return error
}

function checkTyped(error: unknown): void {
  assert.ok(isStoreError(error), `what was thrown is no StoreError: ${error}`)
}

function checkContent(content: string, allowed: ReadonlySet<string>, said: string): void {
  assert.ok(allowed.has(content), `${said}\n${content}\nwhere there should be\n${[...allowed].join('\n')}`)
}

/** What was refused is on the disk neither now nor later, and what was acknowledged is. */
async function checkDisk(disk: SimulatedDisk, book: Ledger, recover: Recover, { durability }: Subject): Promise<void> {
  checkContent(await recover(disk.image()), book.afterKill(), 'if the process were killed now, there would be')
  if (durability === 'relaxed') return
  checkContent(await recover(disk.lasting()), book.afterCut(), 'if the power were cut now, there would be')
}
