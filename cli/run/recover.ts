import { existsSync } from 'node:fs'
import type { Run } from '../command.js'
import { codes, Failure, oneLine, usage } from '../failure.js'
import { type Lost, salvage } from '../mending/salvage.js'
import { paintFor } from '../output/paint.js'
import { safe } from '../output/safe.js'
import { writeJson, writeLine } from '../output/write.js'
import { type Place, placeOf } from '../places/place.js'

/** Saves what can be read into a new store, and lists the rest. What is damaged is left as it is. */
export const recover: Run = async (world, { args: [address = '', target = ''], options }) => {
  const [from, to] = [placeOf(world, address), placeOf(world, target)]
  if (!('path' in from)) throw usage(`${address} is not on this machine's disk`, 'recover where it is')
  if (!('path' in to)) throw usage(`${target} is not on this machine's disk`, 'name a new file or directory')
  if (!existsSync(from.path)) throw new Failure(codes.notFound, `there is nothing at ${from.path}`, 'check the path')
  if (existsSync(to.path)) throw new Failure(codes.refused, `${target} is there already`, 'name a new one')
  const { yellow } = paintFor(world, world.stdout)
  const lost = async ({ where, reason, text }: Lost) => {
    if (options.json) await writeJson(world, { where, reason, text })
    else
      await writeLine(
        world,
        `${yellow('lost')} ${oneLine(`${where}: ${reason}${text ? `: ${text.slice(0, 100)}` : ''}`)}`,
      )
  }
  const { kept, dropped } = await saving(from, to)
  if (options.json) await writeJson(world, { kept, lost: dropped })
  else await writeLine(world, `${kept} objects are in ${safe(target)}, ${dropped} could not be read`)

  async function saving(from: Place, to: Place): Promise<{ kept: number; dropped: number }> {
    if (from.kind !== 'file' || to.kind !== 'file') return salvage(world, address, target, options, lost)
    const { recover } = await import('../../stores/json-file.js')
    const idProperty = options.idProperty as string | undefined
    const result = await recover({ path: from.path, to: to.path, ...(idProperty && { idProperty }) })
    for (const { path, line, reason, text } of result.dropped) await lost({ where: `${path}:${line}`, reason, text })
    return { kept: result.kept, dropped: result.dropped.length }
  }
}
