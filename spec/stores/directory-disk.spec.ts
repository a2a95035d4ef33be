import { execFileSync } from 'node:child_process'
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
import { refusal } from '../refusal.js'
import { opening } from './directory/opening.js'

describe('directory, on the disk', () => {
  const { path, names, file, open } = opening()

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

  it('removes what a killed process left, and nothing else', async () => {
    const first = await open()
    await first.put({ id: 'a' })
    await first.close()
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
})
