import { toKey } from '../../lib/id.js'
import type { Run } from '../command.js'
import { codes, nothing, report } from '../failure.js'
import { lacking } from '../places/open.js'
import { withRecorded } from '../places/recorded.js'

/** Removes objects; those that are not there are told of on stderr. */
export const remove: Run = (world, { args: [address = '', ...ids], options }) =>
  withRecorded(world, address, { options }, async ({ store }) => {
    if (!store.delete) lacking(address, 'delete')
    const ifMatch = options.ifMatch as string | undefined
    let missing = 0
    for (const id of ids) {
      const gone = await store.delete?.(toKey(id), { signal: world.signal, ...(ifMatch !== undefined && { ifMatch }) })
      if (gone) continue
      missing++
      report(world, nothing(id, address), options.json === true)
    }
    return missing > 0 ? codes.notFound : codes.done
  })
