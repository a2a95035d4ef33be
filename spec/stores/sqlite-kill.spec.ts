import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { sqlite } from '../../stores/sqlite.js'
import { newSeed, random } from '../oracle/random.js'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-sqlite-'))
after(() => rmSync(folder, { recursive: true }))
const root = new URL('../..', import.meta.url).pathname

function writer(path: string, mode: string, round = 0): ChildProcess {
  const program = ['--import', 'tsx', 'spec/stores/sqlite-writer.ts', path, mode, `${round}`]
  return spawn(process.execPath, program, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Kills a writer as soon as so many bytes of acknowledgements have come. Gives what was acknowledged, whole lines. */
async function killed(path: string, round: number, after: number): Promise<string[]> {
  const child = writer(path, 'endless', round)
  let said = ''
  child.stdout?.on('data', (bytes: Buffer) => {
    said += bytes
    if (said.length >= after) child.kill('SIGKILL')
  })
  await once(child, 'close')
  return said.split('\n').slice(0, -1)
}

describe('sqlite, processes', function () {
  this.timeout(60_000)

  const seed = newSeed()
  it(`loses nothing acknowledged and keeps no half when it is killed, SEED=${seed}`, async () => {
    const chance = random(seed)
    // three files at once, as starting a process takes longest
    const series = Array.from({ length: 3 }, async (_, file) => {
      const path = join(folder, `${file}.db`)
      const acknowledged: string[] = []
      for (let round = 0; round < 10; round++) {
        acknowledged.push(...(await killed(path, round, 1 + chance.below(2000))))
        const database = new Database(path)
        expect(database.pragma('integrity_check', { simple: true })).to.equal('ok')
        database.close()
        const store = sqlite<{ id: string; group?: string }>({ path })
        const lost = acknowledged.filter(id => store.get(id) === undefined)
        expect(lost, `round ${round}`).to.deep.equal([])
        const sizes = new Map<string, number>()
        for (const { group } of store.query('exists(group)'))
          sizes.set(group as string, (sizes.get(group as string) ?? 0) + 1)
        expect([...sizes.values()].filter(size => size !== 5)).to.deep.equal([])
        for (const [group, size] of sizes) expect(store.count(`group=string:${group}`)).to.equal(size)
        store.close()
      }
      expect(acknowledged.length).to.be.greaterThan(10)
    })
    await Promise.all(series)
  })

  it('loses no update of several processes', async () => {
    const path = join(folder, 'sum.db')
    const store = sqlite({ path })
    store.put({ id: 'sum', n: 0 })
    const writers = [writer(path, 'increments'), writer(path, 'increments'), writer(path, 'increments')]
    const codes = await Promise.all(writers.map(async child => (await once(child, 'close'))[0]))
    expect(codes).to.deep.equal([0, 0, 0])
    expect(store.get('sum')).to.deep.equal({ id: 'sum', n: 300 })
    store.close()
  })

  it('can be opened by several processes at once for the first time', async () => {
    const path = join(folder, 'new.db')
    const said = await Promise.all([killed(path, 1, 20), killed(path, 2, 20), killed(path, 3, 20)])
    const store = sqlite({ path })
    for (const id of said.flat()) expect(store.get(id)).to.not.equal(undefined)
    expect(said.map(lines => lines.length > 0)).to.deep.equal([true, true, true])
    store.close()
  })
})
