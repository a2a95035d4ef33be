import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import { Datastore, DatastoreError } from '../../models/datastore.js'
import { memory } from '../../stores/memory.js'
import { type Documents, opening, refusal } from './datastore/open.js'

describe('datastore', () => {
  const { open, path } = opening()

  it('counts the writes of a document from 0, and gives it as it is stored', async () => {
    const datastore = await open()
    expect(await datastore.setItem('a', { n: 1, _rev: 7 })).to.deep.equal({ _rev: 0, n: 1 })
    expect(await datastore.setItem('a', { n: 2, _rev: 0 })).to.deep.equal({ _rev: 1, n: 2 })
    expect(await datastore.setItem('a', { n: 3 }, { checkConsistency: false })).to.deep.equal({ _rev: 2, n: 3 })
    expect(await datastore.setItem('a', { n: 4, _rev: 0 }, { checkConsistency: false })).to.deep.equal({
      _rev: 3,
      n: 4,
    })
    expect(await datastore.getItem('a')).to.deep.equal({ _rev: 3, n: 4 })
    expect(await datastore.hasItem('a')).to.equal(true)
    expect(await datastore.hasItem('b')).to.equal(false)
  })

  it('refuses what is stale, with the code CONFLICT, and changes nothing', async () => {
    const datastore = await open()
    const first = await datastore.setItem('a', { n: 1 })
    await datastore.setItem('a', { ...first, n: 2 })
    for (const stale of [first, { n: 3 }, { n: 3, _rev: 2 }]) {
      const error = await refusal(datastore.setItem('a', stale))
      expect(error).to.be.instanceOf(DatastoreError)
      expect(error.code).to.equal('CONFLICT')
      expect(error.id).to.equal('a')
      expect(isStoreError(error, 'PreconditionFailedError')).to.equal(true)
    }
    expect((await refusal(datastore.deleteItem('a', { _rev: 0 }))).code).to.equal('CONFLICT')
    expect((await refusal(datastore.deleteItem('b', { _rev: 0 }))).code).to.equal('CONFLICT')
    expect(await datastore.getItem('a')).to.deep.equal({ _rev: 1, n: 2 })
    expect(await datastore.deleteItem('a', { _rev: 1 })).to.equal('a')
    expect(await datastore.deleteItem('a')).to.equal('a')
  })

  for (const [where, options] of [
    ['in a directory', {}],
    ['in a store', { store: true }],
  ] as const) {
    it(`goes on counting where a document was deleted, ${where}`, async () => {
      const given = 'store' in options ? { store: memory() } : {}
      const datastore = await open(given)
      const old = await datastore.setItem('a', { n: 1 })
      await datastore.updateItem('a', document => ({ ...document, n: 2 }))
      await datastore.deleteItem('a')
      expect(await datastore.getItem('a')).to.equal(null)
      expect((await datastore.queryKeys()).items).to.deep.equal([])
      expect((await refusal(datastore.setItem('a', old))).code).to.equal('CONFLICT')
      expect(await datastore.setItem('a', { n: 3 })).to.deep.equal({ _rev: 2, n: 3 })
      await datastore.deleteItem('a')
      if (!('store' in options)) await datastore.close()
      const again = 'store' in options ? datastore : await open()
      expect(await again.setItem('a', { n: 4 })).to.deep.equal({ _rev: 3, n: 4 })
      await again.deleteItem('a')
      expect(await again.compact()).to.equal(1)
      expect(await again.setItem('a', { n: 5 })).to.deep.equal({ _rev: 0, n: 5 })
    })
  }

  it('refuses what is no document, key or option, with the code ASSERTION', async () => {
    const datastore = await open()
    class Point {}
    const bad = [
      null,
      undefined,
      5,
      'text',
      [],
      new Date(),
      new Point(),
      { f() {} },
      { n: Number.NaN },
      { _rev: 1.5 },
      { _rev: -1 },
      { _rev: '1' },
    ]
    for (const document of bad) {
      expect((await refusal(datastore.setItem('a', document as never))).code, String(document)).to.equal('ASSERTION')
      expect((await refusal(datastore.updateItem('a', () => document as never))).code).to.equal('ASSERTION')
    }
    for (const key of [5, undefined, null, '', 'a\u0000', '\ud800', 'x'.repeat(1025)]) {
      expect((await refusal(datastore.setItem(key as never, {}))).code, String(key)).to.equal('ASSERTION')
    }
    expect((await refusal(datastore.updateItem('a', undefined as never))).code).to.equal('ASSERTION')
    expect((await refusal(datastore.queryKeys({ limit: 0 }))).code).to.equal('ASSERTION')
    expect((await refusal(datastore.queryKeys({ inclusiveStartIndex: -1 }))).code).to.equal('ASSERTION')
    expect((await refusal(datastore.queryKeys({ cursor: 'x' }))).code).to.equal('ASSERTION')
    expect((await refusal(datastore.queryView('none'))).code).to.equal('ASSERTION')
    expect(() => datastore.setView('v', {} as never)).to.throw(DatastoreError, 'map')
    expect((await refusal(datastore.setItems(5 as never))).code).to.equal('ASSERTION')
    expect((await refusal(datastore.getItems(5 as never))).code).to.equal('ASSERTION')
    expect((await refusal(open({ load: 'some' as never }))).code).to.equal('NotSupportedError')
    expect(() => new Datastore({} as never)).to.throw(DatastoreError, 'directory')
    expect((await datastore.queryKeys()).items).to.deep.equal([])
  })

  it('any text is a key, and any value of the domain a value, after a restart too', async () => {
    const keys = [
      'a/b',
      '..',
      '../../evil',
      '__proto__',
      'CON',
      'User:4',
      'user:4',
      '5',
      '05',
      'é',
      '海'.repeat(300),
      '.json',
    ]
    const document = {
      ['__proto__']: 1,
      id: 'mine',
      1: 'one',
      at: new Date(0),
      big: 5n,
      bytes: new Uint8Array([1]),
    }
    const datastore = await open()
    for (const key of keys) await datastore.setItem(key, { ...document, key })
    await datastore.close()
    const again = await open()
    for (const key of keys) expect(await again.getItem(key), key).to.deep.equal({ _rev: 0, ...document, key })
    expect((await again.queryKeys({ limit: 100 })).items.map(({ key }) => key)).to.deep.equal([...keys].sort())
    expect((await again.getItems(['05', '5']))[1]).to.include({ key: '5' })
  })

  it('gives and keeps copies', async () => {
    const datastore = await open()
    const given = { list: [1] }
    const writing = datastore.setItem('a', given)
    given.list.push(2)
    const saved = await writing
    ;(saved.list as number[]).push(3)
    const add = (document: Documents[string] | null, number: number) => {
      if (document) (document.list as number[]).push(number)
      return { ...document }
    }
    add(await datastore.getItem('a'), 4)
    await datastore.updateItem('a', document => add(document, 5))
    expect(await datastore.getItem('a')).to.deep.equal({ _rev: 1, list: [1, 5] })
  })

  it('20 concurrent updates of one document are 20, also where they take their time', async () => {
    const datastore = await open()
    const adding = Array.from({ length: 20 }, (_, at) =>
      datastore.updateItem('a', async document => {
        if (at % 2) await new Promise(resolve => setImmediate(resolve))
        return { n: (document?.n ?? 0) + 1 }
      }),
    )
    expect((await Promise.all(adding)).map(({ n }) => n)).to.deep.equal(Array.from({ length: 20 }, (_, at) => at + 1))
    expect(await datastore.getItem('a')).to.deep.equal({ _rev: 19, n: 20 })
  })

  it('an update that says a stale revision is a conflict, not an endless repetition', async () => {
    const datastore = await open()
    await datastore.setItem('a', { n: 1 })
    let calls = 0
    const stale = () => ({ n: ++calls, _rev: 5 })
    expect((await refusal(datastore.updateItem('a', stale))).code).to.equal('CONFLICT')
    expect(calls).to.equal(1)
    expect(await datastore.updateItem('a', () => ({ n: 2, _rev: 5 }), { checkConsistency: false })).to.include({ n: 2 })
  })

  it('several are stored together or not at all, and read from one moment', async () => {
    const datastore = await open()
    const [a] = await datastore.setItems([
      ['a', { n: 1 }],
      ['b', { n: 2 }],
    ])
    expect(a).to.deep.equal({ _rev: 0, n: 1 })
    const stale = new Map([
      ['a', { n: 3, _rev: 0 }],
      ['b', { n: 3 }],
    ])
    const error = await refusal(datastore.setItems(stale))
    expect([error.code, error.id]).to.deep.equal(['CONFLICT', 'b'])
    expect(await datastore.getItems(['b', 'c', 'a', 'a'])).to.deep.equal([
      { _rev: 0, n: 2 },
      null,
      { _rev: 0, n: 1 },
      { _rev: 0, n: 1 },
    ])
    expect(
      await datastore.setItems([
        ['a', { n: 4, _rev: 0 }],
        ['a', { n: 5, _rev: 1 }],
      ]),
    ).to.have.length(2)
    expect(await datastore.getItem('a')).to.deep.equal({ _rev: 2, n: 5 })
  })

  it('tells of changes in a range', async () => {
    const datastore = await open()
    const end = new AbortController()
    const changes = datastore.subscribe({ startKey: 'user:', endKey: 'user:\uffff', signal: end.signal })
    await datastore.setItem('user:1', { n: 1 })
    await datastore.setItem('post:1', { n: 1 })
    await datastore.updateItem('user:1', document => ({ ...document, n: 2 }))
    await datastore.deleteItem('user:1')
    const told: unknown[] = []
    for await (const change of changes) {
      told.push(change)
      if (told.length === 3) end.abort()
    }
    const [first, second] = [
      { _rev: 0, n: 1 },
      { _rev: 1, n: 2 },
    ]
    expect(told).to.deep.equal([
      { type: 'put', key: 'user:1', document: first },
      { type: 'put', key: 'user:1', document: second, previous: first },
      { type: 'delete', key: 'user:1', previous: second },
    ])
  })

  it('loads by itself, once, and is over when it is closed', async () => {
    const datastore = new Datastore({ directory: path('') })
    const told = datastore.subscribe()[Symbol.asyncIterator]().next()
    await Promise.all([datastore.setItem('a', {}), datastore.load(), datastore.getItem('b')])
    expect((await told).value).to.deep.include({ type: 'put', key: 'a' })
    expect((await refusal(new Datastore({ directory: path('') }).load())).message).to.match(/process \d+.*shared: true/)
    await Promise.all([datastore.close(), datastore.close()])
    for (const work of [
      datastore.getItem('a'),
      datastore.setItem('b', {}),
      datastore.queryKeys(),
      datastore.compact(),
    ]) {
      expect((await refusal(work)).code).to.equal('InvalidStateError')
    }
    await new Datastore({ directory: path('') }).close()
  })
})
