import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { type ErrorName, isStoreError } from '../../lib/errors.js'
import { appender } from '../../stores/files/append.js'
import { durableReplace, removeStrays, stage } from '../../stores/files/durable-replace.js'
import { fileError } from '../../stores/files/file-error.js'
import { nodeFileSystem } from '../../stores/files/file-system.js'
import { readFile } from '../../stores/files/read-file.js'
import { realPath } from '../../stores/files/real-path.js'
import { syncDirectory } from '../../stores/files/sync-directory.js'
import { errno, faulty } from '../faults/index.js'
import { folder } from './json-file/folder.js'

const thrownBy = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => expect.fail('nothing was thrown'),
    error => error,
  )

describe('files', () => {
  const { path, names } = folder()
  const chunks = (...texts: string[]) => texts.map(text => Buffer.from(text))

  describe('durableReplace', () => {
    it('writes beside, syncs, renames, syncs the directory, in this order', async () => {
      const disk = faulty(nodeFileSystem, () => undefined)
      writeFileSync(path('x'), 'old')
      await durableReplace(disk, path('x'), chunks('ab', '', 'c'), { random: () => '0123456789abcdef' })
      expect(readFileSync(path('x'), 'utf8')).to.equal('abc')
      expect(disk.calls.map(({ name }) => name)).to.deep.equal([
        ...['create', 'write', 'write', 'sync', 'stat', 'close'],
        ...['rename', 'open', 'sync', 'close'],
      ])
      expect(disk.calls[0]?.path).to.equal(path('x.0123456789abcdef.holdfast-tmp'))
      expect(statSync(path('x')).mode & 0o777).to.equal(0o600)
    })

    it('writes all where the disk takes less than it is given', async () => {
      const disk = faulty(nodeFileSystem, ({ name }) => (name === 'write' ? 'short' : undefined))
      await durableReplace(disk, path('x'), chunks('x'.repeat(1000)))
      expect(readFileSync(path('x'), 'utf8')).to.equal('x'.repeat(1000))
    })

    it('refuses what did not arrive: a disk that lies about the length', async () => {
      const lying = {
        ...nodeFileSystem,
        async open(...given: Parameters<typeof nodeFileSystem.open>) {
          const file = await nodeFileSystem.open(...given)
          return Object.assign(file, {
            write: async (_: Uint8Array, __: number, length: number) => ({ bytesWritten: length }),
          })
        },
      }
      writeFileSync(path('x'), 'old')
      expect(String(await thrownBy(durableReplace(lying as never, path('x'), chunks('abc'))))).to.match(
        /0 bytes of the 3/,
      )
      expect(readFileSync(path('x'), 'utf8')).to.equal('old')
      expect(names()).to.deep.equal(['x'])
    })

    it('gives up on a disk that takes nothing', async () => {
      const stuck = {
        ...nodeFileSystem,
        async open(...given: Parameters<typeof nodeFileSystem.open>) {
          return Object.assign(await nodeFileSystem.open(...given), { write: async () => ({ bytesWritten: 0 }) })
        },
      }
      const error = await thrownBy(durableReplace(stuck as never, path('x'), chunks('abc')))
      expect(isStoreError(error, 'UnknownError')).to.equal(true)
      expect(names()).to.deep.equal([])
    })

    it('on an error of any call leaves the old file, or at the very last the new one, and nothing beside it', async () => {
      for (let number = 1; number <= 10; number++) {
        writeFileSync(path('x'), 'old')
        const disk = faulty(nodeFileSystem, call => (call.number === number ? 'EIO' : undefined))
        const error = await thrownBy(durableReplace(disk, path('x'), chunks('ne', 'w')))
        expect(isStoreError(error, number <= 7 ? 'UnknownError' : 'OutcomeUnknownError')).to.equal(true)
        expect(readFileSync(path('x'), 'utf8'), `call ${number}`).to.equal(number <= 7 ? 'old' : 'new')
        expect(names(), `call ${number}`).to.deep.equal(['x'])
      }
    })

    it('does not follow a link that lies where it writes, and does not remove it', async () => {
      symlinkSync(path('victim'), path('x.0123456789abcdef.holdfast-tmp'))
      const error = await thrownBy(
        stage(nodeFileSystem, path('x'), chunks('new'), { random: () => '0123456789abcdef' }),
      )
      expect(String(error)).to.match(/EEXIST/)
      expect(names()).to.deep.equal(['x.0123456789abcdef.holdfast-tmp'])
      await removeStrays(nodeFileSystem, path('x'))
      expect(names()).to.have.length(1)
    })
  })

  describe('appender', () => {
    const open = (disk = faulty(nodeFileSystem, () => undefined), length = 0) => ({
      disk,
      file: appender({ fileSystem: disk, path: path('log'), length, mode: 0o600 }),
    })
    const text = () => readFileSync(path('log'), 'utf8')

    it('syncs the bytes, and the directory once', async () => {
      const { disk, file } = open()
      expect(names()).to.deep.equal([])
      await file.append(Buffer.from('one'), { sync: true })
      await file.append(Buffer.from('two'), { sync: true })
      await file.append(Buffer.from('three'), { sync: false })
      await file.close()
      expect(text()).to.equal('onetwothree')
      expect(disk.calls.map(({ name }) => name)).to.deep.equal([
        ...['create', 'stat', 'sync', 'write', 'datasync', 'open', 'sync', 'close'],
        ...['write', 'datasync'],
        ...['write', 'close'],
      ])
    })

    it('cuts off what follows the good bytes before it appends, lasting', async () => {
      writeFileSync(path('log'), 'good, and torn')
      const { disk, file } = open(undefined, 4)
      await file.append(Buffer.from('!'), { sync: true })
      expect(text()).to.equal('good!')
      expect(disk.calls.map(({ name }) => name).slice(0, 5)).to.deep.equal([
        'create',
        'stat',
        'truncate',
        'sync',
        'write',
      ])
      await file.close()
    })

    it('takes back what was written in vain', async () => {
      let fault: 'full' | undefined
      const { file } = open(faulty(nodeFileSystem, ({ name }) => (name === 'write' ? fault : undefined)))
      await file.append(Buffer.from('good'), { sync: true })
      fault = 'full'
      expect((await thrownBy(file.append(Buffer.from('x'.repeat(100)), { sync: true }))).name).to.equal(
        'QuotaExceededError',
      )
      expect(text()).to.equal('good')
      expect(file.length).to.equal(4)
      fault = undefined
      await file.append(Buffer.from('!'), { sync: true })
      expect(text()).to.equal('good!')
      await file.close()
    })

    it('refuses a file that became shorter, and a link', async () => {
      writeFileSync(path('log'), 'abc')
      const error = await thrownBy(open(undefined, 10).file.append(Buffer.from('x'), { sync: true }))
      expect(error.name).to.equal('InvalidStateError')
      expect(error.message).to.match(/lost 7 bytes/)
      symlinkSync(path('log'), path('link'))
      const linked = appender({ fileSystem: nodeFileSystem, path: path('link'), length: 0, mode: 0o600 })
      expect(String(await thrownBy(linked.append(Buffer.from('x'), { sync: true })))).to.match(/ELOOP/)
      expect(text()).to.equal('abc')
    })
  })

  it('readFile reads to the end, however little comes at a time', async () => {
    writeFileSync(path('x'), 'some text')
    const slow = {
      ...nodeFileSystem,
      async open(...given: Parameters<typeof nodeFileSystem.open>) {
        const file = await nodeFileSystem.open(...given)
        const read = file.read.bind(file)
        return Object.assign(file, {
          read: (buffer: Uint8Array, offset: number, _: number, position: number) => read(buffer, offset, 1, position),
        })
      },
    }
    expect((await readFile(slow as never, path('x'), 100))?.bytes.toString()).to.equal('some text')
    expect(await readFile(nodeFileSystem, path('missing'), 100)).to.equal(undefined)
  })

  it('realPath follows links, and wants a directory', async () => {
    mkdirSync(path('directory'))
    symlinkSync(path('directory'), path('link'))
    expect(await realPath(nodeFileSystem, path('link/x'))).to.equal(path('directory/x'))
    expect((await thrownBy(realPath(nodeFileSystem, path('none/x')))).name).to.equal('NotFoundError')
  })

  it('errors of the operating system get the names of ours', () => {
    const named: Record<string, ErrorName | 'TypeError'> = {
      ENOSPC: 'QuotaExceededError',
      EDQUOT: 'QuotaExceededError',
      EFBIG: 'QuotaExceededError',
      EACCES: 'NotAllowedError',
      EROFS: 'NotAllowedError',
      EPERM: 'NotAllowedError',
      ENOENT: 'NotFoundError',
      EIO: 'UnknownError',
      EMFILE: 'UnknownError',
    }
    for (const [code, name] of Object.entries(named)) {
      const cause = errno(code)
      const error = fileError('x cannot be written', cause)
      expect([error.name, error.cause]).to.deep.equal([name, cause])
      expect(error.message).to.match(/^x cannot be written: E/)
    }
    expect(fileError('x', new TypeError('wrong')).name).to.equal('TypeError')
  })

  it('syncDirectory says which directory may not last, whichever call fails', async () => {
    for (const failing of ['open', 'sync', 'close']) {
      const disk = faulty(nodeFileSystem, ({ name }) => (name === failing ? 'EIO' : undefined))
      const error = await thrownBy(syncDirectory(disk, path('.')))
      expect(isStoreError(error, 'UnknownError'), failing).to.equal(true)
      expect(error.message).to.match(/^the names in .* cannot be made to last: EIO/)
      expect([...disk.opened]).to.deep.equal([])
    }
  })
})
