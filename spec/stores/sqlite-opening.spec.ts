import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { sqlite } from '../../stores/sqlite.js'
import { loader } from '../child.js'
import { refused } from '../lib/query/refusal.js'
import { files } from './sqlite-files.js'

const { folder, newPath } = files()

/** What a pragma is on the connection that writes. */
function pragmaOf(options: { durability?: 'strict' | 'relaxed' }, name: string): unknown {
  let value: unknown
  const { prepare } = Database.prototype
  const store = sqlite({ path: newPath(), ...options })
  Database.prototype.prepare = function (this: Database.Database, sql: string) {
    value ??= this.pragma(name, { simple: true })
    return prepare.call(this, sql)
  } as typeof prepare
  try {
    store.count()
  } finally {
    Database.prototype.prepare = prepare
    store.close()
  }
  return value
}

describe('sqlite, opening', () => {
  const pragmas = [
    ['strict', 'journal_mode', 'wal'],
    ['strict', 'synchronous', 2],
    ['strict', 'fullfsync', 1],
    ['relaxed', 'journal_mode', 'wal'],
    ['relaxed', 'synchronous', 1],
    ['strict', 'trusted_schema', 0],
    ['strict', 'cell_size_check', 1],
    ['strict', 'busy_timeout', 10],
  ] as const
  for (const [durability, name, value] of pragmas) {
    it(`${durability}: ${name} is ${value}`, () => expect(pragmaOf({ durability }, name)).to.equal(value))
  }

  it('is strict unless told otherwise', () => expect(pragmaOf({}, 'synchronous')).to.equal(2))

  it('becomes strict for all as soon as one store is to be', () => {
    const path = newPath()
    const relaxed = sqlite({ path, table: 'a', durability: 'relaxed' })
    const strict = sqlite({ path, table: 'b' })
    const again = sqlite({ path, table: 'c', durability: 'relaxed' })
    const database = new Database(path)
    expect(database.pragma('journal_mode', { simple: true })).to.equal('wal')
    database.close()
    for (const store of [relaxed, strict, again]) store.close()
  })

  it('makes a given database strong enough, and leaves its journal as it is', () => {
    const file = new Database(newPath())
    sqlite({ database: file }).close()
    expect(file.pragma('journal_mode', { simple: true })).to.equal('delete')
    expect(file.pragma('synchronous', { simple: true })).to.equal(3)
    const logged = new Database(newPath())
    logged.pragma('journal_mode = WAL')
    sqlite({ database: logged }).close()
    expect(logged.pragma('synchronous', { simple: true })).to.equal(2)
    const loose = new Database(newPath())
    loose.pragma('journal_mode = MEMORY')
    refused(() => sqlite({ database: loose }), /cannot be made strict.*journal_mode=memory/, 'NotSupportedError')
    loose.pragma('journal_mode = DELETE')
    loose.pragma('synchronous = OFF')
    refused(() => sqlite({ database: loose, durability: 'relaxed' }), /relaxed/, 'NotSupportedError')
    for (const each of [file, logged, loose]) each.close()
  })

  for (const [kind, bytes] of [
    ['text', 'this is not a database'],
    ['much text', 'x'.repeat(10_000)],
    ['JSON', '{"a": 1}'],
    ['zeros', '\0'.repeat(4096)],
  ] as const) {
    it(`leaves a file of ${kind} untouched`, () => {
      const path = newPath()
      writeFileSync(path, bytes)
      const before = statSync(path).mtimeMs
      const { cause } = refused(() => sqlite({ path }), /not a database/, 'CorruptError')
      expect((cause as { code: string }).code).to.equal('SQLITE_NOTADB')
      expect(readFileSync(path, 'latin1')).to.equal(bytes)
      expect(statSync(path).mtimeMs).to.equal(before)
      expect(readdirSync(folder).filter(name => name.startsWith(basename(path)))).to.have.length(1)
    })
  }

  it('says what cannot be opened', () => {
    refused(() => sqlite({ path: join(folder, 'none', 'x.db') }), /none/, 'NotFoundError')
    refused(() => sqlite({ path: newPath(), readonly: true }), '', 'NotFoundError')
    refused(() => sqlite({ path: folder }), /not a file/, 'NotSupportedError')
    const utf16 = new Database(newPath())
    utf16.pragma("encoding = 'UTF-16'")
    utf16.exec('CREATE TABLE t (a)')
    refused(() => sqlite({ database: utf16 }), /UTF-16/, 'NotSupportedError')
    refused(() => sqlite({ path: utf16.name }), /UTF-16/, 'NotSupportedError')
    utf16.close()
  })

  it('shares the connection between all names of a file', async () => {
    const path = newPath()
    const store = sqlite({ path })
    mkdirSync(join(folder, 'sub'))
    symlinkSync(path, join(folder, 'link.db'))
    const others = [join(folder, 'sub', '..', basename(path)), join(folder, 'link.db')].map(other =>
      sqlite({ path: other, table: 'others' }),
    )
    const tx = await store.transaction()
    for (const other of others) {
      // on another connection this would have failed or blocked the process
      const put = other.put({ id: 1 })
      expect(put).to.be.instanceOf(Promise)
      void (put as Promise<unknown>).catch(() => {})
    }
    await tx.abort()
    for (const each of [store, ...others]) each.close()
  })

  it('does not start a database from a path that looks like an address', () => {
    const before = process.cwd()
    process.chdir(folder)
    try {
      const store = sqlite({ path: 'file:odd.db?mode=memory' })
      store.put({ id: 1 })
      store.close()
      expect(readdirSync(folder)).to.include('file:odd.db?mode=memory')
    } finally {
      process.chdir(before)
    }
  })

  it('leaves nothing beside the file when it is closed', () => {
    const path = newPath()
    const store = sqlite({ path })
    store.put({ id: 1 })
    for (const _ of store.query()) expect([...store.query()]).to.have.length(1)
    store.close()
    store.close()
    expect(readdirSync(folder).filter(name => name.startsWith(basename(path)))).to.deep.equal([basename(path)])
  })

  it('says how to install better-sqlite3 where it is missing', () => {
    const path = newPath()
    const script = `
      import { Module } from 'node:module'
      const resolve = Module._resolveFilename
      Module._resolveFilename = function (name, ...others) {
        const missing = Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' })
        if (name === 'better-sqlite3') throw missing
        return resolve.call(this, name, ...others)
      }
      const { sqlite } = await import('./stores/sqlite.ts')
      try { sqlite({ path: ${JSON.stringify(path)} }) } catch (error) { console.log(error.name, error.message) }`
    const root = new URL('../..', import.meta.url).pathname
    const output = execFileSync(process.execPath, [...loader, '--input-type=module', '--eval', script], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(output.trim()).to.equal('NotSupportedError better-sqlite3 is not installed: npm i better-sqlite3@^12')
    expect(readdirSync(folder)).not.to.include(basename(path))
  })
})
