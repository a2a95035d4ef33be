import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
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
  const cors = originsOf(options.cors)
  const authorize = await authorization(world, options)
  if (!authorize && !isLoopback(host)) {
    throw usage(`${host} can be reached from elsewhere`, 'say by --token or --authorize who may ask')
  }
  const stores = await collections(world, words, { write, options })
  try {
    const schema = options.schema === undefined ? undefined : schemaIn(world, options.schema as string)
    const facets: Record<string, object> = {}
    for (const [name, opened] of stores) facets[name] = await facetOf(opened, write, schema)
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

const isAddress = /^(?:[\w-]+=)?(?:file|dir|sqlite|https?|package|memory):/

/** Pages by their origins, as browsers write them: any other would never be let in. */
function originsOf(given: unknown): string[] | undefined {
  const origins = given as string[] | undefined
  const wrong = origins?.find(each => !URL.canParse(each) || new URL(each).origin !== each)
  if (wrong === undefined) return origins
  throw usage(`--cors takes origins such as https://app.example, not ${wrong}`, 'write it behind the stores')
}

function portOf(text: unknown): number {
  const port = Number(text ?? 3000)
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port
  throw usage(`--port is a number up to 65535, not ${String(text)}`)
}

async function authorization(world: World, options: Options): Promise<ListenOptions['authorize']> {
  if (typeof options.authorize === 'string') {
    const { default: authorize } = await import(pathToFileURL(resolve(world.cwd, options.authorize)).href).catch(
      error => {
        throw usage(
          `${options.authorize} cannot be loaded: ${(error as Error).message}`,
          'check the path, and the module',
        )
      },
    )
    if (typeof authorize === 'function') return authorize
    throw usage(
      `${options.authorize} has no default export that is a function`,
      'export default request => true or false',
    )
  }
  const given = tokenFrom(world, options) ?? (typeof options.token === 'string' ? options.token : undefined)
  if (
    given === options.token &&
    given !== undefined &&
    (isAddress.test(given) || existsSync(resolve(world.cwd, given)))
  ) {
    throw usage(`--token has taken ${given} for the token`, 'write --token behind the stores')
  }
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
  // what is to be pasted into a shell holds no quote
  const path = encodeURIComponent(name as string).replaceAll("'", '%27')
  for (const each of [`/${path}?limit(3)`, `/${path}/$changes`, '/openapi.json']) {
    await writeLine(world, `  curl '${url}${each}'`)
  }
}
