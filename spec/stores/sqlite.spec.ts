import { rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { sqlite } from '../../stores/sqlite.js'
import { conforms, everything } from '../conformance/index.js'
import { oracle } from '../oracle/index.js'
import { keptFolder } from './json-file/folder.js'

const folder = keptFolder()

let path = ''
const newPath = () => {
  if (path) for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true })
  path = join(folder, `${Math.random()}.db`)
  return path
}

const gate = Boolean(process.env.GATE)
const modes = {
  'SQLite, documents': {},
  'SQLite, documents with indexes': {
    indexes: ['name', 'n', 'value', ['nested', 'value'], { path: 'a', unique: false }],
  },
  'SQLite, columns and documents': {
    columns: {
      name: 'string',
      age: 'integer',
      n: 'number',
      city: 'string',
      active: 'boolean',
      born: 'date',
      big: 'bigint',
      raw: 'bytes',
      tags: 'json',
      value: 'json',
      p: 'integer',
      q: { type: 'string', column: 'a "quoted" column' },
      ['__proto__']: { type: 'string', column: 'proto' },
    },
    objectColumn: 'rest',
    idColumn: '__proto__',
    table: 'select',
  },
} as const

for (const [name, mode] of Object.entries(modes)) {
  const lasting = everything.filter(offer => offer !== 'unique' || !('columns' in mode))
  const options = { durability: 'relaxed', ...mode } as const
  conforms(name, {
    open: () => sqlite({ path: newPath(), ...options }),
    reopen: () => sqlite({ path, ...options }),
    offers: [...lasting, 'lasting'],
    ways: gate ? undefined : ['directly', 'inside'],
  })
  if ('columns' in mode) continue
  oracle(name, () => sqlite({ path: newPath(), ...options }), {
    reopen(store) {
      store.close?.()
      return sqlite({ path, ...options })
    },
  })
}
conforms('SQLite without a file', {
  open: () => sqlite({ path: ':memory:' }),
  offers: everything,
  ways: gate ? undefined : ['directly'],
})
conforms('SQLite, a database that is given', {
  open: () => sqlite({ database: new Database(':memory:') }),
  offers: everything,
  ways: gate ? undefined : ['directly'],
})
conforms('SQLite, read-only', {
  open: () => {
    sqlite({ path: newPath(), durability: 'relaxed' }).close()
    return sqlite({ path, readonly: true })
  },
  offers: ['get', 'query', 'count', 'setSchema', 'close'],
})

describe('sqlite', () => {
  it('is synchronous', () => {
    const store = sqlite({ path: newPath() })
    expect(store.put({ id: 1, name: 'Ada' })).to.equal(1)
    expect(store.get(1)).to.deep.equal({ id: 1, name: 'Ada' })
    expect([...store.query('name=Ada')]).to.deep.equal([{ id: 1, name: 'Ada' }])
    expect(store.count()).to.equal(1)
    expect(store.delete(1)).to.equal(true)
    store.close()
  })

  it('keeps documents that can be read with any SQLite tool', () => {
    const store = sqlite({ path: newPath(), table: 'users', indexes: ['age', ['address', 'city']] })
    store.put({ id: 7, name: 'Ada', age: 36, address: { city: 'London' } })
    store.close()
    const [row] = new Database(path).prepare('SELECT *, typeof(id) FROM users').all()
    expect(row).to.deep.equal({
      id: 7,
      'typeof(id)': 'integer',
      '/age': 36,
      '/address/city': 'London',
      object: '{"id":7,"name":"Ada","age":36,"address":{"city":"London"}}',
    })
  })

  it('keeps the keys of ids as SQLite orders them', () => {
    const store = sqlite({ path: newPath() })
    const ids = [2 ** 53 - 1, -(2 ** 53 - 1), 7, '007', '7.0', '9007199254740993', 'z', '\u{ff5e}', '\u{1f600}']
    for (const id of ids) store.put({ id })
    const keys = new Database(path, { readonly: true }).prepare('SELECT id, typeof(id) FROM objects').raw().all()
    expect(keys).to.deep.equal([
      [-(2 ** 53 - 1), 'integer'],
      [7, 'integer'],
      [2 ** 53 - 1, 'integer'],
      ...['007', '7.0', '9007199254740993', 'z', '\u{ff5e}', '\u{1f600}'].map(id => [id, 'text']),
    ])
    store.close()
  })

  it('names objects by another property, and makes ids as told', () => {
    let next = 1
    const store = sqlite({ path: newPath(), idProperty: 'code', idColumn: 'code', generateId: () => next++ })
    expect([store.put({ name: 'a' }), store.add({ name: 'b' })]).to.deep.equal([1, 2])
    next = 1
    expect(() => store.put({ name: 'c' })).to.throw('already stored under 1')
    expect([...store.query()]).to.deep.equal([
      { code: 1, name: 'a' },
      { code: 2, name: 'b' },
    ])
    store.close()
  })

  it('numbers rows only in a table of columns', () => {
    expect(() => sqlite({ path: newPath(), generateId: 'database' })).to.throw(TypeError, 'number')
    expect(() => sqlite({} as { path: string })).to.throw(TypeError, 'path')
  })
})
