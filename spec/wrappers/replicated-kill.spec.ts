import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { child, killed } from '../child.js'
import { all } from '../conformance/case.js'
import { newSeed, random } from '../oracle/random.js'
import { folder } from '../stores/json-file/folder.js'
import { lasting } from './replicated/lasting.js'

const kills = process.env.GATE ? 25 : 1

describe('replicated, killed', function () {
  this.timeout(kills * 20_000)
  const files = folder()
  const seed = newSeed()

  for (const kind of ['one database', 'two files'] as const) {
    it(`loses nothing and skips no change when it is killed: ${kind}, SEED=${seed}`, async () => {
      const chance = random(seed)
      const path = mkdtempSync(join(files.path('.'), 'killed-'))
      const acknowledged: string[] = []
      for (let round = 0; round < kills; round++) {
        acknowledged.push(
          ...(await killed(child('wrappers/replicated/lasting.ts', path, kind, `${round}`), {
            after: 1 + chance.below(100),
          })),
        )
        const { store, primary, far } = await lasting(path, kind)
        await store.settled()
        const contents = (await all(primary)) as { id: string }[]
        expect(await all(far)).to.deep.equal(contents)
        for (const id of acknowledged) {
          if (id.endsWith('.two')) expect(primary.get(id), id).to.be.an('object')
        }
        const whole = contents.filter(({ id }) => /one|two/.test(id))
        for (const { id } of whole) expect(primary.get(id.replace(/one|two/, 'one')), id).to.be.an('object')
        expect(whole.length % 2).to.equal(0)
        await store.close()
      }
      expect(acknowledged.length).to.be.greaterThan(0)
      rmSync(path, { recursive: true })
    })
  }
})
