import { expect } from 'chai'
import type { Id } from '../../lib/store.js'
import { Model } from '../../models/model.js'
import { directory } from '../../stores/directory.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { slow } from '../../wrappers/slow.js'
import { newSeed, random } from '../oracle/random.js'
import { thrownBy } from '../refusal.js'
import { folder } from '../stores/json-file/folder.js'
import { all, type Full, type Thing } from './migrate/things.js'

const size = process.env.GATE ? 1000 : 60

/** Yields to whatever else is to be done. */
const turn = () => new Promise(resolve => setImmediate(resolve))

describe('a migration among others', () => {
  const files = folder()
  const seed = newSeed()
  // the other process has a connection of its own
  const stores: Record<string, () => Promise<readonly [Full, Full]>> = {
    async memory() {
      const store = memory<Thing, Id>() as Full
      return [store, slow(store, { delay: 0 }) as Full]
    },
    async sqlite() {
      const open = () => sqlite<Thing, Id>({ path: files.path('data.db'), durability: 'relaxed' }) as Full
      return [open(), open()]
    },
    async directory() {
      const store = (await directory<Thing, Id>({ path: files.path('objects'), durability: 'relaxed' })) as Full
      return [store, store]
    },
  }

  for (const [name, open] of Object.entries(stores)) {
    it(`loses no write, and is done once: ${name}, SEED=${seed}`, async () => {
      const [store, other] = await open()
      const chance = random(seed)
      const Old = Model(store, { version: 1, properties: { n: Number }, required: ['n'] })
      const doubled = {
        version: 2,
        migrate: {
          async 2({ n, ...rest }: Thing) {
            await turn()
            return { ...rest, m: 2 * Number(n) }
          },
        },
        properties: { m: Number },
        required: ['m'],
        additionalProperties: false,
      } as const
      const [New, Elsewhere] = [Model(store, doubled), Model(other, doubled)]
      const last = new Map<number, number>()
      for (let id = 0; id < size; id++) {
        await Old.put({ id, n: id })
        last.set(id, 2 * id)
      }

      async function write(writer: number): Promise<void> {
        for (let n = 0; n < size; n++) {
          const id = chance.below(size / 4) * 4 + writer
          if (chance.chance(0.5)) {
            const error = await thrownBy(() => Old.put({ id, n }))
            if (!error) last.set(id, 2 * n)
            else expect(error).to.have.property('name', 'ConstraintError')
          } else {
            const error = await thrownBy(() => New.put({ id, m: 2 * n + 1 }))
            if (!error) last.set(id, 2 * n + 1)
            else expect(error).to.have.property('name', 'ConstraintError')
          }
          await turn()
        }
      }

      const works = [0, 1, 2, 3].map(write)
      const reports = await Promise.all([New.migrate({ batch: 7 }), Elsewhere.migrate({ batch: 5 })])
      await Promise.all(works)
      const late = await New.migrate()
      expect(reports.reduce((sum, { migrated }) => sum + migrated, late.migrated)).to.equal(size)
      expect(late.quarantined).to.deep.equal([])
      expect((await all(New)).map(({ id, m }) => [id, m])).to.have.deep.members([...last])
      await other.close()
      await store.close()
    })
  }
})
