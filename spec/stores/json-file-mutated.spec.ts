import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import type { Data } from '../../lib/store.js'
import { jsonFile } from '../../stores/json-file.js'
import { newSeed, random } from '../oracle/random.js'
import { folder } from './json-file/folder.js'
import { mutation } from './mutations.js'

const count = process.env.GATE ? 10_000 : 1000

describe('jsonFile, damaged', () => {
  const { path, names } = folder()
  const seed = newSeed()

  /** A file, and a journal beside it, as a killed process leaves them. */
  async function written(): Promise<Data[]> {
    const objects: Data[] = []
    for (const part of ['file', 'journal']) {
      const store = await jsonFile({ path: path() })
      for (let n = 0; n < 12; n++)
        await store.put({ part, n, text: `å ${n} `.repeat(8), when: new Date(n), deep: [{ n }] })
      objects.splice(0, objects.length, ...store.query())
      const journal = part === 'journal' ? readFileSync(path('data.json.journal')) : undefined
      const file = journal && readFileSync(path())
      const { mtimeMs } = journal ? statSync(path()) : { mtimeMs: 0 }
      await store.close()
      if (!journal || !file) continue
      restore(path('data.json.journal'), journal, mtimeMs)
      restore(path(), file, mtimeMs)
    }
    return objects
  }

  /** Writes bytes as a disk that decays would: the file is as old as it was. */
  function restore(file: string, bytes: Buffer, mtimeMs: number): void {
    writeFileSync(file, bytes)
    utimesSync(file, mtimeMs / 1000, mtimeMs / 1000)
  }

  it(`${count} times: the exact objects or a CorruptError, never a wrong value, SEED=${seed}`, async () => {
    const objects = await written()
    const chance = random(seed)
    const files = ['data.json', 'data.json.journal'].map(name => {
      const { mtimeMs } = statSync(path(name))
      return { name, bytes: readFileSync(path(name)), mtimeMs }
    })
    let refused = 0
    for (let round = 0; round < count; round++) {
      const victim = chance.pick(files)
      const { title, bytes } = mutation(victim.bytes, chance)
      const where = `SEED=${seed}, round ${round}: ${victim.name}, ${title}`
      restore(path(victim.name), bytes, victim.mtimeMs)
      try {
        const store = await jsonFile({ path: path(), readonly: true })
        const found = [...store.query()]
        store.close()
        // of a journal that ends within a line, or in NULs, nobody can tell whether that was acknowledged
        const ends = bytes.at(-1) === 0 || victim.bytes.subarray(0, bytes.length).equals(bytes)
        const torn = victim.name.endsWith('journal') && ends
        expect(torn ? objects.slice(0, found.length) : objects, where).to.deep.equal(found)
      } catch (error) {
        if (!isStoreError(error)) throw new Error(where, { cause: error })
        expect(error.name, where).to.be.oneOf(['CorruptError', 'NotSupportedError'])
        refused++
      }
      expect(readFileSync(path(victim.name)).equals(bytes), `${where}: it is left as it is`).to.equal(true)
      restore(path(victim.name), victim.bytes, victim.mtimeMs)
    }
    expect(refused).to.be.greaterThan(count / 2)
    expect(names()).to.deep.equal(['data.json', 'data.json.journal'])
  })

  it('who edits the file and leaves the seal is believed', async () => {
    const store = await jsonFile({ path: path() })
    await store.put({ id: 1, name: 'Ada' })
    await store.close()
    writeFileSync(path(), readFileSync(path(), 'utf8').replace('Ada', 'Eva'))
    const again = await jsonFile({ path: path() })
    expect(again.get(1)).to.deep.equal({ id: 1, name: 'Eva' })
    await again.close()
  })
})
