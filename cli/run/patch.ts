import { toKey } from '../../lib/id.js'
import type { Run } from '../command.js'
import { codes, Failure } from '../failure.js'
import { givenJson } from '../formats/given.js'
import { writeJson } from '../output/write.js'
import { modelOf } from '../places/model.js'
import { withRecorded } from '../places/recorded.js'

/** Changes some properties of an object, and shows what it is now. */
export const patch: Run = async (world, { args: [address = '', id = '', text], options }) => {
  const changes = await givenJson(world, text, 'patch')
  return withRecorded(world, address, { options }, async ({ store, idProperty }) => {
    const { signal } = world
    const Thing = modelOf(store, { idProperty, properties: {} })
    if ((await Thing.get(toKey(id), { signal })) === undefined) {
      throw new Failure(codes.notFound, `nothing is stored under ${id} in ${address}`, 'holdfast put makes it')
    }
    const ifMatch = options.ifMatch as string | undefined
    const changed = await Thing.patch(toKey(id), changes, { signal, ...(ifMatch !== undefined && { ifMatch }) })
    await writeJson(world, { ...changed }, world.stdout.isTTY === true && !options.json)
  })
}
