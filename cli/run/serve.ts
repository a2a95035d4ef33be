import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { permissive, restrictive } from '../../models/facet.js'
import { infer } from '../../models/infer.js'
import { isLoopback } from '../../server/listen/host.js'
import { type ListenOptions, listen } from '../../server/listen.js'
import type { Given, Run } from '../command.js'
import { oneLine, usage } from '../failure.js'
import { paintFor } from '../output/paint.js'
import { safe } from '../output/safe.js'
import { say, writeLine } from '../output/write.js'
import { collections } from '../places/collections.js'
import { modelOf } from '../places/model.js'
import { type Opened, tokenFrom } from '../places/open.js'
import { bearer } from '../serving/bearer.js'
import { loosened } from '../serving/loosened.js'
import type { World } from '../world.js'
import { schemaIn } from './import.js'

type Options = Given['options']

/** Serves stores until it is told to stop. */
export const serve: Run = async (world, { args: words, options }) => {
  const { signal, stderr } = world
  const write = options.write === true
  const host = (options.host as string | undefined) ?? '127.0.0.1'
  const port = portOf(options.port)
  const authorize = await authorization(world, options)
  if (!authorize && !isLoopback(host)) {
    throw usage(`${host} can be reached from elsewhere`, 'say by --token or --authorize who may ask')
  }
  const stores = await collections(world, words, { write, options })
  try {
    const schema = options.schema === undefined ? undefined : schemaIn(world, options.schema as string)
    const facets: Record<string, object> = {}
    for (const [name, opened] of stores) facets[name] = await facetOf(opened, write, schema)
    const cors = options.cors as unknown as string[] | undefined
    const server = await listen(facets, {
      host,
      port,
      ...(authorize && { authorize }),
      ...(cors && { cors: { origins: cors } }),
      title: [...stores.keys()].join(', '),
      onError: error => void stderr.write(`holdfast: ${oneLine((error as Error).message)}\n`),
    })
    await told(world, server.url, [...stores.keys()], write)
    if (!signal.aborted) await once(signal, 'abort')
    await server.close()
  } finally {
    for (const { close } of stores.values()) await close()
  }
}

function portOf(text: unknown): number {
  const port = Number(text ?? 3000)
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port
  throw usage(`--port is a number up to 65535, not ${String(text)}`)
}

async function authorization(world: World, options: Options): Promise<ListenOptions['authorize']> {
  if (typeof options.authorize === 'string') {
    const { default: authorize } = await import(pathToFileURL(resolve(world.cwd, options.authorize)).href)
    if (typeof authorize === 'function') return authorize
    throw usage(
      `${options.authorize} has no default export that is a function`,
      'export default request => true or false',
    )
  }
  const given = tokenFrom(world, options) ?? (typeof options.token === 'string' ? options.token : undefined)
  if (given?.trim() === '') throw usage('the token is empty', '--token without one makes one')
  if (given !== undefined) return bearer(given)
  if (options.token !== true) return undefined
  const made = randomBytes(24).toString('base64url')
  say(world, `token: ${made}`)
  return bearer(made)
}

/** What is open is decided here, and by the facet alone. */
async function facetOf({ store, idProperty }: Opened, write: boolean, schema: object | undefined): Promise<object> {
  const definition = schema ?? loosened((await infer(store, { sample: 1000 })).definition, write)
  const Thing = modelOf(store, { ...definition, idProperty })
  if (write) return permissive(Thing)
  return restrictive(Thing, { maxLimit: Infinity, methods: { subscribe: store.subscribe !== undefined } })
}

async function told(world: World, url: string, names: readonly string[], write: boolean): Promise<void> {
  const { bold } = paintFor(world, world.stdout)
  await writeLine(
    world,
    `${bold(url)} serves ${safe(names.join(', '))}, ${write ? 'to be written' : 'to be read'}, until Ctrl-C`,
  )
  const [name] = names
  for (const path of [`/${name}?limit(3)`, `/${name}/$changes`, '/openapi.json']) {
    await writeLine(world, `  curl '${url}${path}'`)
  }
}
