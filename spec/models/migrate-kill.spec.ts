import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { child, killed } from '../child.js'
import { newSeed, random } from '../oracle/random.js'
import { folder } from '../stores/json-file/folder.js'
import { kinds, lasting, old, people } from './migrate/migrating.js'
import { all } from './migrate/things.js'

const kills = process.env.GATE ? 10 : 1
const tried = process.env.GATE ? kinds : kinds.slice(0, 1)
const size = 300

describe('a migration, killed', function () {
  this.timeout(kills * 20_000)
  const files = folder()
  const seed = newSeed()

  for (const kind of tried) {
    it(`leaves each object old or new, and the next goes on: ${kind}, SEED=${seed}`, async () => {
      const chance = random(seed)
      for (let round = 0; round < kills; round++) {
        const path = mkdtempSync(join(files.path('.'), 'killed-'))
        const before = await lasting(path, kind)
        for (let id = 0; id < size; id++) await before.put(old(id))
        await before.close()

        const migrating = child('models/migrate/migrating.ts', path, kind)
        const after = 1 + chance.below(size / 5 - 1)
        const done = Number((await killed(migrating, { after, more: chance.below(3) })).at(-1))

        const store = await lasting(path, kind)
        const found = await all(store)
        expect(found.map(({ id }) => id)).to.deep.equal(Array.from({ length: size }, (_, id) => id))
        let migrated = 0
        for (const [id, each] of found.entries()) {
          if (!('$version' in each)) expect(each).to.deep.equal(old(id))
          else {
            expect(each).to.deep.equal({ id, given: `n${id}`, family: `${id % 10}`, $version: 1 })
            migrated++
          }
        }
        // what it said was done is done, without those that cannot be
        expect(migrated).to.be.at.least(Math.floor(done * 0.9) - 1)
        const Person = people(store)
        const report = await Person.migrate()
        expect(report).to.deep.include({ checked: size, migrated: size * 0.9 - migrated, unchanged: migrated })
        expect([await Person.count(), report.quarantined.length]).to.deep.equal([size * 0.9, size / 10])
        await store.close()
      }
    })
  }
})
