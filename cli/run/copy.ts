import type { Data, Id } from '../../lib/store.js'
import { equal } from '../../lib/value.js'
import type { Run } from '../command.js'
import { codes, Failure } from '../failure.js'
import { batches } from '../moving/batches.js'
import { digest } from '../moving/digest.js'
import { join } from '../moving/join.js'
import { progress } from '../output/progress.js'
import { writeJson, writeLine } from '../output/write.js'
import { type Opened, withStore } from '../places/open.js'
import { withRecorded } from '../places/recorded.js'
import type { World } from '../world.js'

/** Copies what is lacking, and compares. Done again it goes on where it ended, as what is there already is not written. */
export const copy: Run = (world, { args: [source = '', target = ''], options }) =>
  withStore(world, source, { options }, from =>
    withRecorded(world, target, { create: true, options: { idProperty: from.idProperty, ...options } }, async to => {
      const done = await fill(world, from, to, options)
      const proof = await compare(world, from, to, options)
      const summary = { ...done, ...proof }
      if (options.json) await writeJson(world, summary)
      else await writeLine(world, printed(summary))
      return judged(summary, target)
    }),
  )

type Options = Parameters<Run>[1]['options']

interface Done {
  added: number
  replaced: number
  deleted: number
}

async function fill(world: World, from: Opened, to: Opened, options: Options): Promise<Done> {
  const { signal } = world
  const done: Done = { added: 0, replaced: 0, deleted: 0 }
  const total = await from.total()
  const shown = progress(world, 'copied', { total, quiet: options.quiet })
  let seen = 0
  const writing = batches(to, signal, () => shown.at(seen))
  try {
    for await (const pair of join(from, to)) {
      signal.throwIfAborted()
      if (pair.from) seen++
      if (pair.from && !pair.to) {
        done.added++
        await writing.write({ add: pair.from })
      } else if (!pair.from && pair.to && options.mirror) {
        done.deleted++
        await writing.write({ delete: pair.to[to.idProperty] as Id })
      } else if (pair.from && pair.to && options.overwrite && !equal(pair.from, pair.to)) {
        done.replaced++
        await writing.write({ put: pair.from })
      }
      if (seen % 1000 === 0) shown.at(seen)
    }
    await writing.flush()
  } finally {
    shown.end()
  }
  return done
}

interface Proof {
  /** In the source. */
  objects: number
  /** Of them: not there, or there with another content. */
  missing: number
  different: number
  /** In the target only. */
  others: number
  /** The first ids that are different. */
  ids: Id[]
  /** Of the objects of the source, as they are here and there. */
  from: string
  to: string
}

async function compare(world: World, from: Opened, to: Opened, options: Options): Promise<Proof> {
  const total = await from.total()
  const [left, right] = [digest(), digest()]
  const proof = { objects: 0, missing: 0, different: 0, others: 0, ids: [] as Id[] }
  const shown = progress(world, 'compared', { total, quiet: options.quiet })
  try {
    for await (const pair of join(from, to)) {
      world.signal.throwIfAborted()
      if (!pair.from) {
        proof.others++
        continue
      }
      shown.at(++proof.objects)
      left.add(pair.from)
      if (pair.to) right.add(pair.to)
      if (!pair.to) proof.missing++
      else if (!equal(pair.from, pair.to)) {
        proof.different++
        if (proof.ids.length < 5) proof.ids.push((pair.from as Data)[from.idProperty] as Id)
      }
    }
  } finally {
    shown.end()
  }
  return { ...proof, from: left.end(), to: right.end() }
}

function printed({ added, replaced, deleted, objects, others, from, to }: Done & Proof): string {
  const changes = [`${added} added`, replaced && `${replaced} replaced`, deleted && `${deleted} deleted`]
  const beside = others > 0 ? `, beside ${others} others` : ''
  const hash = from === to ? `${objects} objects are equal${beside}, ${from.slice(0, 23)}` : 'the stores are not equal'
  return `${changes.filter(Boolean).join(', ')}; ${hash}`
}

function judged({ missing, different, ids, from, to }: Proof, target: string): number {
  if (from === to) return codes.done
  if (different > 0) {
    const which = `${ids.join(', ')}${different > ids.length ? ', …' : ''}`
    throw new Failure(
      codes.refused,
      `${different} objects are different in ${target}: ${which}`,
      '--overwrite replaces them',
    )
  }
  throw new Failure(codes.notNow, `${missing} objects have come or gone meanwhile`, 'copy again')
}
