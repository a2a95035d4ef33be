/** Saves the objects of a store one by one, so that one that cannot be read is lost alone. */
import { isStoreError } from '../../lib/errors.js'
import type { Id } from '../../lib/store.js'
import type { Given } from '../command.js'
import { usage } from '../failure.js'
import { batches } from '../moving/batches.js'
import { progress } from '../output/progress.js'
import { type Opened, open, withStore } from '../places/open.js'
import type { World } from '../world.js'

export interface Lost {
  readonly where: string
  readonly reason: string
  readonly text?: string
}

type Options = Given['options']

export function salvage(
  world: World,
  address: string,
  target: string,
  options: Options,
  lost: (lost: Lost) => Promise<void>,
): Promise<{ kept: number; dropped: number }> {
  return withStore(world, address, { options }, async from => {
    const ids = await idsOf(from, lost)
    const shown = progress(world, 'saved', { total: ids.length })
    const to = await open(world, target, { write: true, create: true, options })
    let [kept, dropped] = [0, ids.dropped]
    try {
      const writing = batches(to, world.signal, () => {})
      for (const id of ids.found) {
        world.signal.throwIfAborted()
        try {
          const object = await from.store.get?.(id)
          if (object) await writing.write({ add: object })
          kept++
          shown.at(kept)
        } catch (error) {
          if (!isStoreError(error, 'CorruptError')) throw error
          dropped++
          await lost({ where: String(id), reason: error.message })
        }
      }
      await writing.flush()
    } finally {
      shown.end()
      await to.close()
    }
    return { kept, dropped }
  })
}

interface Ids {
  readonly found: readonly Id[]
  /** What is lost without an id. */
  readonly dropped: number
  readonly length: number
}

async function idsOf({ place, store, idProperty }: Opened, lost: (lost: Lost) => Promise<void>): Promise<Ids> {
  if (place.kind === 'sqlite') return inTable(place.path, place.table ?? '')
  if (place.kind !== 'dir') throw usage('a JSON file is recovered into a JSON file', 'copy that to where you want it')
  const { problems } = store as unknown as { problems(): Promise<{ name: string; error: Error }[]> }
  const broken = await problems()
  for (const { name, error } of broken) await lost({ where: `${place.path}/${name}`, reason: error.message })
  const found: Id[] = []
  for await (const object of store.query?.(`select(${encodeURIComponent(idProperty)})`) ?? [])
    found.push(object[idProperty])
  return { found, dropped: broken.length, length: found.length }
}

async function inTable(path: string, table: string): Promise<Ids> {
  const { looking } = await import('../places/table.js')
  const quoted = `"${table.replaceAll('"', '""')}"`
  const ids = looking(path, connection => {
    const [key = 'id'] = connection.all('SELECT name FROM pragma_table_info(?) WHERE pk = 1', table) as string[]
    return connection.all(`SELECT "${key.replaceAll('"', '""')}" FROM ${quoted}`) as (bigint | string)[]
  })
  const found = ids.map(id => (typeof id === 'bigint' ? Number(id) : id))
  return { found, dropped: 0, length: found.length }
}
