import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import { exclusive } from '../../stores/files/exclusive.js'
import { exclusiveNow } from '../../stores/files/exclusive-now.js'
import { sqlite } from '../../stores/sqlite.js'
import { child } from '../child.js'
import { folder } from './json-file/folder.js'

function refused(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    expect(isStoreError(error, 'InvalidStateError'), String(error)).to.equal(true)
    return (error as Error).message
  }
  return expect.fail('nothing was thrown')
}

describe('sqlite, the lock between processes', function () {
  this.timeout(60_000)
  const { path } = folder()
  const file = path('a.db')
  before(function () {
    const release = exclusiveNow(file)
    if (release) release()
    else this.skip()
  })

  async function opener(how: string): Promise<{ process: ChildProcess; said: string }> {
    const process = child('stores/sqlite-opener.ts', file, how)
    const [said] = await once(process.stdout, 'data')
    return { process, said: `${said}`.trim() }
  }

  async function kill(process: ChildProcess): Promise<void> {
    process.kill('SIGKILL')
    await once(process, 'close')
  }

  it('lets one write, who is named, until he is killed; and all read', async () => {
    const { process: other, said } = await opener('alone')
    expect(said).to.equal('open')
    const message = refused(() => sqlite({ path: file }))
    expect(message).to.match(new RegExp(`a.db is in use by process ${other.pid}; shared: true lets several processes`))
    expect(refused(() => sqlite({ path: file, shared: true }))).to.equal(message)
    const reader = sqlite({ path: file, readonly: true })
    expect(reader.count()).to.equal(1)
    reader.close()
    await kill(other)
    sqlite({ path: file }).close()
  })

  it('refuses the other process just so, and leaves the file to who has it', async () => {
    const store = sqlite({ path: file })
    const second = await opener('alone')
    expect(second.said).to.match(new RegExp(`InvalidStateError: .*a.db is in use by process ${process.pid};`))
    store.put({ id: 'ours' })
    expect(store.count()).to.equal(1)
    store.close()
    await kill(second.process)
  })

  it('lets several write who all share it, and nobody else', async () => {
    const one = sqlite({ path: file, shared: true })
    const { process: other, said } = await opener('shared')
    expect(said).to.equal('open')
    await one.put({ id: 'ours' })
    expect(one.count()).to.equal(2)
    one.close()
    expect(refused(() => sqlite({ path: file }))).to.match(new RegExp(`a.db is shared by process ${other.pid};`))
    const again = sqlite({ path: file, shared: true })
    again.close()
    await kill(other)
    sqlite({ path: file }).close()
  })

  it('ends with a process that does not close its store, and does not keep it alive', async () => {
    const process = child('stores/sqlite-opener.ts', file, 'leaving')
    const [code] = await once(process, 'close')
    expect(code).to.equal(0)
    sqlite({ path: file }).close()
  })

  it('is given back by the last to close, at once', () => {
    const handles = () => (existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0)
    const before = handles()
    for (let round = 0; round < 100; round++) {
      const stores = [sqlite({ path: file, table: 'a' }), sqlite({ path: file, table: 'b' })]
      stores[0]?.close()
      expect(refused(() => exclusiveNow(file))).to.match(new RegExp(`process ${process.pid}$`))
      stores[1]?.close()
      exclusiveNow(file)?.()
    }
    expect(handles()).to.equal(before)
  })

  it('is the one of all stores of files', async () => {
    const release = await exclusive(file)
    refused(() => sqlite({ path: file }))
    refused(() => sqlite({ path: file, shared: true }))
    await release()
    const store = sqlite({ path: file, shared: true })
    const error = await exclusive(file).catch(each => each)
    expect(error.message).to.match(new RegExp(`is shared by process ${process.pid}$`))
    store.close()
  })

  it('is given back when the file cannot be opened', () => {
    const database = new Database(file)
    database.exec('CREATE TABLE objects (a)')
    expect(() => sqlite({ path: file })).to.throw('not made by Holdfast')
    exclusiveNow(file)?.()
    const given = [sqlite({ database, table: 'x' }), sqlite({ path: ':memory:' }), sqlite({ path: file, table: 'x' })]
    for (const store of given) store.close()
    database.close()
  })

  it('is of one kind in one process', () => {
    for (const shared of [true, false]) {
      const store = sqlite({ path: file, shared })
      expect(refused(() => sqlite({ path: file, shared: !shared }))).to.match(
        new RegExp(`open in this process ${shared ? 'with' : 'without'} shared: true`),
      )
      store.close()
    }
  })
})
