import { constants } from 'node:fs'
import { expect } from 'chai'
import type { Id, Store } from '../../lib/store.js'
import { buried } from '../../models/datastore/buried.js'
import type { Stored } from '../../models/datastore/document.js'
import { graves } from '../../models/datastore/graves.js'
import { immediateFileSystem } from '../../models/datastore/immediate-file-system.js'
import { directory } from '../../stores/directory.js'
import { revisions } from '../../wrappers/revisions.js'
import { conforms, everything } from '../conformance/index.js'
import { folder } from '../stores/json-file/folder.js'

describe('datastore, its parts', () => {
  const { path, clear } = folder()
  const relaxed = immediateFileSystem({ relaxed: true })
  const lasting = immediateFileSystem({ relaxed: false })

  /** What documents are kept in, without their form. */
  async function open() {
    const options = { path: path('data'), fileSystem: relaxed, durability: 'relaxed' } as const
    const files = (await directory(options)) as unknown as Required<Store<Stored, Id>>
    const left = await graves({ fileSystem: relaxed, path: path('data'), sync: false, shared: false })
    return revisions(buried(files, left)) as Store
  }

  const offers = everything.filter(offer => offer !== 'add')
  if (process.env.GATE) {
    conforms('revisions with graves', { open, reopen: open, offers: [...offers, 'lasting'], clean: clear })
    conforms('a directory without a detour', {
      open: () => directory({ path: path('data'), fileSystem: lasting }),
      offers: everything,
      clean: clear,
    })
  }

  for (const [name, system] of Object.entries({ relaxed, lasting })) {
    it(`the file system without a detour does what is asked, ${name}`, async () => {
      const { O_RDWR, O_CREAT, O_EXCL, O_RDONLY } = constants
      const file = await system.open(path('a'), O_RDWR | O_CREAT | O_EXCL, 0o640)
      const bytes = Buffer.from('kelp')
      expect((await file.write(bytes, 0, 4, 0)).bytesWritten).to.equal(4)
      await file.truncate(3)
      await file.utimes(1, 2)
      await file.chmod(0o600)
      await file.sync()
      await file.datasync()
      const { uid, gid, size, mtimeMs, mode } = await file.stat()
      await file.chown(uid, gid)
      expect([size, mtimeMs, mode & 0o777]).to.deep.equal([3, 2000, 0o600])
      await file.close()
      await system.rename(path('a'), path('b'))
      expect(await system.readdir(path(''))).to.deep.equal(['b'])
      const again = await system.open(path('b'), O_RDONLY)
      const read = Buffer.alloc(5)
      expect((await again.read(read, 0, 5, 0)).bytesRead).to.equal(3)
      await again.sync()
      await again.datasync()
      await again.close()
      expect((await again.sync().catch(error => error)).code).to.equal('EBADF')
      await system.unlink(path('b'))
      const calls = [
        () => system.unlink(path('b')),
        () => system.lstat(path('b')),
        () => system.open(path('b'), O_RDONLY),
      ]
      for (const call of calls) {
        expect(((await (call() as Promise<unknown>).catch(error => error)) as NodeJS.ErrnoException).code).to.equal(
          'ENOENT',
        )
      }
    })
  }

  it('lets others have their turn while it works', async () => {
    await (await relaxed.open(path('a'), constants.O_CREAT)).close()
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    for (const end = performance.now() + 100; performance.now() < end; ) {
      await (await relaxed.open(path('a'), constants.O_RDONLY)).close()
    }
    clearInterval(timer)
    expect(turns).to.be.at.least(3)
  })
})
