/** Any store to any store, stopped on the way and begun again. `GATE` does it with 100,000 objects, in processes that Ctrl-C meets. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Model } from '../../index.js'
import { etag } from '../../lib/etag.js'
import { permissive } from '../../models/facet.js'
import { type Listening, listen } from '../../server/listen.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { command, inFolder, run } from './run.js'

const gate = process.env.GATE !== undefined
const many = gate ? 100_000 : 600
const kinds = ['file', 'dir', 'sqlite', 'remote'] as const
type Kind = (typeof kinds)[number]
/** Each of them once as either; in the gate each with each. A process serves one at a time. */
const pairs = kinds.flatMap((from, at) =>
  (gate ? kinds : [kinds[(at + 1) % kinds.length] as Kind]).map(to => [from, to] as const),
)

const objectOf = (at: number) => ({
  id: at % 3 ? at : `user:${at}`,
  name: `name ${at}`,
  born: new Date(at * 1e7),
  ...(at % 50 === 0 && { big: 2n ** 70n, bytes: new Uint8Array([at % 256]) }),
})

describe('copy', function () {
  this.timeout(gate ? 3_600_000 : 20_000)
  const folder = inFolder()
  let server: Listening | undefined

  afterEach(async () => {
    await server?.close()
    server = undefined
  })

  async function addressOf(kind: Kind, name: string): Promise<string> {
    if (kind !== 'remote') return { file: `file:${name}.json`, dir: `dir:${name}`, sqlite: `sqlite:${name}.db#t` }[kind]
    const store = gate ? sqlite({ path: join(folder.path, `${name}-far.db`), durability: 'relaxed' }) : memory()
    server = await listen({ t: permissive(Model(store, { properties: {} })) })
    return `${server.url}/t`
  }

  async function fill(address: string): Promise<void> {
    const { stringify } = await import('../../lib/json.js')
    const stdin = Array.from({ length: many }, (_, at) => stringify(objectOf(at))).join('\n')
    const { code, err } = await run(folder.path, ['import', address, '-', '--quiet'], { stdin })
    expect(code, err).to.equal(0)
  }

  for (const [from, to] of pairs) {
    if (from === 'remote' && to === 'remote') continue
    it(`from ${from} to ${to} is stopped, and goes on`, async () => {
      const source = await addressOf(from, 'from')
      const target = await addressOf(to, 'to')
      await fill(source)
      const stopped = await (gate ? stoppedProcess : stoppedHere)(source, target)
      expect(stopped.code, stopped.err).to.equal(130)
      expect(stopped.err).to.include('interrupted; what was done stays')
      const rest = await again(source, target)
      expect(rest.code, rest.err).to.equal(0)
      const { added, objects, from: here, to: there } = JSON.parse(rest.out)
      // a signal that has come late has met the comparison
      const least = stopped.err.includes('compared') ? 0 : 1
      expect(added).to.be.at.least(least).and.lessThan(many)
      expect([objects, there]).to.deep.equal([many, here])
      if (gate)
        console.log(
          `      the rest, ${added}, in ${Math.round(rest.took / 1000)} s, with ${Math.round(rest.peak / 1024)} MiB`,
        )
      rmSync(join(folder.path, 'to'), { recursive: true, force: true })
    })
  }

  /** The signal comes when the first objects have been written. */
  function stoppedHere(source: string, target: string) {
    const stop = new AbortController()
    const now = () => {
      // progress asks for the time after each batch
      if (++asked > 1) stop.abort(new DOMException('stop', 'AbortError'))
      return 0
    }
    let asked = 0
    return run(folder.path, ['copy', source, target], { signal: stop.signal, now })
  }

  /** Ctrl-C, as soon as progress is told. */
  async function stoppedProcess(source: string, target: string) {
    const { child, ended } = command(folder.path, ['copy', source, target])
    child.stderr.once('data', () => child.kill('SIGINT'))
    return ended
  }

  async function again(source: string, target: string) {
    if (!gate) return { ...(await run(folder.path, ['copy', source, target, '--json'])), took: 0, peak: 0 }
    const { ended } = command(folder.path, ['copy', source, target, '--json'])
    return ended
  }

  it('leaves alone what is different and what is beside it, unless it is told otherwise', async () => {
    const go = (...words: string[]) => run(folder.path, words)
    for (const id of ['a', 'b']) await go('put', 'from.json', `{"id":"${id}","n":1}`)
    for (const id of ['b', 'c']) await go('put', 'to.json', `{"id":"${id}","n":2}`)
    const refused = await go('copy', 'from.json', 'to.json')
    expect(refused.code).to.equal(4)
    expect(refused.err).to.include('1 objects are different in to.json: b; --overwrite replaces them')
    expect((await go('get', 'to.json', 'b')).out).to.equal('{"id":"b","n":2}\n')
    expect((await go('copy', 'from.json', 'to.json', '--overwrite')).out).to.match(
      /^0 added, 1 replaced; 2 objects are equal, beside 1 others, sha256:/,
    )
    const { out } = await go('copy', 'from.json', 'to.json', '--mirror')
    expect(out).to.match(/^0 added, 1 deleted; 2 objects are equal, sha256:[\da-f]{16}\n$/)
    expect((await go('count', 'to.json')).out).to.equal('2\n')
  })

  it('gives the hash that anybody can compute', async () => {
    await run(folder.path, ['put', 'from.json', '{"id":1,"n":1}'])
    const { out } = await run(folder.path, ['copy', 'from.json', 'memory:', '--json'])
    const { createHash } = await import('node:crypto')
    const expected = createHash('sha256')
      .update(`${etag({ id: 1, n: 1 })}\n`)
      .digest('hex')
    expect(JSON.parse(out).to).to.equal(`sha256:${expected}`)
  })

  it('tells how far it is on stderr, on one line of a terminal', async () => {
    await fill('file:from.json')
    let time = 0
    const now = () => (time += 300)
    const { out, err } = await run(folder.path, ['copy', 'from.json', 'to.db#t'], { terminal: true, now })
    expect(err)
      .to.include(`\rcopied 500 of ${many} (`)
      .and.match(/ %\), \d+\/s, \d+ s left/)
    expect(err).not.to.include('\n')
    expect(out.split('\n')).to.have.length(2)
    const quiet = await run(folder.path, ['copy', 'from.json', 'to.db#t', '--quiet'], { terminal: true, now })
    expect(quiet.err).to.equal('')
  })

  it('stops where an object is damaged, and names it', async () => {
    for (const id of ['a', 'b']) await run(folder.path, ['put', 'dir:from', `{"id":"${id}"}`])
    folder.write('from/b.json', '{')
    const { code, err } = await run(folder.path, ['copy', 'dir:from', 'to.json'])
    expect([code, err.includes('b.json')]).to.deep.equal([6, true])
  })
})
