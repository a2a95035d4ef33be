/** Asks a server from a process of its own, over 50 connections: what it costs is not the server's. */
import { Pool } from 'undici'

const [, , origin] = process.argv
const connections = 50
const pool = new Pool(origin, { connections })

async function ask(paths, from, state) {
  while (state.next < state.end) {
    const { statusCode, body } = await pool.request({
      method: 'GET',
      path: paths[(from + state.next++) % paths.length],
    })
    await body.dump()
    if (statusCode !== 200 && statusCode !== 206) throw new Error(`${origin} answers ${statusCode}`)
  }
}

process.on('disconnect', () => process.exit())
process.on('message', async ({ paths, from, count, text }) => {
  try {
    if (text !== undefined) {
      const { body } = await pool.request({ method: 'GET', path: text })
      return process.send({ text: await body.text() })
    }
    const state = { next: 0, end: count }
    await Promise.all(Array.from({ length: connections }, () => ask(paths, from, state)))
    process.send({ count })
  } catch (error) {
    process.send({ error: String(error) })
  }
})
