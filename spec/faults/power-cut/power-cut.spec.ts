import { expect } from 'chai'
import type { Data } from '../../../lib/store.js'
import { newSeed } from '../../oracle/random.js'
import type { Write } from '../ledger.js'
import { hands, lastWrites } from './hands.js'
import { type Content, type Finding, inspect } from './inspect.js'
import type { Kind } from './kinds.js'
import { powerCuts } from './power-cuts.js'
import { fileSystems, obstacle } from './volume.js'

const kinds: readonly Kind[] = ['json-file', 'directory', 'sqlite', 'together']

describe('a power cut', () => {
  const seed = newSeed()

  for (const fileSystem of fileSystems) {
    describe(`on ${fileSystem}, SEED=${seed}`, function () {
      this.timeout(120_000)

      before(function () {
        const reason = process.env.GATE ? obstacle(fileSystem) : 'it is part of the gate'
        if (!reason) return
        if (process.env.GATE) console.log(`SKIPPED (${fileSystem}: ${reason})`)
        this.skip()
      })

      /** What some cuts did to a kind of stores. */
      async function findings(kind: Kind, cuts: number): Promise<readonly Finding[]> {
        const all: Finding[] = []
        for await (const each of powerCuts({ kind, fileSystem, cuts, seed })) all.push(...each.findings)
        return all
      }

      for (const kind of kinds) {
        it(`takes nothing acknowledged from ${kind}, and leaves no half of a transaction`, async () => {
          expect(await findings(kind, 10)).to.deep.equal([])
        })
      }

      it('destroys what is not synced', async () => {
        expect(await findings('naive', 2)).to.not.deep.equal([])
      })
    })
  }
})

describe('inspect', () => {
  const stores = 2
  const [single, transacting] = hands(stores).filter(({ name }) => name === 'a' || name === 'this')
  if (!single || !transacting) throw new Error('these hands are gone')
  const n = 12
  const right = contentOf([...lastWrites(single, n).values()])

  it('takes what was acknowledged, and the step under way', () => {
    expect(inspect(single, n, right)).to.deep.equal({ findings: [], done: n })
    expect(inspect(single, n - 1, right)).to.deep.equal({ findings: [], done: n })
  })

  it('finds what is lost, torn or came back', () => {
    const changed = (id: string, object: Data | undefined) =>
      contentOf([...right.flatMap(written), { store: 0, id, object }])
    const found = (content: Content) => inspect(single, n, content).findings.map(({ damage }) => damage)
    expect(found(changed('a1', undefined))).to.deep.equal(['lost'])
    expect(found(changed('a1', single.step(n - 6).writes[0]?.object))).to.deep.equal(['lost'])
    expect(found(changed('a1', { id: 'a1', n: n - 1, text: 'other' }))).to.deep.equal(['torn'])
  })

  it('finds half a transaction', () => {
    const before = [...lastWrites(transacting, n).values()]
    const under = transacting.step(n + 1).writes
    for (let part = 0; part <= under.length; part++) {
      const { findings } = inspect(transacting, n, contentOf([...before, ...under.slice(0, part)]))
      const expected = part === 0 || part === under.length ? [] : ['half']
      expect(findings.map(({ damage }) => damage)).to.deep.equal(expected)
    }
  })

  function contentOf(writes: readonly Write[]): Content {
    const content = Array.from({ length: stores }, () => new Map<unknown, Data>())
    for (const { store, id, object } of writes) {
      if (object) content[store]?.set(id, object)
      else content[store]?.delete(id)
    }
    return content
  }

  function written(objects: ReadonlyMap<unknown, Data>, store: number): Write[] {
    return [...objects].map(([id, object]) => ({ store, id: String(id), object }))
  }
})
