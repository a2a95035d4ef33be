/** Conditions hold at the moment of the write: nobody's change is lost. */
import { expect } from 'chai'
import { Pool } from 'undici'
import { permissive } from '../../models/facet.js'
import { closeAll, serving } from './socket.js'
import { anyModel } from './world.js'

const clients = 8
const times = process.env.GATE ? 500 : 25

describe('server: If-Match', () => {
  afterEach(closeAll)

  it(`${clients} clients add 1 ${times} times each, and none is lost`, async function () {
    this.timeout(120_000)
    const { url } = await serving({ any: permissive(anyModel([{ id: 'n', n: 0 }])) })
    const pool = new Pool(url, { connections: clients })
    const path = '/any/n'
    const read = async () => {
      const { headers, body } = await pool.request({ method: 'GET', path })
      return { tag: headers.etag as string, ...((await body.json()) as { n: number }) }
    }
    let refused = 0
    async function client(): Promise<void> {
      for (let done = 0; done < times; ) {
        const { n, tag } = await read()
        const headers = { 'if-match': tag, 'content-type': 'application/json' }
        const sent = JSON.stringify({ n: n + 1 })
        const { statusCode, body } = await pool.request({ method: 'PUT', path, headers, body: sent })
        await body.dump()
        expect(statusCode).to.be.oneOf([200, 412])
        if (statusCode === 200) done++
        else refused++
      }
    }
    await Promise.all(Array.from({ length: clients }, client))
    expect((await read()).n).to.equal(clients * times)
    await pool.close()
    expect(refused).to.be.greaterThan(0)
  })
})
