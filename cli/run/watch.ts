import { stringify } from '../../lib/json.js'
import type { Change } from '../../lib/store.js'
import type { Run } from '../command.js'
import { codes, Failure, usage } from '../failure.js'
import { paintFor } from '../output/paint.js'
import { safe } from '../output/safe.js'
import { say, writeLine } from '../output/write.js'
import { diffOf, isLive } from '../places/live.js'
import { open } from '../places/open.js'
import { placeOf } from '../places/place.js'
import type { World } from '../world.js'
import { numberOf } from './infer.js'
import { queryOf } from './query.js'

type Options = Parameters<Run>[1]['options']

const waiting = 'waiting for changes, until Ctrl-C'

/** Shows changes until it is told to stop, which is no failure. */
export const watch: Run = async (world, { args: [address = '', ...words], options }) => {
  const limit = options.limit === undefined ? Infinity : numberOf(options.limit, '--limit')
  const since = options.since === undefined ? undefined : sequenceOf(options.since)
  const place = placeOf(world, address)
  const source =
    place.kind === 'dir' && (await isLive(place.path))
      ? live(world, place.path, since, options)
      : ordinary(world, address, words, since, options)
  let count = 0
  // who watches files does not keep the process, but this is all that it is there for
  const staying = setInterval(() => {}, 2 ** 30)
  try {
    for await (const line of source) {
      await writeLine(world, line)
      if (++count >= limit) return
    }
  } catch (error) {
    if (!world.signal.aborted) throw error
  } finally {
    clearInterval(staying)
  }
}

function sequenceOf(text: unknown): number {
  const sequence = Number(text)
  if (Number.isSafeInteger(sequence) && sequence >= 0) return sequence
  throw usage(`--since is the number of a change, not ${String(text)}`)
}

async function* ordinary(
  world: World,
  address: string,
  words: readonly string[],
  since: number | undefined,
  options: Options,
) {
  const query = queryOf(words)
  const { stdout, signal } = world
  const opened = await open(world, address, { follow: true, options })
  try {
    const { store } = opened
    if (!store.subscribe) {
      throw new Failure(
        codes.usage,
        `${address} does not tell of changes`,
        'holdfast serve --write it, and watch the address of that',
      )
    }
    const paint = paintFor(world, stdout)
    const changes = store.subscribe(query, { signal, ...(since !== undefined && { since }) })
    say(world, waiting)
    for await (const change of changes) {
      if (options.json) yield safe(stringify(change))
      else yield lineOf(change, paint)
    }
  } finally {
    await opened.close()
  }
}

function lineOf({ type, id, object }: Change, { green, red }: ReturnType<typeof paintFor>): string {
  const name = safe(String(id))
  return type === 'put' ? `${green('put')} ${name} ${safe(stringify(object))}` : `${red('delete')} ${name}`
}

async function* live(world: World, path: string, since: number | undefined, options: Options) {
  const { followChanges } = await import('../../models/live/debug.js')
  say(world, waiting)
  for await (const change of followChanges(path, { signal: world.signal, ...(since !== undefined && { since }) })) {
    yield options.json ? safe(stringify(change)) : await diffOf(world, change)
  }
}
