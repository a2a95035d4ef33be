import { etag } from '../../lib/etag.js'
import { toKey } from '../../lib/id.js'
import type { Run } from '../command.js'
import { codes, nothing, report } from '../failure.js'
import { writeJson, writeLine } from '../output/write.js'
import { lacking, withStore } from '../places/open.js'

/** Shows objects; those that are not there are told of on stderr. */
export const get: Run = (world, { args: [address = '', ...ids], options }) =>
  withStore(world, address, { options }, async ({ store }) => {
    let missing = 0
    for (const id of ids) {
      const object = await (store.get?.(toKey(id), { signal: world.signal }) ??
        (store.get ? undefined : lacking(address, 'get')))
      if (object === undefined) {
        missing++
        report(world, nothing(id, address), options.json === true)
      } else if (options.etag) await writeLine(world, etag(object))
      else await writeJson(world, object, world.stdout.isTTY === true && !options.json)
    }
    return missing > 0 ? codes.notFound : codes.done
  })
