import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { LiveChange } from '../../models/live.js'
import { child, killed, lastNumbers } from '../child.js'
import { newSeed, random } from '../oracle/random.js'
import { keptFolder } from '../stores/json-file/folder.js'
import { lasting } from './live-objects/lasting.js'

const kills = process.env.GATE ? 30 : 1

describe('live objects, killed', function () {
  this.timeout(kills * 20_000)
  const folder = keptFolder()
  const seed = newSeed()

  it(`keep every change that was flushed, with its record, and none half, SEED=${seed}`, async () => {
    const chance = random(seed)
    const path = join(mkdtempSync(join(folder, 'killed-')), 'data')
    for (let round = 0; round < kills; round++) {
      const lines = await killed(child('models/live-objects/lasting.ts', path, `${round}`), {
        after: 1 + chance.below(40),
        more: chance.below(10),
      })
      const last = lastNumbers(lines)
      const store = await lasting(path)
      const [alone, from, to] = ['alone', 'from', 'to'].map(name => store.get(name))
      expect((alone?.n ?? 0) - (last.get('alone') ?? 0)).to.be.within(-1, 1)
      expect((to?.moved ?? 0) - (last.get('moved') ?? to?.moved ?? 0)).to.be.within(0, 1)
      expect((from?.moved ?? 0) + (to?.moved ?? 0)).to.equal(0)
      // nobody but the program has changed anything, and what its records say is what is stored
      expect(store.changes().filter(({ external }) => external)).to.deep.equal([])
      for (const object of [alone, from, to]) if (object) expect(played(object.changes())).to.deep.equal({ ...object })
      expect(
        store
          .changes('from')
          .map(({ transaction }) => transaction)
          .slice(1),
      ).to.deep.equal(
        store
          .changes('to')
          .map(({ transaction }) => transaction)
          .slice(1),
      )
      await store.close()
    }
  })
})

function played(changes: readonly LiveChange[]): object {
  const object = { ...(changes[0]?.next as object) }
  for (const { path, previous, next } of changes.slice(1)) {
    const [name] = path as readonly never[]
    expect(object[name as never]).to.equal(previous)
    Object.assign(object, { [name as never]: next })
  }
  return object
}
