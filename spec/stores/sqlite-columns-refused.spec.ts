import { expect } from 'chai'
import { sqlite } from '../../stores/sqlite.js'
import { refused } from '../lib/query/refusal.js'
import { files } from './sqlite-files.js'
import { columns, users } from './sqlite-users.js'

const { existing } = files()

describe('sqlite, tables of columns, what they refuse', () => {
  it('refuses what it would lose or change, and stores nothing of it', () => {
    const path = existing(users)
    const store = sqlite<Record<string, unknown>>({ path, table: 'users', columns })
    const before = [...store.query()]
    const given: [Record<string, unknown>, RegExp][] = [
      [{ name: 'x', more: 1 }, /no column for more/],
      [{ name: 5 }, /cannot hold name/],
      [{ name: 'x', age: 1.5 }, /cannot hold age/],
      [{ name: 'x', age: '7' }, /cannot hold age/],
      [{ name: 'x', age: 7n }, /cannot hold age/],
      [{ name: 'x', age: null }, /cannot hold age.*leave it out/],
      [{ name: 'x', active: 1 }, /cannot hold active/],
      [{ name: 'x', born: '2020-01-01' }, /cannot hold born/],
      [{ name: 'x', born: new Date(8.64e15) }, /cannot hold born/],
      [{ id: '1', name: 'x' }, /id/],
      [{ id: 'one', name: 'x' }, /integers/],
    ]
    for (const [object, message] of given) refused(() => store.put(object), message)
    refused(() => store.put({ age: 5 }), /full_name/, 'ConstraintError')
    expect([...store.query()]).to.deep.equal(before)
    store.close()
  })

  it('refuses columns that change values, are not there or are not to be written', () => {
    const path = existing(`${users}; CREATE TABLE loose (id INT, n TEXT); CREATE VIEW seen AS SELECT * FROM users;
      CREATE TABLE folded (id TEXT COLLATE NOCASE PRIMARY KEY); CREATE TABLE texts (id TEXT PRIMARY KEY)`)
    const open = (table: string, columns: object) => () => sqlite({ path, table, columns })
    refused(open('users', { none: 'string' }), /no column none/, 'NotFoundError')
    refused(open('users', { shout: 'string' }), /generated/, 'NotSupportedError')
    refused(open('users', { email: 'integer' }), /email/, 'NotSupportedError')
    refused(open('loose', {}), /not unique/, 'NotSupportedError')
    refused(open('folded', {}), /not unique/, 'NotSupportedError')
    refused(open('seen', {}), /view/, 'NotSupportedError')
    expect(open('users', { full_name: 'text' })).to.throw(TypeError, 'text')
    expect(() => sqlite({ path, table: 'texts', columns: {}, generateId: 'database' })).to.throw('INTEGER PRIMARY KEY')
  })

  it('does not take text for a number in a column that would', () => {
    const path = existing('CREATE TABLE t (id INTEGER PRIMARY KEY, s STRING, n NUMERIC)')
    const store = sqlite<{ id: number; s?: string; n?: number }>({
      path,
      table: 't',
      columns: { s: 'string', n: 'number' },
    })
    refused(() => store.put({ id: 1, s: '007' }), /cannot hold s/)
    store.put({ id: 1, s: 'seven', n: 1e300 })
    store.put({ id: 2, s: 'x', n: 2 ** 60 })
    expect([...store.query()]).to.deep.equal([
      { id: 1, s: 'seven', n: 1e300 },
      { id: 2, s: 'x', n: 2 ** 60 },
    ])
    for (const query of ['s=string:7', 's>string:7&s<string:8', 'n=string:7'])
      expect([...store.query(query)]).to.deep.equal([])
    store.close()
  })

  it('indexes columns, and refuses to promise what it cannot compare', () => {
    const path = existing(users)
    const store = sqlite<Record<string, unknown>>({ path, table: 'users', columns, indexes: ['name', 'none'] })
    store.setSchema({ properties: { name: { unique: true }, data: { index: true }, more: { index: true } } })
    refused(() => store.put({ id: 9, name: 'Ada' }), /name must be unique/, 'ConstraintError')
    refused(() => store.setSchema({ properties: { data: { unique: true } } }), /data/, 'NotSupportedError')
    refused(() => store.setSchema({ properties: { more: { unique: true } } }), /more/, 'NotSupportedError')
    store.close()
  })
})
