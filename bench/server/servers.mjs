/** The same objects served by others: as little as can be done, and as their users do it. */
import { createServer } from 'node:http'
import { library } from '../library.mjs'
import { definition } from '../model/definition.mjs'

const port = server => `http://127.0.0.1:${server.address().port}`
const closing = server => () => new Promise(resolve => server.close(resolve).closeAllConnections())

function listening(server) {
  return new Promise(resolve =>
    server.listen(0, '127.0.0.1', () => resolve({ origin: port(server), end: closing(server) })),
  )
}

/** `find` takes the path, and gives what is answered as JSON. */
export function bare(find) {
  const server = createServer((request, response) => {
    const body = JSON.stringify(find(request.url))
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    response.end(body)
  })
  return listening(server)
}

export async function fastify(find, route) {
  const { fastify } = await import('fastify')
  const app = fastify()
  app.get(route, async request => find(request.url))
  return { origin: await app.listen({ port: 0, host: '127.0.0.1' }), end: () => app.close() }
}

/** The same facet and the same ETags, by hand. */
export async function fastifyFacet(objects) {
  const { fastify } = await import('fastify')
  const { etag } = await library('lib/etag.js')
  const users = await facetOf(objects)
  const app = fastify()
  app.get('/users/:id', async (request, reply) => {
    const found = await users.get(request.params.id)
    reply.header('etag', etag(found))
    return found
  })
  app.get('/users', async request => {
    const query = request.url.slice(request.url.indexOf('?') + 1)
    return users.query(query).toArray()
  })
  return { origin: await app.listen({ port: 0, host: '127.0.0.1' }), end: () => app.close() }
}

export async function express(find, route) {
  const { default: express } = await import('express')
  const app = express()
  app.get(route.replace('*', '{*path}'), (request, response) => response.json(find(request.url)))
  return listening(createServer(app))
}

/** A facet of a model over a store in memory. */
async function facetOf(objects) {
  const { Model, memory } = await library('index.js')
  const { restrictive } = await library('models/facet.js')
  return restrictive(Model(memory({ objects }), definition))
}

/** Ours, with its ETags, rules and limits. */
export async function holdfast(objects) {
  const { listen } = await library('server/listen.js')
  const server = await listen({ users: await facetOf(objects) })
  return { origin: server.url, end: () => server.close() }
}
