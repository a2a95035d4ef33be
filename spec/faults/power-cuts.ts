/** Runs random workloads on a simulated disk, cuts the power before every call, and opens what is left. */
import assert from 'node:assert/strict'
import { newSeed, type Random, random } from '../oracle/random.js'
import type { Call } from './call.js'
import { faulty } from './faulty.js'
import type { Image } from './image.js'
import { type Ledger, ledger } from './ledger.js'
import { type Recover, recovery } from './recovery.js'
import { type SimulatedDisk, simulatedDisk } from './simulated-disk.js'
import { closeAll, contentOf, type Opened, openOn, type Subject } from './subject.js'
import { drawStep, runAll } from './workload.js'

export interface PowerCutOptions {
  /** How many states of the disk to look at, at least: 10,000 by default. */
  readonly states?: number | undefined
  /** The most states that one moment is asked for: 40 by default. If there are no more, all are looked at. */
  readonly perCut?: number | undefined
  /** The same seed, the same states. By default `SEED` of the environment, else a new one. */
  readonly seed?: number | undefined
}

export interface PowerCutReport {
  /** The states looked at: a moment, and what the disk may be when power or process end then. */
  readonly states: number
  /** How many different disks were among them. Each was opened once. */
  readonly images: number
  readonly seed: number
}

/** Throws what a power cut can do to what is stored, with all that is needed to see it again. */
export async function checkPowerCuts(subject: Subject, options: PowerCutOptions = {}): Promise<PowerCutReport> {
  const { states: wanted = 10_000, perCut = 40, seed = newSeed() } = options
  const chance = random(seed)
  const recover = recovery(subject)
  let [states, images, serial] = [0, 0, 0]
  let left: Left | undefined
  while (states < wanted) {
    const day = record(subject, { chance, perCut, left: chance.chance(0.7) ? left : undefined, serial: ++serial })
    try {
      await day.done
    } catch (cause) {
      throw new Error(`without a crash, a workload ended with ${cause} (SEED=${seed})`, { cause })
    }
    states += day.states
    images += day.found.size
    for (const found of day.found.values()) {
      const content = await verify(found, recover, seed)
      if (chance.chance(0.02)) left = { image: found.image, content }
    }
  }
  return { states, images, seed }
}

/** What an earlier day left on the disk. */
interface Left {
  readonly image: Image
  readonly content: string
}

/** A state of the disk, with what may be there at each of the moments when it was found. */
interface Found {
  readonly image: Image
  readonly moments: Map<ReadonlySet<string>, string>
}

interface Day {
  readonly done: Promise<void>
  readonly found: ReadonlyMap<string, Found>
  readonly states: number
}

interface DayOptions {
  readonly chance: Random
  readonly perCut: number
  readonly left: Left | undefined
  readonly serial: number
}

/** Runs a workload, and collects what the disk would be if it ended before any of its calls. */
function record(subject: Subject, { chance, perCut, left, serial }: DayOptions): Day {
  const found = new Map<string, Found>()
  let states = 0
  let book: Ledger | undefined
  let seen = ''
  let endAt = Number.POSITIVE_INFINITY
  let disk = simulatedDisk({ image: left?.image, before })

  function add(image: Image, allowed: ReadonlySet<string>, moment: string): void {
    states++
    const known = found.get(image.key) ?? { image, moments: new Map() }
    found.set(image.key, known)
    if (!known.moments.has(allowed)) known.moments.set(allowed, moment)
  }

  function before({ number, name, path }: Call): void {
    if (book && seen !== `${disk.version} ${book.version}`) {
      seen = `${disk.version} ${book.version}`
      const cut = book.afterCut()
      const moment = `call ${number}, ${name} of ${path}`
      add(disk.image(), book.afterKill(), `the process was killed before ${moment}`)
      const names = chance.chance(0.5) ? 'ordered' : 'weak'
      for (const image of disk.crashStates({ names, max: perCut, random: chance })) {
        add(image, cut, `the power was cut before ${moment} (${names})`)
      }
    }
    if (number === endAt) end()
  }

  function end(): void {
    disk = disk.kill()
    endAt = Number.POSITIVE_INFINITY
  }

  async function live(): Promise<void> {
    const shorts = chance.chance(0.3)
    const start = (on: SimulatedDisk) =>
      openOn(subject.open, shorts ? faulty(on, () => (chance.chance(0.5) ? 'short' : undefined)) : on)
    let opened = await start(disk)
    book = ledger(left?.content ?? (await contentOf(opened)), subject.durability)

    async function reopen(): Promise<void> {
      opened = await start(disk)
      const content = await contentOf(opened)
      assert.ok(book?.afterKill().has(content), `opened again, it has ${content}`)
      book?.settle(content)
    }

    for (let step = 0, steps = 3 + chance.below(8); step < steps; step++) {
      const drawn = drawStep(chance, serial * 100 + step)
      if (drawn === 'reopen') {
        await closeAll(opened)
        await reopen()
      } else if (drawn === 'kill') {
        endAt = disk.calls + 1 + chance.below(30)
        await half(opened, step)
        await reopen()
      } else await runAll(drawn(opened), book, fail)
    }
    await closeAll(opened)
    before({ number: disk.calls + 1, name: 'end', path: '/disk' })
  }

  /** A step in which the process is killed, or right after it. */
  async function half(opened: Opened, step: number): Promise<void> {
    let drawn = drawStep(chance, serial * 100 + 50 + step)
    while (typeof drawn === 'string') drawn = drawStep(chance, serial * 100 + 50 + step)
    await runAll(drawn(opened), book as Ledger, error => {
      if (endAt !== Number.POSITIVE_INFINITY) fail(error)
    })
    if (endAt !== Number.POSITIVE_INFINITY) end()
  }

  return {
    done: live(),
    found,
    get states() {
      return states
    },
  }
}

function fail(error: unknown): void {
  throw error
}

async function verify({ image, moments }: Found, recover: Recover, seed: number): Promise<string> {
  const [first] = moments.values()
  let content: string
  try {
    content = await recover(image)
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    throw new Error(`${first}; then ${reason}${shown(image)}\nSEED=${seed}`, { cause })
  }
  for (const [allowed, moment] of moments) {
    if (allowed.has(content)) continue
    const expected = [...allowed].join('\n')
    throw new Error(
      `${moment}; then there is\n${content}\nwhere there should be\n${expected}${shown(image)}\nSEED=${seed}`,
    )
  }
  return content
}

/** What lies on the disk, for people. */
function shown({ files }: Image): string {
  return [...files].map(([path, bytes]) => `\n${path}: ${JSON.stringify(bytes.toString('latin1', 0, 1000))}`).join('')
}
