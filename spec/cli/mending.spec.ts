import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { transaction } from '../../index.js'
import { jsonFile } from '../../stores/json-file.js'
import { sqlite } from '../../stores/sqlite.js'
import { furnish, inFolder, run } from './run.js'

describe('check, recover and doctor', () => {
  const folder = inFolder()
  const go = (...words: string[]) => run(folder.path, words)
  const at = (name: string) => join(folder.path, name)
  beforeEach(() => furnish(folder.path))

  it('finds what is damaged, and says what saves the rest', async () => {
    expect((await go('check', 'users.json', 'dir:data')).out).to.equal(
      '✓ users.json: 3 objects, all can be read\n✓ dir:data: 2 objects, all can be read\n',
    )
    const text = readFileSync(at('users.json'), 'utf8')
    writeFileSync(at('users.json'), text.replace('"Bob"', 'Bob'))
    writeFileSync(at('data/b.json'), '{"id":')
    const { code, out } = await go('check', 'users.json', 'dir:data')
    expect(code).to.equal(6)
    expect(out).to.match(
      /✗ users\.json: .*line 3, column \d+.*; holdfast recover users\.json users-saved\.json saves the rest\n/,
    )
    expect(out).to.match(/✗ .*data\/b\.json: .*; mend the file with an editor, or delete it\n$/)
    const lines = (await go('check', 'dir:data', '--json')).out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines[0]).to.include({ store: 'dir:data', where: at('data/b.json') })
    expect(lines[1]).to.deep.equal({ store: 'dir:data', objects: 1, problems: 1 })
  })

  it('saves what can be read, and lists the rest', async () => {
    const text = readFileSync(at('users.json'), 'utf8')
    writeFileSync(at('users.json'), text.replace('"Bob"', 'Bob'))
    const file = await go('recover', 'users.json', 'saved.json')
    expect(file.code).to.equal(0)
    expect(file.out).to.match(/^lost .*users\.json:3: .*\n2 objects are in saved\.json, 1 could not be read\n$/)
    expect((await go('count', 'saved.json')).out).to.equal('2\n')
    expect(readFileSync(at('users.json'), 'utf8')).to.include('Bob,')
    writeFileSync(at('data/b.json'), '{"id":')
    expect((await go('recover', 'dir:data', 'saved.db#t')).out).to.match(
      /^lost .*data\/b\.json: .*\n1 objects are in saved\.db#t, 1 could/,
    )
    expect((await go('query', 'saved.db', '--json')).out).to.equal('{"id":"a","title":"note a"}\n')
  })

  it('finds a damaged row, and saves the others', async () => {
    await go('copy', 'users.json', 'app.db#users')
    const { default: Database } = await import('better-sqlite3')
    const database = new Database(at('app.db'))
    database.prepare(`UPDATE users SET object = '{"id":' WHERE id = 'bob'`).run()
    database.close()
    expect((await go('check', 'app.db')).code).to.equal(6)
    const { out } = await go('recover', 'app.db', 'saved.db#users')
    expect(out).to.match(/^lost bob: .*\n2 objects are in saved\.db#users, 1 could not be read\n$/)
    expect((await go('recover', 'app.db', 'saved.db#users')).code).to.equal(4)
  })

  it('the doctor tells of versions, peers, disks and locks', async () => {
    const { code, out } = await go('doctor')
    expect(code, out).to.equal(0)
    for (const about of ['holdfast', 'node', 'system', 'better-sqlite3', 'disk'])
      expect(out).to.match(new RegExp(`. ${about} `))
    const store = await jsonFile({ path: at('users.json') })
    await store.put({ id: 'x' })
    const held = (await go('doctor', 'users.json')).out
    await store.close()
    if (process.platform === 'linux') expect(held).to.include(`is open in process ${process.pid}`)
    expect(held).to.match(/journal .*users\.json\.journal holds 1 changes .*that is usual while it is open/)
    expect((await go('doctor', 'none.json')).code).to.equal(6)
  })

  it('the doctor tells of a transaction in doubt, and where its log should be', async () => {
    await inDoubt()
    const { code, out } = await go('doctor', 'a.db')
    expect(out).to.match(
      /in doubt .*transaction .* is to be undone, says .*tx\.log; the next program that opens it to write/,
    )
    expect(code).to.equal(0)
    truncateSync(at('tx.log'), 0)
    const { rmSync } = await import('node:fs')
    rmSync(at('tx.log'))
    const lost = (await go('doctor', '--json')).out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lost.filter(({ level }) => level === 'bad').map(({ remedy }) => remedy)).to.deep.equal([
      'put it back: only it says what was decided',
    ])
  })

  /** What a crash leaves between the preparation of a transaction and its decision. */
  async function inDoubt(): Promise<void> {
    const store = sqlite({ path: at('a.db') })
    const other = await jsonFile({ path: at('b.json') })
    const log = at('tx.log')
    await transaction(
      [store, other],
      async ([a, b]) => {
        await a?.put?.({ id: 1 })
        await b?.put?.({ id: 1 })
      },
      { log },
    )
    const tx = await store.transaction({ group: { join: () => false, coordinator: { log, id: 'some-transaction' } } })
    await tx.put?.({ id: 2 })
    await tx.prepare?.()
    await store.close()
    await other.close()
    expect(existsSync(log)).to.equal(true)
  }
})
