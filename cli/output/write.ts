import { once } from 'node:events'
import { stringify } from '../../lib/json.js'
import { oneLine } from '../failure.js'
import type { Output, World } from '../world.js'
import { safe } from './safe.js'

/** Writes a line, and waits while the reader is behind. */
export async function writeLine(world: World, text: string, output: Output = world.stdout): Promise<void> {
  if (!output.write(`${text}\n`)) await drained(world, output)
}

export async function drained({ signal }: Pick<World, 'signal'>, output: NodeJS.WritableStream): Promise<void> {
  if ((output as { writableNeedDrain?: boolean }).writableNeedDrain === false) return
  await once(output as never, 'drain', { signal })
}

/** A value as extended JSON: on one line, or for people on several. */
export async function writeJson(world: World, value: unknown, wide = false): Promise<void> {
  await writeLine(world, safe(stringify(value, wide ? 2 : undefined)))
}

/** Something for people, who may not be reading what is written for programs. */
export function say(world: World, text: string): void {
  world.stderr.write(`${oneLine(text)}\n`)
}
