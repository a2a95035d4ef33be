import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { can, type Store } from '../../lib/store.js'
import { nodeFileSystem } from '../../stores/files/file-system.js'
import { child } from '../child.js'
import { refusal } from '../refusal.js'
import { opening } from './directory/opening.js'

describe('directory', () => {
  const { path, names, open } = opening()

  it('refuses options that it cannot keep', async () => {
    const wrong: [object, string][] = [
      [{ path: 5 }, 'TypeError'],
      [{ path: '' }, 'TypeError'],
      [{ keep: 'some' }, 'TypeError'],
      [{ keep: -1 }, 'TypeError'],
      [{ maxFile: 'big' }, 'TypeError'],
      [{ durability: 'none' }, 'NotSupportedError'],
      [{ load: 'most' }, 'NotSupportedError'],
      [{ keep: 2, indexes: ['age'] }, 'NotSupportedError'],
      [{ shared: true, readonly: true }, 'NotSupportedError'],
      [{ path: path('no/where') }, 'NotFoundError'],
    ]
    for (const [options, name] of wrong) {
      expect((await refusal(() => open(options))).name, JSON.stringify(options)).to.equal(name)
    }
    expect(names()).to.deep.equal([])
    writeFileSync(path('data'), '')
    expect((await refusal(() => open())).name).to.equal('NotSupportedError')
  })

  it('reads no file before it is needed, and then no other', async () => {
    const first = await open()
    for (const id of [1, 2, 3, 4, 5]) await first.put({ id, n: id })
    await first.close()
    const read: string[] = []
    const fileSystem = {
      ...nodeFileSystem,
      open(path: string, flags: number, mode?: number) {
        if (path.endsWith('.json')) read.push(path.slice(-6))
        return nodeFileSystem.open(path, flags, mode)
      },
    }
    const store = await open({ fileSystem })
    expect(read).to.deep.equal([])
    const both = [store.get(1), store.get(1)]
    expect(await Promise.all(both)).to.deep.equal([
      { id: 1, n: 1 },
      { id: 1, n: 1 },
    ])
    expect(await store.get('none')).to.equal(undefined)
    expect(await store.count('in(id,(2,3,9))&n>2')).to.equal(1)
    expect(read.sort()).to.deep.equal(['1.json', '2.json', '3.json'])
    // what was read is there at once
    expect(store.get(1)).to.deep.equal({ id: 1, n: 1 })
    expect(await store.count()).to.equal(5)
    expect(store.count()).to.equal(5)
    expect(read.length).to.equal(5)
    const all = await (await open({ path: path('data'), fileSystem, readonly: true, load: 'all' })).get(4)
    expect(all).to.deep.equal({ id: 4, n: 4 })
    expect(read.length).to.equal(10)
  })

  it('keeps so many objects, those used last', async () => {
    const store = await open({ keep: 2 })
    for (const id of [1, 2, 3]) await store.put({ id })
    const isThere = (id: number) => !(store.get(id) instanceof Promise)
    await new Promise(resolve => setImmediate(resolve))
    expect([isThere(2), isThere(3), isThere(1)]).to.deep.equal([true, true, false])
    await store.get(1)
    await new Promise(resolve => setImmediate(resolve))
    expect([isThere(1), isThere(3), isThere(2)]).to.deep.equal([true, true, false])
    expect(await store.count()).to.equal(3)
  })

  it('is open once at a time, in this process and others', async () => {
    const store = await open()
    const own = new RegExp(`^InvalidStateError.*data is in use by process ${process.pid}$`)
    expect(String(await refusal(() => open()))).to.match(own)
    expect(String(await refusal(() => open({ shared: true })))).to.match(own)
    await store.close()
    const other = child('stores/directory/holder.ts', path('data'))
    await once(other.stdout, 'data')
    const theirs = new RegExp(`in use by process ${other.pid}$`)
    expect(String(await refusal(() => open()))).to.match(theirs)
    expect(String(await refusal(() => open({ shared: true })))).to.match(theirs)
    other.kill('SIGKILL')
    await once(other, 'exit')
    expect(await (await open()).count()).to.equal(1)
  })

  it('read-only, it touches nothing, beside a writer', async () => {
    const writer = await open()
    await writer.put({ id: 'a', n: 1 })
    const reader = await open({ readonly: true })
    expect(can(reader as Store, 'put')).to.equal(false)
    expect(await reader.get('a')).to.deep.equal({ id: 'a', n: 1 })
    expect(await reader.problems()).to.deep.equal([])
    expect(names()).to.deep.equal(['data'])
    expect(await (await open({ path: path('none'), readonly: true })).count()).to.equal(0)
    expect(names()).to.deep.equal(['data'])
  })

  it('keeps unique what is on the disk, and says when it is not', async () => {
    const first = await open()
    await first.put({ id: 1, code: 'x' })
    await first.put({ id: 2, code: 'x' })
    await first.put({ id: 3, code: 'y' })
    await first.close()
    expect((await refusal(() => open({ indexes: [{ path: 'code', unique: true }] }))).name).to.equal('ConstraintError')
    const store = await open({ indexes: ['code'] })
    expect(store.count('code=x')).to.equal(2)
    await store.close()
    const again = await open()
    again.setSchema({ properties: { code: { unique: true } } })
    expect((await refusal(() => again.put({ id: 4, code: 'y' }))).name).to.equal('ConstraintError')
  })

  it('does not keep its process alive', async () => {
    const other = child('stores/directory/holder.ts', path('data'), 'leave')
    const [code] = await once(other, 'exit')
    expect(code).to.equal(0)
    expect(await (await open()).get(other.pid as number)).to.deep.equal({ id: other.pid })
  })
})
