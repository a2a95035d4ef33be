import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { immediateFileSystem } from '../../models/datastore/immediate-file-system.js'
import type { Datastore } from '../../models/datastore.js'
import { type Call, type Fault, faulty } from '../faults/index.js'
import { type Documents, opening, refusal } from './datastore/open.js'

const all: Fault[] = ['ENOSPC', 'EIO', 'EACCES', 'EMFILE', 'short', 'none', 'full']
const faults = process.env.GATE ? all : all.slice(0, 1)

describe('datastore, when the disk fails', () => {
  const { open, path } = opening()
  let failing: (call: Call) => Fault | undefined = () => undefined
  const fileSystem = faulty(immediateFileSystem({ relaxed: true }), call => failing(call))
  afterEach(() => {
    failing = () => undefined
  })

  function onDisk(): Record<string, string> {
    const files = readdirSync(path('')).filter(name => name.endsWith('.json'))
    return Object.fromEntries(files.map(name => [name, readFileSync(path(name), 'utf8')]))
  }

  async function inMemory(datastore: Datastore<Documents>): Promise<unknown> {
    const { items } = await datastore.queryKeys({ includeDocuments: true })
    return [items, await datastore.getItems(['a', 'b']), (await datastore.queryView('n')).items]
  }

  const writes: [name: string, work: (datastore: Datastore<Documents>) => Promise<unknown>][] = [
    ['setItem', datastore => datastore.setItem('a', { n: 2, _rev: 0 })],
    ['setItem of a new one', datastore => datastore.setItem('b', { n: 2 })],
    ['updateItem', datastore => datastore.updateItem('a', document => ({ ...document, n: 2 }))],
    ['deleteItem', datastore => datastore.deleteItem('a')],
    [
      'setItems',
      datastore =>
        datastore.setItems([
          ['a', { n: 2, _rev: 0 }],
          ['b', { n: 2 }],
        ]),
    ],
  ]

  for (const [name, work] of writes) {
    it(`a ${name} that fails leaves memory, disk, views and locks as they were, and can be tried again`, async () => {
      for (const durability of ['relaxed', 'strict'] as const) {
        for (const fault of faults) await sweep(durability, fault)
      }
      async function sweep(durability: 'relaxed' | 'strict', fault: Fault): Promise<void> {
        const directory = path(`${durability}-${fault}`)
        const datastore = await open({ directory, durability, fileSystem })
        datastore.setView('n', { map: (document, emit) => emit(document.n) })
        let done = false
        for (let at = 1; !done && at < 60; at++) {
          await datastore.setItem('a', { n: 1 }, { checkConsistency: false })
          await datastore.deleteItem('b')
          await datastore.compact()
          const { _rev = 0 } = (await datastore.getItem('a')) ?? {}
          const before = await inMemory(datastore)
          let calls = 0
          failing = () => (++calls === at ? fault : undefined)
          const error = await work(adapted(datastore, _rev)).then(
            () => undefined,
            reason => reason,
          )
          done = calls < at
          failing = () => undefined
          // a short write is written on
          if (error === undefined || error.name === 'OutcomeUnknownError') continue
          expect(error.code, `${name}, call ${at}: ${error.message}`).to.be.a('string')
          expect(await inMemory(datastore), `${name}, call ${at}, ${error.message}`).to.deep.equal(before)
          await datastore.setItem('a', { n: 3, _rev })
        }
        expect(done).to.equal(true)
        await datastore.close()
      }
    })
  }

  it('says with which code the disk refused, and the files are as they were', async () => {
    const datastore = await open({ fileSystem })
    await datastore.setItem('a', { n: 1 })
    const before = onDisk()
    failing = ({ name }) => (name === 'write' ? 'ENOSPC' : undefined)
    expect((await refusal(datastore.setItem('a', { n: 2, _rev: 0 }))).code).to.equal('ENOSPC')
    expect((await refusal(datastore.deleteItem('a'))).code).to.equal('ENOSPC')
    failing = ({ name, path }) => (name === 'unlink' && path.endsWith('a.json') ? 'EIO' : undefined)
    expect((await refusal(datastore.deleteItem('a'))).code).to.equal('EIO')
    failing = () => undefined
    expect(onDisk()).to.deep.equal(before)
    expect(await datastore.getItem('a')).to.deep.equal({ _rev: 0, n: 1 })
    await datastore.deleteItem('a')
    expect(onDisk()).to.deep.equal({})
  })
})

/** The work as if the document were at revision 0. */
function adapted(datastore: Datastore<Documents>, _rev: number): Datastore<Documents> {
  const at = (document: Documents[string]) => ('_rev' in document ? { ...document, _rev } : document)
  return {
    setItem: (key: string, document: Documents[string]) => datastore.setItem(key, at(document)),
    updateItem: datastore.updateItem.bind(datastore),
    deleteItem: datastore.deleteItem.bind(datastore),
    setItems: (items: [string, Documents[string]][]) => datastore.setItems(items.map(([key, each]) => [key, at(each)])),
  } as never
}
