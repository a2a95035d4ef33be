import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import { exclusive } from '../../stores/files/exclusive.js'
import { child } from './json-file/child.js'
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
    const other = child('locker.ts', '/some/path', path(''))
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
})
