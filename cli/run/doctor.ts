import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Run } from '../command.js'
import { codes } from '../failure.js'
import { diskFinding } from '../mending/disks.js'
import { environment } from '../mending/environment.js'
import type { Finding } from '../mending/finding.js'
import { leftIn } from '../mending/left.js'
import { locksOf } from '../mending/locks.js'
import { paintFor } from '../output/paint.js'
import { safe } from '../output/safe.js'
import { writeJson, writeLine } from '../output/write.js'
import { type Place, placeOf } from '../places/place.js'
import type { World } from '../world.js'

/** Looks at what stores depend on, and at what a crash has left; says of each what to do about it. Changes nothing. */
export const doctor: Run = async (world, { args: addresses, options }) => {
  const paint = paintFor(world, world.stdout)
  const marks = { good: paint.green('✓'), note: paint.yellow('!'), bad: paint.red('✗') }
  let bad = false
  for await (const found of findings(world, addresses)) {
    bad ||= found.level === 'bad'
    const { level, about, text, remedy } = found
    if (options.json) await writeJson(world, found)
    else await writeLine(world, `${marks[level]} ${safe(`${about.padEnd(14)} ${text}${remedy ? `; ${remedy}` : ''}`)}`)
  }
  return bad ? codes.damaged : codes.done
}

async function* findings(world: World, addresses: readonly string[]): AsyncGenerator<Finding> {
  yield* environment()
  const places = addresses.length > 0 ? addresses.map(each => placeOf(world, each)) : storesIn(world)
  const folders = new Set([world.cwd, ...places.flatMap(place => ('path' in place ? [join(place.path, '..')] : []))])
  for (const folder of folders) yield await diskFinding(folder)
  for (const place of places) {
    world.signal.throwIfAborted()
    if (!('path' in place)) continue
    yield* locksOf(place.path)
    yield* leftIn(place.path, place)
  }
  if (places.length === 0) yield { level: 'good', about: 'stores', text: `nothing was left behind in ${world.cwd}` }
}

/** What lies in the folder and looks like a store. */
function storesIn(world: World): Place[] {
  return readdirSync(world.cwd, { withFileTypes: true }).flatMap((entry): Place[] => {
    const path = join(world.cwd, entry.name)
    if (entry.isFile() && /\.(?:db|sqlite3?)$/.test(entry.name)) return [{ kind: 'sqlite', path, table: undefined }]
    if (entry.isFile() && entry.name.endsWith('.json') && existsSync(`${path}.journal`)) return [{ kind: 'file', path }]
    if (entry.isDirectory() && existsSync(join(path, '.holdfast-intent'))) return [{ kind: 'dir', path }]
    return []
  })
}
