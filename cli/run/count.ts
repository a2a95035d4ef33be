import type { Run } from '../command.js'
import { writeLine } from '../output/write.js'
import { lacking, withStore } from '../places/open.js'
import { queryOf } from './query.js'

/** Says how many objects match. */
export const count: Run = (world, { args: [address = '', ...words], options }) => {
  const asked = queryOf(words)
  return withStore(world, address, { options }, async ({ store }) => {
    if (!store.count) lacking(address, 'count')
    await writeLine(world, String(await store.count?.(asked, { signal: world.signal })))
  })
}
