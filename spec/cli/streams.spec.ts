/** What is read from, and written to, where nobody listens, or nobody says anything; and servers that say what is not so. */
import { spawnSync } from 'node:child_process'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable, Writable } from 'node:stream'
import { expect } from 'chai'
import { main } from '../../cli/main.js'
import { furnish, inFolder, programOf, run } from './run.js'

describe('the command and its streams', () => {
  const folder = inFolder()
  beforeEach(() => furnish(folder.path))

  it('ends when it is told to, though nobody types what it waits for', async () => {
    const stop = new AbortController()
    const stdin = new Readable({
      read: () => void setImmediate(() => stop.abort(new DOMException('interrupted', 'AbortError'))),
    })
    let err = ''
    const output = new Writable({
      write(chunk, _, done) {
        err += chunk
        done()
      },
    })
    const world = {
      cwd: folder.path,
      env: {},
      stdin,
      stdout: output,
      stderr: output,
      signal: stop.signal,
      now: Date.now,
    }
    expect(await main(['put', 'users.json'], world)).to.equal(130)
    expect(err).to.match(/^holdfast: interrupted; /)
  })

  it('says why it could not write, and not that it was interrupted', async () => {
    const stop = new AbortController()
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    const { code, err } = await run(folder.path, ['query', 'users.json'], {
      signal: stop.signal,
      heard: () => stop.abort(full),
    })
    expect([code, err]).to.deep.equal([1, 'holdfast: ENOSPC: no space left on device, write; make room\n'])
  })

  it('fails where what it has written last did not arrive', function () {
    if (!process.env.GATE) this.skip()
    const line = `"$0" ${programOf()
      .map(word => `'${word}'`)
      .join(' ')} get users.json ada > /dev/full`
    const { status, stderr } = spawnSync('/bin/sh', ['-c', line, process.execPath], { cwd: folder.path })
    expect(status).to.equal(1)
    expect(`${stderr}`).to.match(/no space left on device/)
  })

  const liars: Record<string, RequestListener> = {
    'says yes to everything': (_, response) => response.end('{}'),
    'says less': (_, response) => response.end('{"count":1}'),
    'breaks off': (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"cou')
      setImmediate(() => response.destroy())
    },
  }
  for (const [what, answer] of Object.entries(liars)) {
    it(`believes no server that ${what} to have stored what was imported`, async () => {
      const server = createServer((request, response) => {
        request.resume()
        if (request.method === 'POST') return answer(request, response)
        const type = request.url?.includes('$count') ? 'json' : 'ndjson'
        response.setHeader('content-type', `application/vnd.holdfast+${type}`).end('{"count":0}\n')
      })
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      folder.write('two.ndjson', '{"id":1}\n{"id":2}\n')
      const { port } = server.address() as AddressInfo
      const { code, err, out } = await run(folder.path, ['import', `http://127.0.0.1:${port}/users`, 'two.ndjson'])
      expect([code, out], err).to.deep.equal([5, ''])
      server.close()
      server.closeAllConnections()
    })
  }
})
