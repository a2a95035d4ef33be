import { expect } from 'chai'
import { child, killed } from '../child.js'
import { newSeed, random } from '../oracle/random.js'
import { folder } from '../stores/json-file/folder.js'
import { economyIn, supply } from './persisto/economy.js'

const kills = process.env.GATE ? 40 : 1

describe('persisto: assets, killed', function () {
  this.timeout(kills * 30_000)
  const files = folder()
  const seed = newSeed()

  it(`have all that was acknowledged, nothing twice, and a log that agrees, SEED=${seed}`, async () => {
    const chance = random(seed)
    for (let round = 0; round < kills; round++) {
      const lines = await killed(child('models/persisto/economy.ts', files.path('.'), `${round}`), {
        after: 2 + chance.below(300),
        more: chance.below(10),
      })
      const { db, log } = await economyIn(files.path('.'))
      const books = await db.checkBooks()
      expect(books.problems).to.deep.equal([])
      expect(books).to.include({ supply: `${supply}`, total: `${supply}` })

      const operations = (await db.getJournal()).map(({ operation }) => operation)
      expect(new Set(operations).size).to.equal(operations.length)
      const said = (what: string) =>
        lines.flatMap(line => (line.startsWith(`${what} `) ? line.slice(what.length + 1) : []))
      expect(operations).to.include.members(said('done'))
      expect(said('refused').filter(each => operations.includes(each))).to.deep.equal([])

      expect((await log.verify()).problems).to.deep.equal([])
      const entries = (await log.getAuditLogs()).map(({ entry }) => entry)
      expect(entries).to.deep.equal(operations.map((_, at) => at + 1))
      await db.shutDown()
    }
  })
})
