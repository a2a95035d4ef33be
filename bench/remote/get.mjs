import { Pool } from 'undici'
import { batches, idOf, numbers } from '../data/objects.mjs'
import { library } from '../library.mjs'
import { serving } from './serving.mjs'

const plain = 'a plain `fetch`'
const pooled = 'with an `undici` pool'
const plainPooled = 'the plain pool'
const held = 1000
const atOnce = 10

/** Getting objects from a server, ten at a time, as JSON and nothing else, or checked as `remote` does it. */
export default {
  title: 'remote: get',
  operations: ['get'],
  variants: {
    [plain]: () =>
      asking(
        ({ url }) =>
          id =>
            fetch(`${url}/${id}`).then(response => response.json()),
      ),
    Holdfast: () => asking(server => store(server, {})),
    [plainPooled]: () =>
      asking(({ url }) => {
        const pool = poolOf(url)
        const { pathname } = new URL(url)
        return async id => {
          const { body } = await pool.request({ method: 'GET', path: `${pathname}/${id}` })
          return body.json()
        }
      }),
    [pooled]: () => asking(server => store(server, { fetch: through(poolOf(server.url)) })),
  },
  rows: [
    { what: 'remote: get', operation: 'get', to: plain, goal: { time: 1.3 } },
    {
      what: 'remote: get, through a pool of undici',
      operation: 'get',
      subject: pooled,
      to: plainPooled,
      goal: { time: 1.3 },
    },
  ],
}

/** The requests of a pool in the place of `fetch`. */
const through = pool => async (to, sent) => {
  const { pathname, search } = new URL(to)
  const { method, headers, body, signal } = sent
  const answer = await pool.request({ method, headers, body, signal, path: pathname + search })
  return {
    status: answer.statusCode,
    headers: { get: name => answer.headers[name] ?? null },
    arrayBuffer: () => answer.body.arrayBuffer(),
    get body() {
      return answer.body.body
    },
  }
}

const poolOf = url => new Pool(new URL(url).origin, { connections: atOnce })

async function store({ url }, options) {
  const { remote } = await library('stores/remote.js')
  const { get } = remote(url, options)
  return id => get(id)
}

async function asking(make) {
  const server = await serving(held)
  const get = await make(server)
  const next = batches(numbers(held).map(idOf), 200)
  return {
    answer: async () => (await get(idOf(7))).age,
    async get() {
      const ids = next()
      const rest = ids.values()
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          for (const id of rest) await get(id)
        }),
      )
      return ids.length
    },
    end: server.end,
  }
}
