import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import { sqlite } from '../../stores/sqlite.js'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-sqlite-'))
after(() => rmSync(folder, { recursive: true }))

/** A database that another program has made. */
function existing(sql: string): { path: string; rows(sql: string): unknown[] } {
  const path = join(folder, `${Math.random()}.db`)
  const database = new Database(path)
  database.exec(sql)
  database.close()
  return {
    path,
    rows(query) {
      const reader = new Database(path, { readonly: true })
      const rows = reader.prepare(query).all()
      reader.close()
      return rows
    },
  }
}

function refused(work: () => unknown, name: string, message: RegExp): void {
  try {
    work()
  } catch (error) {
    expect(isStoreError(error), String(error)).to.equal(true)
    expect((error as Error).name, (error as Error).message).to.equal(name)
    expect((error as Error).message).to.match(message)
    return
  }
  expect.fail(`expected a ${name}`)
}

interface User {
  id?: number
  name?: string
  age?: number
  active?: boolean
  born?: Date
  data?: unknown
}

const users = `CREATE TABLE users (
  id INTEGER PRIMARY KEY, full_name VARCHAR(80) NOT NULL, age INT, active BOOLEAN, born DATETIME, data JSON,
  email TEXT COLLATE NOCASE UNIQUE, shout TEXT AS (upper(full_name)), untold TEXT DEFAULT 'kept'
);
INSERT INTO users (id, full_name, age, active, born, data) VALUES
  (3, 'Cy', 36, 1, '2020-01-02 03:04:05', '{"a":[1]}'),
  (1, 'Ada', NULL, 0, '1815-12-10', 'not json'),
  (2, 'Bo', 'old', 7, 'soon', 5)`

const columns = {
  name: { type: 'string', column: 'full_name' },
  age: 'integer',
  active: 'boolean',
  born: 'date',
  data: 'json',
} as const

