import { type Explanation, explain as explainStore } from '../../lib/explain.js'
import { accesses } from '../../lib/query/access.js'
import { pathKey } from '../../lib/query/path.js'
import { plan } from '../../lib/query/plan.js'
import { print } from '../../lib/query/print.js'
import type { Run } from '../command.js'
import { paintFor } from '../output/paint.js'
import { safe } from '../output/safe.js'
import { writeJson, writeLine } from '../output/write.js'
import { type Opened, withStore } from '../places/open.js'
import { addressOf } from '../places/place.js'
import { queryOf } from './query.js'

/** Tells what a store is made of, and of a query how it is read, what an index would help, and what it costs. */
export const explain: Run = (world, { args: [address = '', ...words], options }) => {
  const asked = words.length > 0 ? queryOf(words) : undefined
  return withStore(world, address, { options }, async opened => {
    const { store } = opened
    const explained = {
      store: addressOf(opened.place),
      stack: explainStore(store),
      objects: await store.count?.('', { signal: world.signal }),
      indexes: await indexesOf(opened),
      ...(asked && { query: await queried(opened, asked) }),
    }
    if (options.json) return writeJson(world, { ...explained, stack: plain(explained.stack) })
    const { bold } = paintFor(world, world.stdout)
    const line = (name: string, text: unknown) => writeLine(world, `${bold(name.padEnd(10))} ${safe(String(text))}`)
    await line('store', explained.stack)
    await line('objects', explained.objects)
    await line('indexes', explained.indexes.join(', ') || 'none')
    for (const [name, text] of Object.entries(explained.query ?? {})) await line(name, text)
  })

  async function queried({ store }: Opened, query: ReturnType<typeof queryOf>) {
    const { condition, stages } = plan(query)
    const found = accesses(condition).map(({ path }) => pathKey(path))
    const began = performance.now()
    const matching = await store.count?.(query, { signal: world.signal })
    return {
      query: print(query),
      condition: condition ? print(condition) : 'everything',
      stages: stages.map(print).join(', ') || 'none',
      'index on':
        found.length > 0 ? `${[...new Set(found)].join(' or ')} would find it` : 'nothing would help: all is read',
      gives: `${matching} in ${(performance.now() - began).toFixed(1)} ms`,
    }
  }
}

async function indexesOf({ place }: Opened): Promise<string[]> {
  if (place.kind !== 'sqlite') return []
  const { looking } = await import('../places/table.js')
  const { existingTable } = await import('../../stores/sqlite/table-info.js')
  const { indexes } = looking(place.path, connection => existingTable(connection, place.table ?? ''))
  return indexes.map(({ columns, unique }) => `${columns.map(({ name }) => name).join('+')}${unique ? ' unique' : ''}`)
}

const plain = ({ name, options, numbers, inner }: Explanation): object => ({
  name,
  options: Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  numbers,
  inner: inner.map(plain),
})
