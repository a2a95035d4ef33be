import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { HistoryRecord } from '../../wrappers/history.js'
import { child, killed } from '../child.js'
import { newSeed, random } from '../oracle/random.js'
import { folder } from '../stores/json-file/folder.js'
import { lasting } from './history/lasting.js'

const kills = process.env.GATE ? 30 : 1

type Counted = HistoryRecord<{ id: string; n: number }, string>

describe('history, killed', function () {
  this.timeout(kills * 20_000)
  const files = folder()
  const seed = newSeed()

  for (const kind of ['one database', 'two databases'] as const) {
    it(`has exactly one record of each committed write: ${kind}, SEED=${seed}`, async () => {
      const chance = random(seed)
      const path = mkdtempSync(join(files.path('.'), 'killed-'))
      for (let round = 0; round < kills; round++) {
        const lines = await killed(child('wrappers/history/lasting.ts', path, kind, `${round}`), {
          after: 1 + chance.below(100),
          more: chance.below(5),
        })
        const store = lasting(path, kind)
        const records = Array.from(store.changes() as Iterable<Counted>)
        expect(records.map(({ sequence }) => sequence)).to.deep.equal(records.map((_, at) => at + 1))

        // played from the beginning, the records give just what is stored
        const played = new Map<string, object>()
        for (const { id, type, previous, next } of records) {
          if (type === 'add') expect(played.has(id)).to.equal(false)
          else expect(played.get(id)).to.include(previous ?? {})
          if (type === 'delete') played.delete(id)
          else played.set(id, { ...played.get(id), ...next })
        }
        expect([...played.values()]).to.have.deep.members([...(await all(store))])

        // as many records as the program was told of, and what it was just doing
        const since = records.findIndex(({ actor }) => actor === `${round}`)
        const own = since < 0 ? [] : records.slice(since)
        const told = (what: string) => lines.filter(line => line.startsWith(what)).length
        const alone = own.filter(({ id }) => id === 'alone').length
        const together = new Set(own.filter(({ id }) => id === 'two').map(each => each.transaction))
        const turned = own.filter(({ undoes, redoes }) => undoes ?? redoes).length
        expect(alone).to.be.within(told('alone'), told('alone') + 1)
        expect(together.size).to.be.within(told('together'), told('together') + 1)
        expect(turned).to.be.within(2 * told('redone'), 2 * told('redone') + 2)
        for (const transaction of together) {
          expect(own.filter(each => each.transaction === transaction).length).to.be.within(2, 3)
        }
        await store.close()
      }
    })
  }
})

async function all(store: ReturnType<typeof lasting>): Promise<object[]> {
  const found: object[] = []
  for await (const each of store.query()) found.push(each)
  return found
}