describe('sqlite, tables of columns', () => {
  it('reads the rows of others as well as they can be', () => {
    const { path } = existing(users)
    const store = sqlite<User, number>({ path, table: 'users', columns })
    expect([...store.query()]).to.deep.equal([
      { id: 1, name: 'Ada', active: false, born: new Date('1815-12-10T00:00:00Z'), data: 'not json' },
      { id: 2, name: 'Bo', age: 'old', active: 7, born: 'soon', data: 5 },
      { id: 3, name: 'Cy', age: 36, active: true, born: new Date('2020-01-02T03:04:05Z'), data: { a: [1] } },
    ])
    expect([...store.query('born>date:1900-01-01&active=true')].map(({ id }) => id)).to.deep.equal([3])
    expect([...store.query('active>0&sort(-id)')].map(({ id }) => id)).to.deep.equal([2])
    store.close()
  })

  it('writes what other programs can read, and leaves alone what it was not told of', () => {
    const { path, rows } = existing(users)
    const store = sqlite<User, number>({ path, table: 'users', columns })
    store.put({ id: 1, name: 'Ada', age: 36, active: true, born: new Date(0), data: [1n, new Date(5)] })
    expect(store.get(1)?.data).to.deep.equal([1n, new Date(5)])
    store.close()
    expect(rows('SELECT * FROM users WHERE id = 1')).to.deep.equal([
      {
        id: 1,
        full_name: 'Ada',
        age: 36,
        active: 1,
        born: '1970-01-01T00:00:00.000Z',
        data: '[{"$bigint":"1"},{"$date":"1970-01-01T00:00:00.005Z"}]',
        email: null,
        shout: 'ADA',
        untold: 'kept',
      },
    ])
  })

  it('lets the database number the rows', () => {
    const { path } = existing(users)
    const store = sqlite<User, number>({ path, table: 'users', columns })
    expect(store.add({ name: 'Di' })).to.equal(4)
    expect(store.put({ name: 'Ed', age: 5 })).to.equal(5)
    expect(store.get(5)).to.deep.equal({ id: 5, name: 'Ed', age: 5 })
    const changes = store.subscribe()[Symbol.asyncIterator]()
    expect(store.put({ name: 'Flo' })).to.equal(6)
    store.close()
    return changes
      .next()
      .then(({ value }) => expect(value).to.deep.equal({ type: 'put', id: 6, object: { id: 6, name: 'Flo' } }))
  })

  it('makes a table that numbers its rows', () => {
    const path = join(folder, 'numbered.db')
    const store = sqlite<User, number>({ path, columns, generateId: 'database' })
    expect([store.put({ name: 'a' }), store.put({ name: 'b' })]).to.deep.equal([1, 2])
    store.delete(1)
    store.close()
    const again = sqlite<User, number>({ path, columns })
    expect(again.put({ name: 'c' })).to.equal(3)
    again.close()
  })

  it('keeps the ids of a column of text as text', () => {
    const { path } = existing(
      "CREATE TABLE t (id TEXT PRIMARY KEY, n INT); INSERT INTO t VALUES ('10', 1), ('9', 2), ('x', 3)",
    )
    const store = sqlite({ path, table: 't', columns: { n: 'integer' } })
    expect([...store.query()].map(({ id }) => id)).to.deep.equal(['9', '10', 'x'])
    expect([...store.query('sort(id)')].map(({ id }) => id)).to.deep.equal(['10', '9', 'x'])
    expect(store.get(9)).to.deep.equal({ id: '9', n: 2 })
    expect(store.put({ n: 5 }, { id: 9 })).to.equal('9')
    refused(() => store.put({ id: 9, n: 5 }), 'DataError', /id/)
    store.close()
  })

  it('finds large integers by their decimal strings', () => {
    const { path } = existing(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, n INT);
       INSERT INTO t VALUES (9007199254740993, 9007199254740993), (5, 5)`,
    )
    const store = sqlite({ path, table: 't', columns: { n: 'integer' } })
    expect(store.get('9007199254740993')).to.deep.equal({ id: '9007199254740993', n: 9007199254740993n })
    expect([...store.query('id>1')]).to.deep.equal([{ id: 5, n: 5 }])
    expect([...store.query('sort(-n)&limit(1)')].map(({ id }) => id)).to.deep.equal(['9007199254740993'])
    expect([...store.query('sort(-id)&limit(1)')].map(({ id }) => id)).to.deep.equal(['9007199254740993'])
    expect(store.delete('9007199254740993')).to.equal(true)
    expect(store.get('abc')).to.equal(undefined)
    expect(store.delete('abc')).to.equal(false)
    store.close()
  })

  it('refuses what it would lose or change, and stores nothing of it', () => {
    const { path } = existing(users)
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
    for (const [object, message] of given) refused(() => store.put(object), 'DataError', message)
    refused(() => store.put({ age: 5 }), 'ConstraintError', /full_name/)
    expect([...store.query()]).to.deep.equal(before)
    store.close()
  })

  it('refuses columns that change values, are not there or are not to be written', () => {
    const { path } = existing(`${users}; CREATE TABLE loose (id INT, n TEXT); CREATE VIEW seen AS SELECT * FROM users;
      CREATE TABLE folded (id TEXT COLLATE NOCASE PRIMARY KEY); CREATE TABLE texts (id TEXT PRIMARY KEY)`)
    const open = (table: string, columns: object) => () => sqlite({ path, table, columns })
    refused(open('users', { none: 'string' }), 'NotFoundError', /no column none/)
    refused(open('users', { shout: 'string' }), 'NotSupportedError', /generated/)
    refused(open('users', { email: 'integer' }), 'NotSupportedError', /email/)
    refused(open('loose', {}), 'NotSupportedError', /not unique/)
    refused(open('folded', {}), 'NotSupportedError', /not unique/)
    refused(open('seen', {}), 'NotSupportedError', /view/)
    expect(open('users', { full_name: 'text' })).to.throw(TypeError, 'text')
    expect(() => sqlite({ path, table: 'texts', columns: {}, generateId: 'database' })).to.throw('INTEGER PRIMARY KEY')
  })

  it('does not take text for a number in a column that would', () => {
    const { path } = existing('CREATE TABLE t (id INTEGER PRIMARY KEY, s STRING, n NUMERIC)')
    const store = sqlite<{ id: number; s?: string; n?: number }>({
      path,
      table: 't',
      columns: { s: 'string', n: 'number' },
    })
    refused(() => store.put({ id: 1, s: '007' }), 'DataError', /cannot hold s/)
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

  it('compares text by its bytes, whatever the column does', () => {
    const { path } = existing(users)
    const store = sqlite<Record<string, unknown>>({ path, table: 'users', columns: { ...columns, email: 'string' } })
    store.put({ id: 8, name: 'x', email: 'A@x' })
    expect(store.count('email=a@x')).to.equal(0)
    expect(store.count('email=A@x')).to.equal(1)
    expect(store.count('email>=B')).to.equal(0)
    refused(() => store.put({ id: 9, name: 'y', email: 'a@X' }), 'ConstraintError', /email/)
    store.close()
  })

  it('indexes columns, and refuses to promise what it cannot compare', () => {
    const { path } = existing(users)
    const store = sqlite<Record<string, unknown>>({ path, table: 'users', columns, indexes: ['name', 'none'] })
    store.setSchema({ properties: { name: { unique: true }, data: { index: true }, more: { index: true } } })
    refused(() => store.put({ id: 9, name: 'Ada' }), 'ConstraintError', /name must be unique/)
    refused(() => store.setSchema({ properties: { data: { unique: true } } }), 'NotSupportedError', /data/)
    refused(() => store.setSchema({ properties: { more: { unique: true } } }), 'NotSupportedError', /more/)
    store.close()
  })

  it('keeps the rest in a document, and nothing there if there is no rest', () => {
    const path = join(folder, 'rest.db')
    const store = sqlite({ path, columns: { name: 'string', age: 'integer' }, objectColumn: 'rest' })
    const objects = [
      { id: 1, name: 'Ada', age: 36 },
      { id: 2, name: 'Bo', more: new Date(5) },
      { id: 3, name: null, age: 'old' },
      { age: 5, id: 4, name: 'Di' },
      { more: 1, id: '5', name: 'Ed' },
    ]
    for (const object of objects) store.put(object)
    expect([...store.query()].map(each => Object.entries(each))).to.deep.equal(
      objects.map(each => Object.entries(each)),
    )
    expect([...store.query('age=old')].map(({ id }) => id)).to.deep.equal([3])
    store.close()
    const rows = new Database(path, { readonly: true }).prepare('SELECT * FROM objects').raw().all()
    expect(rows).to.deep.equal([
      [1, 'Ada', 36, null],
      [2, 'Bo', null, '{"more":{"$date":"1970-01-01T00:00:00.005Z"}}'],
      [3, null, null, ' {"name":null,"age":"old"}'],
      [4, 'Di', 5, '{"age":null,"id":null,"name":null}'],
      [5, 'Ed', null, ' {"more":1,"id":"5","name":null}'],
    ])
  })
})
