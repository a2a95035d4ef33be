import { toKey } from '../../lib/id.js'
import type { Run } from '../command.js'
import { usage } from '../failure.js'
import { givenJson } from '../formats/given.js'
import { safe } from '../output/safe.js'
import { writeJson, writeLine } from '../output/write.js'
import { lacking } from '../places/open.js'
import { withRecorded } from '../places/recorded.js'

/** Stores an object, and says its id. */
export const put: Run = async (world, { args: [address = '', text], options }) => {
  const object = await givenJson(world, text, 'object')
  if (Array.isArray(object)) throw usage('one object is expected, not an array', 'holdfast import takes many')
  return withRecorded(world, address, { create: true, options }, async ({ store }) => {
    const method = options.add ? 'add' : 'put'
    if (!store[method]) lacking(address, method)
    const id = await store[method]?.(object, {
      signal: world.signal,
      ...(options.id !== undefined && { id: toKey(options.id as string) }),
      ...(options.ifMatch !== undefined && { ifMatch: options.ifMatch as string }),
    })
    await (options.json ? writeJson(world, { id }) : writeLine(world, safe(String(id))))
  })
}
