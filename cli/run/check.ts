import { existsSync } from 'node:fs'
import type { Run } from '../command.js'
import { codes, oneLine } from '../failure.js'
import { ills } from '../mending/ills.js'
import { paintFor } from '../output/paint.js'
import { progress } from '../output/progress.js'
import { safe } from '../output/safe.js'
import { writeJson, writeLine } from '../output/write.js'
import { placeOf } from '../places/place.js'
import type { World } from '../world.js'

/** Reads everything, and lists what is damaged. */
export const check: Run = async (world, { args: addresses, options }) => {
  const { green, red } = paintFor(world, world.stdout)
  let bad = 0
  for (const address of (await Promise.all(addresses.map(each => tablesOf(world, each)))).flat()) {
    const place = placeOf(world, address)
    const shown = progress(world, `checked ${address}:`)
    let objects = 0
    let found = 0
    const look = ills(world, address, place, options, () => shown.at(++objects))
    for await (const { where, problem, remedy } of look) {
      found++
      shown.end()
      if (options.json) await writeJson(world, { store: address, where, problem, remedy })
      else await writeLine(world, `${red('✗')} ${oneLine(`${where}: ${problem}`, remedy)}`)
    }
    shown.end()
    bad += found
    if (options.json) await writeJson(world, { store: address, objects, problems: found })
    else if (found === 0) await writeLine(world, `${green('✓')} ${safe(address)}: ${objects} objects, all can be read`)
  }
  return bad > 0 ? codes.damaged : codes.done
}

/** A database is checked table by table. */
async function tablesOf(world: World, address: string): Promise<string[]> {
  const place = placeOf(world, address)
  if (place.kind !== 'sqlite' || place.table !== undefined || !existsSync(place.path)) return [address]
  const { tablesIn } = await import('../places/table.js')
  return tablesIn(place.path).map(table => `${address}#${table}`)
}
