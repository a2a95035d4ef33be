import { toKey } from '../../lib/id.js'
import { stringify } from '../../lib/json.js'
import type { Store } from '../../lib/store.js'
import { changes } from '../../wrappers/history/changes.js'
import type { HistoryRecord, Log } from '../../wrappers/history/record.js'
import type { Run } from '../command.js'
import { codes, Failure } from '../failure.js'
import { paintFor } from '../output/paint.js'
import { safe } from '../output/safe.js'
import { writeJson, writeLine } from '../output/write.js'
import { diffOf, isLive } from '../places/live.js'
import { type Opened, open } from '../places/open.js'
import { addressOf, type Place, placeOf } from '../places/place.js'
import { isKept, logPlaceOf } from '../places/recorded.js'
import type { World } from '../world.js'
import { numberOf } from './infer.js'

/** Shows the latest changes, the last of them at the end. */
export const history: Run = async (world, { args: [address = '', id], options }) => {
  const limit = options.limit === undefined ? 20 : numberOf(options.limit, '--limit')
  const place = await settled(world, address)
  const log = logPlaceOf(world, place, options)
  if (log && (options.log !== undefined || (await isKept(log)))) {
    const opened = await open(world, addressOf(log))
    try {
      await show(world, opened, { id, limit, options })
    } finally {
      await opened.close()
    }
    return
  }
  if (place.kind === 'dir' && (await isLive(place.path))) return showLive(world, place.path, { id, limit, options })
  throw new Failure(codes.notFound, `${address} has no history`, 'put --history begins one')
}

type Asked = {
  readonly id: string | undefined
  readonly limit: number
  readonly options: Parameters<Run>[1]['options']
}

/** With the table that an address leaves out. */
async function settled(world: World, address: string): Promise<Place> {
  const place = placeOf(world, address)
  if (place.kind !== 'sqlite' || place.table !== undefined) return place
  const opened = await open(world, address)
  await opened.close()
  return opened.place
}

async function show(world: World, { store }: Opened, { id, limit, options }: Asked): Promise<void> {
  const actor = options.actor as string | undefined
  const found = changes(store as Store as Log)({ id, actor }, { descending: true, limit, signal: world.signal })
  const records: HistoryRecord<object, string>[] = []
  for await (const record of found) records.push(record as HistoryRecord<object, string>)
  for (const record of records.reverse()) {
    if (options.json) await writeJson(world, record)
    else await writeLine(world, textOf(world, record))
  }
}

function textOf(world: World, record: HistoryRecord<object, string>): string {
  const { bold, dim, red, green } = paintFor(world, world.stdout)
  const { sequence, type, id, previous, next, date, actor, reason, undoes, redoes } = record
  const marks = [actor && `by ${actor}`, reason, undoes && `undoes ${undoes}`, redoes && `redoes ${redoes}`].filter(
    Boolean,
  )
  const head = `${bold(String(sequence))} ${type} ${safe(String(id))} ${dim(date.toISOString().slice(0, 19).replace('T', ' '))}`
  const lines = [`${head}${marks.length > 0 ? ` ${dim(safe(marks.join(', ')))}` : ''}`]
  if (previous) lines.push(`  ${red(`- ${safe(stringify(previous))}`)}`)
  if (next) lines.push(`  ${green(`+ ${safe(stringify(next))}`)}`)
  return lines.join('\n')
}

async function showLive(world: World, path: string, { id, limit, options }: Asked): Promise<void> {
  const { readChanges } = await import('../../models/live/debug.js')
  const all = await readChanges(path, { limit, signal: world.signal, ...(id !== undefined && { key: toKey(id) }) })
  for (const change of all.filter(({ actor }) => options.actor === undefined || actor === options.actor)) {
    if (options.json) await writeJson(world, change)
    else await writeLine(world, await diffOf(world, change))
  }
}
