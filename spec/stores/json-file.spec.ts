import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import { can } from '../../lib/store.js'
import { nodeFileSystem } from '../../stores/files/file-system.js'
import { type JsonFileOptions, jsonFile } from '../../stores/json-file.js'
import { child } from '../child.js'
import { conforms, everything } from '../conformance/index.js'
import { faulty } from '../faults/index.js'
import { oracle } from '../oracle/index.js'
import { type Folder, folder } from './json-file/folder.js'

describe('jsonFile, the laws', () => {
  const { path, clear }: Folder = folder()
  for (const durability of ['strict', 'relaxed'] as const) {
    const open = () => jsonFile({ path: path(), durability })
    const ways = process.env.GATE || durability === 'strict' ? undefined : (['directly'] as const)
    conforms(durability, { open, reopen: open, offers: [...everything, 'lasting'], ways, clean: clear })
  }
  conforms('read-only', {
    open: () => jsonFile({ path: path(), readonly: true }),
    offers: ['get', 'query', 'count', 'setSchema', 'close'],
  })
  oracle('jsonFile', () => jsonFile({ path: path(), compactAt: 2000 }), {
    async reopen(store) {
      await store.close?.()
      const again = await jsonFile({ path: path(), compactAt: 2000 })
      again.setSchema({ properties: { p: { index: true }, u: { unique: true } } })
      return again
    },
    clean: clear,
  })
})

