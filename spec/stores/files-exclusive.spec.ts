import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, Server, type Socket } from 'node:net'
import { expect } from 'chai'
import { isStoreError, StoreError } from '../../lib/errors.js'
import { exclusive } from '../../stores/files/exclusive.js'
import { exclusiveNow, holderOf } from '../../stores/files/exclusive-now.js'
import { child } from '../child.js'
import { folder } from './json-file/folder.js'

const thrownBy = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => expect.fail('nothing was thrown'),
    error => error,
  )

describe('files, an exclusive lock', () => {
  const { path, names } = folder()

  const ways = [{}, { platform: 'darwin' as const }]
  for (const way of ways) {
    it(`one holder at a time, who is named, ${way.platform ?? process.platform}`, async () => {
      const options = { ...way, directory: path('') }
      const release = await exclusive('/some/path', options)
      const error = await thrownBy(exclusive('/some/path', options))
      expect(isStoreError(error, 'InvalidStateError')).to.equal(true)
      expect(error.message).to.equal(`/some/path is in use by process ${process.pid}`)
      await (await exclusive('/some/other', options))()
      await release()
      await release()
      await (await exclusive('/some/path', options))()
    })

    it(`of many who want it at once one gets it, ${way.platform ?? process.platform}`, async () => {
      const options = { ...way, directory: path('') }
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => exclusive('/some/path', options)))
      const won = outcomes.filter(each => each.status === 'fulfilled')
      expect(won.length).to.equal(1)
      await won[0]?.value()
    })
  }

  it('a socket file that a killed process left is no holder', async () => {
    const other = child('stores/json-file/locker.ts', '/some/path', path(''))
    await once(other.stdout, 'data')
    const options = { platform: 'darwin' as const, directory: path('') }
    expect((await thrownBy(exclusive('/some/path', options))).message).to.match(new RegExp(`process ${other.pid}$`))
    other.kill('SIGKILL')
    await once(other, 'exit')
    expect(names().length).to.equal(1)
    const release = await exclusive('/some/path', options)
    expect((await thrownBy(exclusive('/some/path', options))).message).to.match(new RegExp(`process ${process.pid}$`))
    await release()
  })

  it('a holder that does not answer is a holder', async () => {
    const release = await exclusive('/some/path', { platform: 'darwin', directory: path('') })
    const [name = ''] = names()
    await release()
    const sockets: Socket[] = []
    const silent = createServer(socket => sockets.push(socket)).listen(path(name))
    await once(silent, 'listening')
    const options = { platform: 'darwin' as const, directory: path(''), patience: 5 }
    expect((await thrownBy(exclusive('/some/path', options))).message).to.match(/a process that does not say which/)
    for (const socket of sockets) socket.destroy()
    silent.close()
  })

  it('can be taken at once, and looked at', function () {
    const path = '/some/path'
    expect(exclusiveNow(path, { platform: 'darwin' })).to.equal(undefined)
    const release = exclusiveNow(path)
    if (!release) this.skip()
    const held = new RegExp(`^/some/path is in use by process ${process.pid}$`)
    expect(() => exclusiveNow(path)).to.throw(StoreError, held)
    expect(() => exclusiveNow(path, { shared: true })).to.throw(StoreError, held)
    expect([holderOf(path), holderOf('/some/other')]).to.deep.equal([`${process.pid}`, undefined])
    release()
    release()
    expect(holderOf(path)).to.equal(undefined)
    const shared = [exclusiveNow(path, { shared: true }), exclusiveNow(path, { shared: true })]
    for (const each of shared) {
      expect(() => exclusiveNow(path)).to.throw(StoreError, `/some/path is shared by process ${process.pid}`)
      each?.()
    }
    exclusiveNow(path)?.()
  })

  it('is seen by every version of Node: its names are as long as they can be', function () {
    if (process.platform !== 'linux') this.skip()
    const releases = [exclusiveNow('/some/path'), exclusiveNow('/some/other', { shared: true })]
    const listed = readFileSync('/proc/net/unix', 'latin1').match(/@holdfast-.*/g) ?? []
    expect(listed.length).to.be.at.least(3)
    // a shorter one would be filled up with NULs, shown as @, or not, as the version has it
    for (const name of listed) expect(name).to.match(/^@[^@]{107}$/)
    for (const release of releases) release?.()
  })

  it('that nobody can take is not said to be held by somebody', () => {
    const { listen } = Server.prototype
    Server.prototype.listen = function (this: Server) {
      return this
    } as typeof listen
    try {
      expect(() => exclusiveNow('/some/path')).to.throw(StoreError, /cannot be locked/)
      expect(() => exclusiveNow('/some/path', { shared: true })).to.throw(StoreError, /cannot be locked/)
    } finally {
      Server.prototype.listen = listen
    }
  })
})
