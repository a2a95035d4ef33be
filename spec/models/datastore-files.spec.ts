import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Datastore, DocumentChange } from '../../models/datastore.js'
import { type Documents, opening, refusal } from './datastore/open.js'

describe('datastore, files', () => {
  const { open, path, names, text } = opening()

  /** The next changes: of a datastore whose files others write to, they are known when they are told. */
  function following(datastore: Datastore<Documents>) {
    const changes = datastore.subscribe()[Symbol.asyncIterator]()
    return async () => (await changes.next()).value as DocumentChange<Documents[string]>
  }

  it('are those of the documents, indented, the revision first, and go with them', async () => {
    const datastore = await open()
    await datastore.setItem('user:123', { name: 'Ada', id: 'mine' })
    await datastore.updateItem('user:123', document => ({ ...document, n: 1 }))
    expect(text('user%3A123.json')).to.equal('{\n  "_rev": 1,\n  "name": "Ada",\n  "id": "mine",\n  "n": 1\n}\n')
    const long = 'key '.repeat(200)
    await datastore.setItem(long, { n: 2 })
    expect(names()).to.have.length(2)
    await datastore.deleteItem('user:123')
    await datastore.deleteItem(long)
    expect(names()).to.deep.equal(['.deleted'])
    await datastore.setItem('user:123', {})
    expect(names()).to.deep.equal(['.deleted', 'user%3A123.json'])
    expect(await datastore.compact()).to.equal(2)
    await datastore.close()
    expect(await (await open()).getItem('user:123')).to.deep.equal({ _rev: 2 })
  })

  it('that others write, change and remove are noticed, by who reads, asks views and follows', async () => {
    const datastore = await open()
    datastore.setView('names', { map: (document, emit) => emit(document.name) })
    expect((await datastore.queryView('names')).items).to.deep.equal([])
    const next = following(datastore)
    writeFileSync(path('user%3A1.json'), '{ "name": "Ada" }')
    expect(await next()).to.deep.equal({ type: 'put', key: 'user:1', document: { _rev: 0, name: 'Ada' } })
    expect(await datastore.updateItem('user:1', document => ({ ...document, n: 1 }))).to.deep.equal({
      _rev: 1,
      name: 'Ada',
      n: 1,
    })
    await next()
    writeFileSync(path('user%3A1.json'), text('user%3A1.json').replace('Ada', 'Grace'))
    expect(await next()).to.have.nested.property('document.name', 'Grace')
    const { items } = await datastore.queryView('names', { includeDocuments: true })
    expect(items).to.deep.equal([
      { key: 'Grace', value: null, documentKey: 'user:1', document: { _rev: 1, name: 'Grace', n: 1 } },
    ])
    unlinkSync(path('user%3A1.json'))
    expect(await next()).to.include({ type: 'delete', key: 'user:1' })
    expect(await datastore.getItem('user:1')).to.equal(null)
    expect((await datastore.queryView('names')).items).to.deep.equal([])
  })

  it('whatever a hand writes for a revision is one, or none', async () => {
    for (const [name, said] of Object.entries({ a: '"5"', b: '-3', c: '1.5', d: 'null', e: '{}', f: '7' })) {
      writeFileSync(path(`${name}.json`), `{ "n": 1, "_rev": ${said} }`)
    }
    const datastore = await open()
    const found = await datastore.getItems(['a', 'b', 'c', 'd', 'e', 'f'])
    expect(found.map(document => document?._rev)).to.deep.equal([0, 0, 0, 0, 0, 7])
    expect(await datastore.setItem('a', { n: 2, _rev: 0 })).to.deep.equal({ _rev: 1, n: 2 })
  })

  it('one that nobody can read is in nobody’s way, is listed, and is not written over', async () => {
    const warned: string[] = []
    writeFileSync(path('good.json'), '{ "n": 1 }')
    writeFileSync(path('torn.json'), '{ "n": 1')
    writeFileSync(path('list.json'), '[1]')
    writeFileSync(path('%ff.json'), '{}')
    writeFileSync(path('notes.txt'), 'mine')
    mkdirSync(path('folder.json'))
    const datastore = await open({ logger: { warn: message => warned.push(message) } })
    const bad = ['%ff.json', 'folder.json', 'list.json', 'torn.json']
    expect(datastore.loadErrors.map(({ name }) => name)).to.deep.equal(bad)
    expect(datastore.loadErrors.map(({ key }) => key)).to.deep.equal([undefined, 'folder', 'list', 'torn'])
    expect(warned).to.have.length(4)
    expect(warned[3]).to.match(/^torn\.json is not served: .*torn\.json, line 1, column/)
    expect((await datastore.queryKeys()).items.map(({ key }) => key)).to.deep.equal(['good'])
    expect((await refusal(datastore.getItem('torn'))).code).to.equal('CorruptError')
    expect((await refusal(datastore.setItem('torn', {}))).code).to.equal('CorruptError')
    expect(readFileSync(path('torn.json'), 'utf8')).to.equal('{ "n": 1')
    const next = following(datastore)
    writeFileSync(path('torn.json'), '{ "n": 2 }')
    expect(await next()).to.deep.include({ type: 'put', key: 'torn' })
    expect(await datastore.setItem('torn', { n: 3, _rev: 0 })).to.deep.equal({ _rev: 1, n: 3 })
    await datastore.close()
    const error = await refusal(open({ strict: true }))
    expect([error.code, error.message]).to.satisfy(
      ([code, message]: string[]) =>
        code === 'CorruptError' && message?.startsWith('%ff.json, folder.json, list.json cannot be served'),
    )
    unlinkSync(path('%ff.json'))
  })

  it('the folder of what was deleted is looked at with suspicion', async () => {
    mkdirSync(path('.deleted'))
    writeFileSync(path('.deleted/a.json'), 'mine')
    writeFileSync(path('.deleted/b.json'), '{ "key": "c", "_rev": -5 }')
    writeFileSync(path('.deleted/d.json'), '{ "key": "d", "_rev": -5 }')
    const datastore = await open()
    const saved = await datastore.setItems(['a', 'b', 'c', 'd'].map(key => [key, {}]))
    expect(saved.map(({ _rev }) => _rev)).to.deep.equal([0, 0, 0, 5])
    await datastore.close()
    rmSync(path('.deleted'), { recursive: true })
    symlinkSync('/dev/shm', path('.deleted'))
    expect((await refusal(open())).message).to.match(/\.deleted is no directory/)
  })

  for (const options of [{ load: 'lazy' }, { keep: 2 }, { keep: 'none' }] as const) {
    it(`may stay on the disk: ${JSON.stringify(options)}`, async () => {
      const first = await open()
      for (let n = 0; n < 10; n++) await first.setItem(`k${n}`, { n })
      await first.close()
      const datastore = await open(options)
      expect(datastore.loadErrors).to.deep.equal([])
      expect(await datastore.getItem('k3')).to.deep.equal({ _rev: 0, n: 3 })
      datastore.setView('n', { map: (document, emit) => emit(document.n), reduce: 'sum' })
      expect(
        (await datastore.queryView('n', { startKey: 8, includeDocuments: true })).items.map(
          ({ document }) => document.n,
        ),
      ).to.deep.equal([8, 9])
      await Promise.all(
        Array.from({ length: 10 }, (_, at) => datastore.updateItem(`k${at}`, document => ({ ...document, n: 20 }))),
      )
      await datastore.deleteItem('k0')
      expect((await datastore.queryView('n', { key: 20, limit: 20 })).items).to.have.length(9)
      expect((await datastore.queryKeys({ limit: 20 })).items).to.have.length(9)
      expect(await datastore.getItems(['k9', 'k0'])).to.deep.equal([{ _rev: 1, n: 20 }, null])
    })
  }

  it('a backup is a whole directory of one moment, made while others write', async () => {
    const datastore = await open()
    const pair = (n: number) =>
      [
        ['a', { n }],
        ['b', { n }],
      ] as const
    await datastore.setItem('gone', {})
    await datastore.deleteItem('gone')
    for (const key of ['x', 'y', 'z']) await datastore.setItem(key, { key })
    let writing = true
    const writer = (async () => {
      for (let n = 0; writing; n++) await datastore.setItems(pair(n), { checkConsistency: false })
    })()
    for (let round = 0; round < 3; round++) await datastore.backup(path(`backup${round}`))
    writing = false
    await writer
    expect((await refusal(datastore.backup(path('backup0')))).code).to.equal('ASSERTION')
    await datastore.close()
    for (let round = 0; round < 3; round++) {
      const copy = await open({ directory: path(`backup${round}`) })
      const [a, b, x] = await copy.getItems(['a', 'b', 'x'])
      expect(a).to.deep.equal(b)
      expect(x).to.deep.equal({ _rev: 0, key: 'x' })
      expect(await copy.setItem('gone', {})).to.deep.equal({ _rev: 1 })
    }
    expect(existsSync(path('backup0/x.json'))).to.equal(true)
  })
})