describe('jsonFile', () => {
  const { path, names, text } = folder()
  const refusal = (options: Partial<JsonFileOptions> = {}): Promise<Error> =>
    jsonFile({ path: path(), ...options }).then(
      () => expect.fail('was opened'),
      error => error,
    )

  it('close writes all, and twice is harmless', async () => {
    const store = await jsonFile({ path: path() })
    const put = [1, 2, 3].map(async id => store.put({ id }))
    await Promise.all([store.close(), store.close(), ...put])
    await store.close()
    expect(text()).to.equal('[\n{"id":1},\n{"id":2},\n{"id":3}\n]\n')
    expect(names()).to.deep.equal(['data.json'])
  })

  it('goes from the journal into the file when that has grown', async () => {
    const store = await jsonFile({ path: path(), compactAt: 1000 })
    for (let n = 0; n < 50; n++) await store.put({ id: n % 3, n })
    expect(text().split('\n').length).to.equal(6)
    expect(readFileSync(path('data.json.journal')).length).to.be.lessThan(1200)
    await store.close()
  })

  it('refuses options that it cannot keep', async () => {
    const wrong: [object, string][] = [
      [{ path: 5 }, 'TypeError'],
      [{ path: '' }, 'TypeError'],
      [{ path: 'a\0b' }, 'TypeError'],
      [{ durability: 'none' }, 'NotSupportedError'],
      [{ maxFile: 'big' }, 'TypeError'],
      [{ compactAt: -1 }, 'TypeError'],
    ]
    for (const [options, name] of wrong) expect((await refusal(options)).name, JSON.stringify(options)).to.equal(name)
    expect(names()).to.deep.equal([])
  })

  it('keeps unique what is put at once, before and after a schema says so', async () => {
    const store = await jsonFile({ path: path(), indexes: [{ path: 'code', unique: true }] })
    store.setSchema({ properties: { email: { unique: true } } })
    const outcomes = await Promise.allSettled([
      store.put({ id: 1, email: 'a@x', code: 1 }),
      (async () => store.put({ id: 2, email: 'a@x', code: 2 }))(),
      (async () => store.put({ id: 3, email: 'b@x', code: 1 }))(),
      store.put({ id: 4, email: 'd@x', code: 4 }),
    ])
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
    await store.close()
  })

  it('what is decided of an object is checked against what was decided of it last', async () => {
    const store = await jsonFile({ path: path() })
    await store.put({ id: 1, n: 1 })
    const first = [store.delete(1), store.put({ id: 1, n: 2 })]
    // these two are on their way to the disk
    for (let n = 0; n < 3; n++) await undefined
    const second = store.delete(1)
    await Promise.all(first)
    expect(await Promise.all([second, store.delete(1)])).to.deep.equal([true, false])
    await store.close()
  })

  it('no answer rests on what may still fail', async () => {
    let isFull = false
    const fileSystem = faulty(nodeFileSystem, ({ name }) => (isFull && name === 'write' ? 'ENOSPC' : undefined))
    const store = await jsonFile({ path: path(), fileSystem })
    const outcomes = async (...calls: (() => unknown)[]) =>
      (await Promise.allSettled(calls.map(async call => call()))).map(each =>
        each.status === 'fulfilled' ? each.value : each.reason.name,
      )
    const remove = () => store.delete(1)
    await store.put({ id: 1 })
    expect(await outcomes(remove, remove)).to.deep.equal([true, false])
    await store.put({ id: 1 })
    isFull = true
    // the second waits for the first, which fails, and is then the first itself
    expect(await outcomes(remove, remove)).to.deep.equal(['QuotaExceededError', 'QuotaExceededError'])
    const add = () => store.add({ id: 2 })
    expect(await outcomes(add, add)).to.deep.equal(['QuotaExceededError', 'QuotaExceededError'])
    isFull = false
    expect(await outcomes(add, add, remove)).to.deep.equal([2, 'ConstraintError', true])
    await store.close()
  })

  it('refuses what would make the file too large to be opened again', async () => {
    const store = await jsonFile({ path: path(), maxFile: 2000 })
    const text = 'x'.repeat(500)
    for (const id of [1, 2, 3]) await store.put({ id, text })
    const error = await Promise.resolve(store.put({ id: 4, text })).catch(reason => reason)
    expect(isStoreError(error, 'QuotaExceededError'), String(error)).to.equal(true)
    expect(store.get(4)).to.equal(undefined)
    for (let times = 0; times < 100; times++) {
      await store.delete(1)
      await store.put({ id: 1, text: times % 2 ? text : '' })
      expect(statSync(path()).size + statSync(path('data.json.journal')).size).to.be.at.most(2100)
    }
    await store.delete(1)
    await store.put({ id: 4, text })
    await store.close()
    const again = await jsonFile({ path: path(), maxFile: 2000 })
    expect([...again.query()].map(({ id }) => id)).to.deep.equal([2, 3, 4])
    await again.close()
    expect(isStoreError(await refusal({ maxFile: 1000 }), 'QuotaExceededError')).to.equal(true)
  })

  it('is open once at a time, in this process and others', async () => {
    const store = await jsonFile({ path: path() })
    expect(String(await refusal())).to.match(
      new RegExp(`^InvalidStateError.*data.json is in use by process ${process.pid}`),
    )
    await store.close()
    const other = child('stores/json-file/holder.ts', path(), 'wait')
    await once(other.stdout, 'data')
    expect(String(await refusal())).to.match(new RegExp(`in use by process ${other.pid}`))
    other.kill('SIGKILL')
    await once(other, 'exit')
    const again = await jsonFile({ path: path() })
    expect([...again.query()]).to.deep.equal([{ id: other.pid }])
    await again.close()
  })

  it('does not keep its process alive', async () => {
    const other = child('stores/json-file/holder.ts', path())
    const [code] = await once(other, 'exit')
    expect(code).to.equal(0)
    const store = await jsonFile({ path: path() })
    expect(store.get(other.pid as number)).to.deep.equal({ id: other.pid })
    await store.close()
  })

  it('read-only, it touches nothing, beside a writer and others', async () => {
    const writer = await jsonFile({ path: path(), compactAt: 100 })
    for (let id = 0; id < 20; id++) {
      await writer.put({ id })
      const before = names()
      const readers = await Promise.all([1, 2].map(() => jsonFile({ path: path(), readonly: true })))
      for (const reader of readers) expect(reader.count()).to.equal(id + 1)
      expect(readers.some(reader => can(reader as never, 'put'))).to.equal(false)
      for (const reader of readers) await reader.close()
      expect(names()).to.deep.equal(before)
    }
    await writer.close()
  })

  it('read-only, it sees one state while another process writes', async () => {
    const writer = await jsonFile({ path: path(), compactAt: 100, durability: 'relaxed' })
    let writing = true
    const written = (async () => {
      for (let n = 0; writing; n++) {
        const tx = await writer.transaction()
        await tx.put?.({ id: 1, n, text: 'x'.repeat(n % 200) })
        await tx.put?.({ id: 2, n })
        await tx.commit()
      }
    })()
    let last = -1
    for (let turn = 0; turn < 200; turn++) {
      const reader = await jsonFile({ path: path(), readonly: true })
      const [one, two] = [reader.get(1), reader.get(2)]
      expect(one?.n).to.equal(two?.n)
      expect(Number(one?.n ?? -1)).to.be.at.least(last)
      last = Number(one?.n ?? -1)
    }
    writing = false
    await written
    await writer.close()
  })

  it('does not write over what somebody else changed while it was open', async () => {
    writeFileSync(path(), '[{"id":1,"by":"us"}]')
    const store = await jsonFile({ path: path() })
    await store.put({ id: 2, by: 'us' })
    const edited = '[{"id":1,"by":"somebody else"}]'
    writeFileSync(path(), edited)
    const error = await Promise.resolve(store.close()).catch(reason => reason)
    expect(isStoreError(error, 'InvalidStateError')).to.equal(true)
    expect(String(error)).to.match(/changed by somebody else while it was open.*1 acknowledged.*safe in its journal/)
    expect(readFileSync(path(), 'utf8')).to.equal(edited)
    expect(String(await refusal())).to.match(/CorruptError.*not the file that its journal belongs to/)
    expect(names()).to.deep.equal(['data.json', 'data.json.journal'])
  })

  it('refuses writes once it has seen that the file is not its own any more, and still reads', async () => {
    const store = await jsonFile({ path: path(), compactAt: 0 })
    await store.put({ id: 1 })
    writeFileSync(path(), '[]')
    for (const id of [2, 3]) {
      const error = await Promise.resolve(store.put({ id })).catch(reason => reason)
      expect(isStoreError(error, 'InvalidStateError'), String(error)).to.equal(true)
    }
    expect([...store.query()]).to.deep.equal([{ id: 1 }])
    expect(readFileSync(path(), 'utf8')).to.equal('[]')
    await Promise.resolve(store.close()).catch(() => {})
  })
})
