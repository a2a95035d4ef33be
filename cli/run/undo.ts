import { toKey } from '../../lib/id.js'
import type { Run } from '../command.js'
import { codes, Failure, usage } from '../failure.js'
import { safe } from '../output/safe.js'
import { writeJson, writeLine } from '../output/write.js'
import { isLive } from '../places/live.js'
import { placeOf } from '../places/place.js'
import { isKept, logPlaceOf, withRecorded } from '../places/recorded.js'

/** Undoes the last change, or does it again. */
export const undo: Run = async (world, { args: [address = '', id], options }) => {
  const place = placeOf(world, address)
  const verb = options.redo ? 'redo' : 'undo'
  const log = logPlaceOf(world, place, options)
  if (place.kind === 'dir' && options.log === undefined && !(await isKept(log)) && (await isLive(place.path))) {
    if (id === undefined)
      throw usage(`which object? live objects are undone one by one`, 'name the key behind the store')
    const { undoKey } = await import('../../models/live/debug.js')
    const actor = options.actor as string | undefined
    const steps = await undoKey(place.path, toKey(id), {
      redo: options.redo === true,
      ...(actor !== undefined && { actor }),
    })
    if (steps === 0) throw nothing(address, verb)
    await (options.json ? writeJson(world, { id, steps }) : writeLine(world, `${verb} ${safe(id)}`))
    return
  }
  await withRecorded(world, address, { options }, async ({ past }) => {
    if (!past) throw new Failure(codes.notFound, `${address} has no history`, 'put --history begins one')
    const records = await past[verb](id === undefined ? undefined : toKey(id), { signal: world.signal })
    if (records.length === 0) throw nothing(address, verb)
    for (const { id: of, type } of records) {
      if (options.json) await writeJson(world, { id: of, type })
      else await writeLine(world, `${verb} ${safe(String(of))}: ${type}`)
    }
  })
}

const nothing = (address: string, verb: string) =>
  new Failure(codes.notFound, `${address} has nothing to ${verb}`, 'holdfast history shows what there is')
