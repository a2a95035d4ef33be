import { once } from 'node:events'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { transaction } from '../../index.js'
import { sqlite } from '../../stores/sqlite.js'
import { type Child, child, killed } from '../child.js'
import { newSeed, random } from '../oracle/random.js'
import { keptFolder } from './json-file/folder.js'

const folder = keptFolder()

function writer(path: string, mode: string, round = 0): Child {
  return child('stores/sqlite-writer.ts', path, mode, `${round}`)
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
      for (let round = 0; round < (process.env.GATE ? 10 : 5); round++) {
        acknowledged.push(...(await killed(writer(path, 'endless', round), { after: 1 + chance.below(150) })))
        const database = new Database(path)
        expect(database.pragma('integrity_check', { simple: true })).to.equal('ok')
        database.close()
        const store = sqlite<{ id: string; group?: string }>({ path, shared: true })
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
    const store = sqlite({ path, shared: true })
    store.put({ id: 'sum', n: 0 })
    const writers = [writer(path, 'increments'), writer(path, 'increments'), writer(path, 'increments')]
    const codes = await Promise.all(writers.map(async child => (await once(child, 'close'))[0]))
    expect(codes).to.deep.equal([0, 0, 0])
    expect(store.get('sum')).to.deep.equal({ id: 'sum', n: 300 })
    store.close()
  })

  it('can be opened by several processes at once for the first time', async () => {
    const path = join(folder, 'new.db')
    const said = await Promise.all([1, 2, 3].map(each => killed(writer(path, 'endless', each), { after: 2 })))
    const store = sqlite({ path, shared: true })
    for (const id of said.flat()) expect(store.get(id)).to.not.equal(undefined)
    expect(said.map(lines => lines.length > 0)).to.deep.equal([true, true, true])
    store.close()
  })

  it(`keeps two files equal when those who write to both are killed, SEED=${seed}`, async () => {
    const chance = random(seed)
    const path = join(folder, 'pairs.db')
    const log = `${path}.log`
    // the log must be there before anything can be in doubt
    const first = [sqlite({ path, shared: true }), sqlite({ path: `${path}.other`, shared: true })] as const
    await transaction(first, txs => Promise.all(txs.map(tx => tx.put({ id: 'sum', n: 0 }))), { log })
    for (const store of first) store.close()
    const acknowledged: string[] = []
    for (let round = 0; round < (process.env.GATE ? 40 : 3); round++) {
      const two = [2 * round, 2 * round + 1].map(each =>
        killed(writer(path, 'pairs', each), { after: 1 + chance.below(12) }),
      )
      acknowledged.push(...(await Promise.all(two)).flat())
      const stores = [sqlite({ path, shared: true }), sqlite({ path: `${path}.other`, shared: true })] as const
      const ids = stores.map(store => [...store.query('id!=sum')].map(({ id }) => id))
      expect(ids[1], `round ${round}`).to.deep.equal(ids[0])
      expect(acknowledged.filter(id => !ids[0]?.includes(id))).to.deep.equal([])
      for (const store of stores) {
        expect((store.get('sum') as { n: number }).n).to.equal(ids[0]?.length)
        store.close()
      }
    }
    expect(acknowledged.length).to.be.greaterThan(10)
  })
})
