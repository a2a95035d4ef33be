/** A process that serves a store until it is killed or asked to end: `killable.ts kind path port writes steps`. */
import { join } from 'node:path'
import type { Store } from '../../lib/store.js'
import { when } from '../../lib/when.js'
import { permissive } from '../../models/facet.js'
import { Model } from '../../models/model.js'
import { listen } from '../../server/listen.js'
import { directory } from '../../stores/directory.js'
import { jsonFile } from '../../stores/json-file.js'
import { sqlite } from '../../stores/sqlite.js'
import { say } from '../say.js'

const [kind, path, port, writes, steps] = process.argv.slice(2) as [string, string, string, string, string]
const file = join(path, 'data')
const open: Readonly<Record<string, () => Store | Promise<Store>>> = {
  sqlite: () => sqlite({ path: file, table: 'things' }),
  directory: () => directory({ path: file }),
  'json-file': () => jsonFile({ path: file }),
}

const store = dying((await open[kind]?.()) as Store)
const idempotency = kind === 'sqlite' ? sqlite({ path: file, table: 'answered' }) : undefined
let left = Number(writes)
let end = () => {}
const ended = new Promise<void>(resolve => {
  end = resolve
})
const Thing = Model(store, { properties: {}, static: { hold: () => ended.then(() => 'done') } })
const limits = { requestsPerSocket: 1e6, inFlight: 1000 }
const things = permissive(Thing)
const server = await listen({ things }, { port: Number(port), idempotency, limits, grace: 5000 })
process.once('SIGTERM', async () => {
  const closed = server.close()
  end()
  await closed
  await store.close?.()
  idempotency?.close()
})
say(server.url)

/** Ends the process so many steps after the last of these writes has been done. */
function dying(inner: Store): Store {
  const written = <R>(result: R): R => {
    if (--left === 0) void die()
    return result
  }
  return {
    ...inner,
    put: (object, options) => when(inner.put?.(object, options) as never, written),
    add: (object, options) => when(inner.add?.(object, options) as never, written),
    transaction: options =>
      when(inner.transaction?.(options), begun => {
        const tx = begun as NonNullable<typeof begun>
        return { ...tx, commit: () => when(tx.commit(), written) }
      }),
  } as Store
}

/** Between the effect and the answer, or a little later. */
async function die(): Promise<void> {
  for (let step = 0; step < Number(steps); step++) await (step % 4 === 3 ? new Promise(setImmediate) : undefined)
  process.kill(process.pid, 'SIGKILL')
}
