import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { expect } from 'chai'
import { can, type Store } from '../../lib/store.js'
import { type DirectoryOptions, directory } from '../../stores/directory.js'
import { nodeFileSystem } from '../../stores/files/file-system.js'
import { child } from '../child.js'
import { folder } from './json-file/folder.js'

describe('directory', () => {
  const { path, names } = folder()
  const file = (name = 'a.json') => path(`data/${name}`)
  const stores: Store[] = []
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close?.()
  })
  async function open(options: Partial<DirectoryOptions> = {}) {
    const store = await directory({ path: path('data'), ...options })
    stores.push(store)
    return store
  }

  const refusal = async (work: () => unknown): Promise<Error> =>
    (async () => work())().then(
      () => expect.fail('was done'),
      error => error,
    )

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

  it('follows no link, reads nothing that is no file, and writes over neither', async () => {
    await (await open()).close()
    writeFileSync(path('secret'), '{"secret":true}')
    symlinkSync(path('secret'), file('link.json'))
    linkSync(path('secret'), file('hard.json'))
    mkdirSync(file('folder.json'))
    execFileSync('mkfifo', [file('pipe.json')])
    const store = await open()
    await store.put({ id: 'a' })
    for (const id of ['link', 'hard', 'folder', 'pipe']) {
      for (const call of [() => store.get(id), () => store.put({ id }), () => store.delete(id)]) {
        expect((await refusal(call)).name, id).to.equal('NotSupportedError')
      }
    }
    expect(await store.count()).to.equal(1)
    expect((await store.problems()).map(({ name }) => name)).to.deep.equal([
      'folder.json',
      'hard.json',
      'link.json',
      'pipe.json',
    ])
    // put there while the store is open
    symlinkSync(path('secret'), file('late.json'))
    expect((await refusal(() => store.put({ id: 'late' }))).name).to.equal('NotSupportedError')
    expect(readFileSync(path('secret'), 'utf8')).to.equal('{"secret":true}')
  })

  it('the directory itself may be a link', async () => {
    mkdirSync(path('real'))
    symlinkSync(path('real'), path('data'))
    await (await open()).put({ id: 'a' })
    expect(existsSync(path('real/a.json'))).to.equal(true)
    expect(String(await refusal(() => open({ path: path('real') })))).to.match(/in use/)
  })

  it('keeps the mode of a file, and gives a new one to its owner alone', async () => {
    const store = await open()
    await store.put({ id: 'a' })
    expect(statSync(file()).mode & 0o777).to.equal(0o600)
    await store.close()
    chmodSync(file(), 0o664)
    await (await open()).put({ id: 'a', n: 1 })
    expect(statSync(file()).mode & 0o777).to.equal(0o664)
  })

  it('gives a file of another name its own name when it writes it', async () => {
    await (await open()).close()
    writeFileSync(file('User.json'), '{"id":"User","n":1}')
    writeFileSync(file('Gone.json'), '{}')
    const store = await open()
    await store.put({ id: 'User', n: 2 })
    await store.delete('Gone')
    await store.close()
    expect(names(), 'nothing else').to.deep.equal(['data'])
    expect(existsSync(file('User.json')) || existsSync(file('Gone.json'))).to.equal(false)
    const again = await open()
    expect(await again.get('User')).to.deep.equal({ id: 'User', n: 2 })
    expect(await again.count()).to.equal(1)
  })

  it('does not write over what somebody else changed while it was open, and then sees it', async () => {
    const store = await open()
    await store.put({ id: 'a', by: 'us' })
    writeFileSync(file(), '{"by":"somebody else"}')
    const edited = await refusal(() => store.put({ id: 'a', by: 'us again' }))
    expect(String(edited)).to.match(/^InvalidStateError: .*a\.json was changed by somebody else/)
    expect(await store.get('a')).to.deep.equal({ id: 'a', by: 'somebody else' })
    await store.put({ id: 'a', by: 'us again' })
    unlinkSync(file())
    expect((await refusal(() => store.delete('a'))).name).to.equal('InvalidStateError')
    expect(await store.delete('a')).to.equal(false)
    writeFileSync(file('b.json'), '{}')
    expect((await refusal(() => store.add({ id: 'b' }))).name).to.equal('InvalidStateError')
    expect((await refusal(() => store.add({ id: 'b' }))).name).to.equal('ConstraintError')
  })

  it('refuses a file that would be too large to be read again, and reads none', async () => {
    const store = await open({ maxFile: 200 })
    expect((await refusal(() => store.put({ id: 'a', text: 'x'.repeat(200) }))).name).to.equal('QuotaExceededError')
    writeFileSync(file('b.json'), `{"text":"${'x'.repeat(200)}"}`)
    await store.close()
    const again = await open({ maxFile: 200 })
    expect((await refusal(() => again.get('b'))).name).to.equal('QuotaExceededError')
    expect((await again.problems()).map(({ id }) => id)).to.deep.equal(['b'])
    expect(await again.get('a')).to.equal(undefined)
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

  it('removes what a killed process left, and nothing else', async () => {
    await (await open()).put({ id: 'a' })
    await stores.pop()?.close?.()
    writeFileSync(file('b.json.0123456789abcdef.holdfast-tmp'), '{}')
    for (const name of ['notes.txt', 'b.json.holdfast-tmp', '.x.holdfast-tmp']) writeFileSync(file(name), '')
    await open()
    expect(existsSync(file('b.json.0123456789abcdef.holdfast-tmp'))).to.equal(false)
    for (const name of ['notes.txt', 'b.json.holdfast-tmp', '.x.holdfast-tmp'])
      expect(existsSync(file(name))).to.equal(true)
  })

  it('a damaged intent is a CorruptError, and nothing is done', async () => {
    await (await open()).close()
    writeFileSync(file('.holdfast-intent'), 'not an intent\n')
    expect(String(await refusal(() => open()))).to.match(/^CorruptError: .*\.holdfast-intent, line 1/)
    expect(existsSync(file('.holdfast-intent'))).to.equal(true)
  })

  it('does not keep its process alive', async () => {
    const other = child('stores/directory/holder.ts', path('data'), 'leave')
    const [code] = await once(other, 'exit')
    expect(code).to.equal(0)
    expect(await (await open()).get(other.pid as number)).to.deep.equal({ id: other.pid })
  })
})
