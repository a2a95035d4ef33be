import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startWorker } from './worker-handle.mjs'

/**
 * Measures a case: each variant in a process of its own, or all in one if they are `together`; the processes live side by
 * side, and one at a time measures a short slice, so that a slow moment of the machine meets all of them. The whole is
 * repeated with new processes, as the layout of the heap and what the compiler decides differ between them.
 * What waits for the disk is timed by the clock, and all else by the processor, as the machine has other work too.
 * Gives the milliseconds of one operation: `samples[variant][operation]`, a number for each round or `undefined`.
 */
export async function measureCase(definition, { file, folder, quick, onProgress, onFailure }) {
  const { variants, operations, processes = 3, rounds = 7, setup, seldom = [] } = definition
  const samples = Object.fromEntries(
    Object.keys(variants).map(name => [name, Object.fromEntries(operations.map(operation => [operation, []]))]),
  )
  const failed = new Set()
  const generations = quick ? 1 : processes
  const turns = quick ? Math.min(rounds, 3) : rounds

  const fail = (variant, error) => {
    if (!failed.has(variant)) onFailure(variant, error)
    failed.add(variant)
  }

  const own = join(folder, 'case')
  mkdirSync(own, { recursive: true })
  await setup?.(own)
  for (let generation = 0; generation < generations; generation++) {
    onProgress({ generation, generations, turn: 0, turns })
    const names = Object.keys(variants).filter(name => !failed.has(name))
    const running = await start({ names, definition, file, folder: own, fail })
    for (let turn = 0; turn < turns; turn++) {
      onProgress({ generation, generations, turn, turns })
      for (const operation of operations) {
        for (const [variant, worker] of rotated(running, turn)) {
          if (failed.has(variant) || !worker.offers(variant, operation)) continue
          if (seldom.includes(variant) && turn % 4 !== 0) continue
          try {
            samples[variant][operation][generation * turns + turn] = await worker.measure(variant, operation)
          } catch (error) {
            fail(variant, error)
          }
        }
      }
    }
    for (const [, worker] of running) await worker.end()
  }
  rmSync(own, { recursive: true, force: true })
  return { samples, failed }
}

/** Starts the processes and prepares the variants. One that gives another answer than the first is left out. */
async function start({ names, definition, file, folder, fail }) {
  const shared = definition.together ? startWorker(file, folder, definition) : undefined
  const running = []
  const answers = new Map()
  const prepare = async name => {
    const worker = shared ?? startWorker(file, folder, definition)
    try {
      answers.set(name, await worker.prepare(name))
      running.push([name, worker])
    } catch (error) {
      fail(name, error)
      if (!shared) await worker.end()
    }
  }
  if (shared) for (const name of names) await prepare(name)
  else await Promise.all(names.map(prepare))
  const [first] = names.filter(name => answers.has(name))
  for (const [name, answer] of answers) {
    if (answer !== answers.get(first)) fail(name, `it answers ${answer}, but ${first} answers ${answers.get(first)}`)
  }
  return running.sort(([a], [b]) => names.indexOf(a) - names.indexOf(b))
}

/** Each round begins with another variant. */
function rotated(list, by) {
  const at = list.length === 0 ? 0 : by % list.length
  return [...list.slice(at), ...list.slice(0, at)]
}
