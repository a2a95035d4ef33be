import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { type ErrorName, isStoreError } from '../../lib/errors.js'
import { transaction } from '../../lib/transaction.js'
import { nodeFileSystem } from '../../stores/files/file-system.js'
import { type JsonFileStore, jsonFile } from '../../stores/json-file.js'
import { type Call, type Fault, type FileSystem, faulty, survivesErrors, survivesPowerCuts } from '../faults/index.js'
import { thrownBy } from '../refusal.js'
import { folder } from './json-file/folder.js'

const gate = Boolean(process.env.GATE)

/** Makes the names of temporary files, cheaply. */
function counting(): () => string {
  let count = 0
  return () => (++count).toString(16).padStart(16, '0')
}

for (const durability of ['strict', 'relaxed'] as const) {
  for (const compactAt of [200, 400]) {
    const options = { path: '/disk/data.json', durability, compactAt, random: counting() }
    const open = (fileSystem: FileSystem) => jsonFile({ ...options, fileSystem })
    const leaves = (names: readonly string[]) => names.join() === 'data.json'
    const subject = { durability, open, leaves }
    const openReadonly = (fileSystem: FileSystem) => jsonFile({ ...options, fileSystem, readonly: true })
    const name = `jsonFile, ${durability}, compacted at ${compactAt}`
    survivesPowerCuts(name, { ...subject, openReadonly, states: gate ? 600_000 : 25_000, perCut: gate ? 200 : 20 })
    if (compactAt === 200) survivesErrors(name, { ...subject, every: gate ? 1 : 6, steps: gate ? 12 : 8 })
  }
}

describe('jsonFile, on a disk with faults', () => {
  const { path, names } = folder()
  const text = 'some text, so that the journal grows longer than the file. '.repeat(4)
  const byHand = '[ { "id": 0,\n   "text": "by hand" } ]\n'
  const first = { id: 0, text: 'by hand' }

  /** A store over a file as people write it, on a disk that fails as it is told. */
  function open(decide: (call: Call) => Fault | undefined) {
    writeFileSync(path(), byHand)
    const disk = faulty(nodeFileSystem, decide)
    return jsonFile({ path: path(), fileSystem: disk, compactAt: 300 }).then(store => ({ store, disk }))
  }

  /** What is there once the disk is well again: the objects, and no file but the one. */
  async function left(): Promise<unknown[]> {
    const store = await jsonFile({ path: path() })
    const objects = [...store.query()]
    await store.close()
    expect(names()).to.deep.equal(['data.json'])
    return objects
  }

  const steps: readonly ((store: JsonFileStore<object>) => unknown)[] = [
    store => store.put({ id: 1, text }),
    store => Promise.all([store.put({ id: 2, text }), store.put({ id: 3 })]),
    store => transaction(store, async tx => [await tx.put({ id: 1, again: true, text }), await tx.delete(2)]),
    store => store.delete(3),
    store => store.put({ id: 4, text }),
  ]
  const outcome = [first, { id: 1, again: true, text }, { id: 4, text }]

  const errors: Partial<Record<Fault, ErrorName>> = {
    ENOSPC: 'QuotaExceededError',
    full: 'QuotaExceededError',
    EACCES: 'NotAllowedError',
    EIO: 'UnknownError',
  }
  for (const [fault, name] of Object.entries(errors)) {
    it(`${fault} is a ${name} that says why`, async () => {
      let broken = true
      const { store } = await open(call => (broken && call.name === 'write' ? (fault as Fault) : undefined))
      const error = await thrownBy(() => store.put({ id: 1 }))
      expect(isStoreError(error, name), String(error)).to.equal(true)
      expect(error?.cause).to.be.instanceOf(Error)
      broken = false
      await store.close()
      expect(await left()).to.deep.equal([first])
    })
  }

  it('writing fails while the disk is full, and works when it is not', async () => {
    let isFull = false
    const { store } = await open(({ name }) => (isFull && name === 'write' ? 'ENOSPC' : undefined))
    for (const step of steps) {
      const before = [...store.query()]
      isFull = true
      for (let times = 0; times < 3; times++) {
        expect(isStoreError(await thrownBy(() => step(store)), 'QuotaExceededError')).to.equal(true)
      }
      expect([...store.query()]).to.deep.equal(before)
      isFull = false
      await step(store)
    }
    await store.close()
    expect(await left()).to.deep.equal(outcome)
  })

  it('says that it does not know, when what was written cannot be taken back', async () => {
    let broken = false
    const { store } = await open(({ name }) => (broken && name !== 'write' ? 'EIO' : undefined))
    await store.put({ id: 1 })
    broken = true
    const error = await thrownBy(() => store.put({ id: 2 }))
    expect(isStoreError(error, 'OutcomeUnknownError')).to.equal(true)
    expect(String(error)).to.match(/not taken back: whether it lasts is known when the store is opened again/)
    expect(store.get(2)).to.equal(undefined)
    expect(isStoreError(await thrownBy(() => store.put({ id: 3 })), 'UnknownError')).to.equal(true)
    expect(store.get(1)).to.deep.equal({ id: 1 })
    broken = false
    await store.put({ id: 4 })
    await store.close()
    expect(await left()).to.deep.equal([first, { id: 1 }, { id: 4 }])
  })

  it('takes another descriptor after a failed sync', async () => {
    const failed: Call[] = []
    let syncs = 0
    const { store, disk } = await open(call =>
      call.name === 'datasync' && ++syncs % 2 === 0 && failed.push(call) ? 'EIO' : undefined,
    )
    for (let id = 1; id < 10; id++) await thrownBy(() => store.put({ id }))
    await thrownBy(() => store.close())
    const journal = disk.calls.filter(call => call.path.endsWith('.journal'))
    expect(failed.length).to.be.greaterThan(2)
    for (const call of failed) {
      const [close, open] = journal.slice(journal.indexOf(call) + 1)
      expect([close?.name, open?.name]).to.deep.equal(['close', 'create'])
    }
    expect(disk.violations).to.deep.equal([])
  })

  it('a file that cannot be brought up to date does not stop the writes', async () => {
    let broken = true
    const { store } = await open(({ name }) => (broken && name === 'rename' ? 'EIO' : undefined))
    for (const step of steps) await step(store)
    expect(readFileSync(path(), 'utf8')).to.equal(byHand)
    expect(isStoreError(await thrownBy(() => store.close()), 'UnknownError')).to.equal(true)
    broken = false
    expect(await left()).to.deep.equal(outcome)
  })
})
