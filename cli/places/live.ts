import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { LiveChange } from '../../models/live/debug.js'
import { paintFor } from '../output/paint.js'
import { safe } from '../output/safe.js'
import type { World } from '../world.js'

/** Is it a directory that live objects were written to, with what was changed? */
export async function isLive(path: string): Promise<boolean> {
  if (['.holdfast-changes', '.holdfast-changes.journal'].some(name => existsSync(join(path, name)))) return true
  const { readChanges } = await import('../../models/live/debug.js')
  return (await readChanges(path, { limit: 1 })).length > 0
}

/** A change as lines of a diff. */
export async function diffOf(world: World, change: LiveChange): Promise<string> {
  const { renderChange } = await import('../../models/live/debug.js')
  const { dim, green, red } = paintFor(world, world.stdout)
  const paint = (line: string) => (/^\s*-/.test(line) ? red : /^\s*\+/.test(line) ? green : dim)(safe(line))
  return renderChange(change).split('\n').map(paint).join('\n')
}
