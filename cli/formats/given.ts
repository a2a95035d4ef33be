/** JSON that was typed, or that comes from stdin. */
import { pipeline } from 'node:stream/promises'
import { parse } from '../../lib/json.js'
import { usage } from '../failure.js'
import type { World } from '../world.js'

const longest = 2 ** 27

/** The value of an argument; without one, or for `-`, that of stdin. */
export async function givenJson(world: World, text: string | undefined, what: string): Promise<object> {
  const source = text === undefined || text === '-' ? await readAll(world) : text
  let value: unknown
  try {
    value = parse(source)
  } catch (error) {
    throw usage(`the ${what} is ${(error as Error).message}`, `quote it for the shell: '{"name":"Ada"}'`)
  }
  if (typeof value === 'object' && value !== null) return value
  throw usage(`the ${what} is to be a JSON object, not ${source.trim().slice(0, 40)}`)
}

async function readAll({ stdin, signal }: World): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  const gather = async (source: AsyncIterable<Uint8Array>) => {
    for await (const chunk of source) {
      length += chunk.length
      if (length > longest) throw usage('stdin holds too much for one object', 'holdfast import takes many')
      chunks.push(chunk)
    }
  }
  // who does not type anything can still be interrupted
  await pipeline(stdin, gather, { signal })
  return Buffer.concat(chunks).toString()
}
