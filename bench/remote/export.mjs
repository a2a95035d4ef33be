import { library } from '../library.mjs'
import { serving } from './serving.mjs'

const plain = 'a plain `fetch`, line by line'
const held = 100_000
/** Bytes by which the process may grow. */
const growth = 50 * 2 ** 20

/** Reading 100,000 objects as they come, with memory that does not grow with their number. */
export default {
  title: 'remote: export of 100,000 objects',
  operations: ['read'],
  processes: 1,
  rounds: 3,
  variants: {
    [plain]: () => reading(({ url }) => lines(url)),
    Holdfast: () =>
      reading(async ({ url }) => {
        const { remote } = await library('stores/remote.js')
        return () => remote(url).query()
      }),
  },
  rows: [{ what: 'remote: export of 100,000 objects, RSS + < 50 MB', operation: 'read', to: plain, goal: { time: 3 } }],
}

async function reading(make) {
  const server = await serving(held)
  const ask = await make(server)
  async function read() {
    let sum = 0
    for await (const { age } of ask()) sum += age
    return sum
  }
  return {
    answer: read,
    async read() {
      const before = process.memoryUsage.rss()
      await read()
      const grown = process.memoryUsage.rss() - before
      if (grown > growth) throw new Error(`the process grew by ${Math.round(grown / 2 ** 20)} MB`)
      return held
    },
    end: server.end,
  }
}

function lines(url) {
  return async function* () {
    const response = await fetch(url, { headers: { accept: 'application/x-ndjson' } })
    let rest = ''
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const found = (rest + text).split('\n')
      rest = found.pop()
      for (const line of found) if (line) yield JSON.parse(line)
    }
  }
}
