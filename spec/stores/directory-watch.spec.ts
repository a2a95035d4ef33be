import { mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Change, Store } from '../../lib/store.js'
import { type DirectoryOptions, directory } from '../../stores/directory.js'
import { folder } from './json-file/folder.js'

describe('directory, watched', () => {
  const { path } = folder()
  const file = (name: string) => path(`data/${name}.json`)

  async function open(options: Partial<DirectoryOptions> = {}) {
    const store = await directory({ path: path('data'), watch: true, ...options })
    return Object.assign(follow(store), { store })
  }

  function follow(store: Store): { next(): Promise<Change> } {
    const changes = store.subscribe?.()[Symbol.asyncIterator]() as AsyncIterator<Change>
    return { next: async () => (await changes.next()).value }
  }

  it('what others make, edit in place, replace and remove is read, and told', async () => {
    const { store, next } = await open()
    writeFileSync(file('a'), '{"id":"a","n":1}')
    expect(await next()).to.deep.equal({ type: 'put', id: 'a', object: { id: 'a', n: 1 } })
    expect(store.get('a')).to.deep.equal({ id: 'a', n: 1 })
    writeFileSync(file('a'), '{"n":2}')
    const previous = { id: 'a', n: 1 }
    expect(await next()).to.deep.equal({ type: 'put', id: 'a', object: { id: 'a', n: 2 }, previous })
    writeFileSync(path('other'), '{"id":"a","n":3}')
    renameSync(path('other'), file('a'))
    expect(await next()).to.have.deep.property('object', { id: 'a', n: 3 })
    expect(store.get('a')).to.deep.equal({ id: 'a', n: 3 })
    unlinkSync(file('a'))
    expect(await next()).to.deep.equal({ type: 'delete', id: 'a', previous: { id: 'a', n: 3 } })
    expect(store.get('a')).to.equal(undefined)
    await store.close()
  })

  it('what the store writes itself is told once', async () => {
    const { store, next } = await open({ keep: 'none' })
    for (const n of [1, 2, 3]) {
      await store.put({ id: 'a', n })
      expect((await next()).object).to.deep.equal({ id: 'a', n })
    }
    await store.delete('a')
    expect((await next()).type).to.equal('delete')
    // had anything been told twice, it would come before this
    writeFileSync(file('b'), '{}')
    expect((await next()).id).to.equal('b')
    await store.close()
  })

  it('a file that is being written is not told before it can be read', async () => {
    const { store, next } = await open()
    await store.put({ id: 'a', n: 1 })
    await next()
    writeFileSync(file('a'), '{"id":"a","n"')
    writeFileSync(file('b'), '{}')
    expect((await next()).id).to.equal('b')
    expect(store.get('a')).to.deep.equal({ id: 'a', n: 1 })
    writeFileSync(file('a'), '{"id":"a","n":2}')
    expect((await next()).object).to.deep.equal({ id: 'a', n: 2 })
    // the same again, only newer
    utimesSync(file('a'), 1, 1)
    writeFileSync(file('a'), '{ "id": "a", "n": 2 }')
    writeFileSync(file('b'), '{"n":2}')
    expect((await next()).id).to.equal('b')
    expect(await store.put({ id: 'a', n: 3 })).to.equal('a')
    await store.close()
  })

  it('a directory full at once, and removed', async () => {
    const { store, next } = await open()
    for (let n = 0; n < 300; n++) writeFileSync(file(`${n}`), `{"n":${n}}`)
    const ids = new Set<unknown>()
    while (ids.size < 300) ids.add((await next()).id)
    expect(await store.count()).to.equal(300)
    rmSync(path('data'), { recursive: true })
    mkdirSync(path('data'))
    while (ids.size > 0) ids.delete((await next()).id)
    expect(await store.count()).to.equal(0)
    await store.close()
  })

  it('of those who share it, each is told what the others write', async () => {
    const [one, two] = [await open({ shared: true }), await open({ shared: true })]
    await one.store.put({ id: 'a', n: 1 })
    await one.next()
    expect(await two.next()).to.deep.equal({ type: 'put', id: 'a', object: { id: 'a', n: 1 } })
    expect(await two.store.get('a')).to.deep.equal({ id: 'a', n: 1 })
    await two.store.put({ id: 'a', n: 2 })
    const expected = { type: 'put', id: 'a', object: { id: 'a', n: 2 }, previous: { id: 'a', n: 1 } }
    expect(await two.next()).to.deep.equal(expected)
    expect(await one.next()).to.deep.equal(expected)
    await one.store.delete('a')
    await one.next()
    expect(await two.next()).to.deep.equal({ type: 'delete', id: 'a', previous: { id: 'a', n: 2 } })
    await two.store.close()
    await one.store.close()
    expect(readFileSync(path('data/.holdfast-writer')).length).to.equal(16)
  })
})
