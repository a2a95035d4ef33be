import { expect } from 'chai'
import { sqlite } from '../../stores/sqlite.js'
import { columnsOf, files } from './sqlite-files.js'

const { existing, newPath } = files()
const relaxed = { durability: 'relaxed' } as const

describe('sqlite, the table', () => {
  const foreign: [string, RegExp][] = [
    ['CREATE TABLE objects (id INTEGER PRIMARY KEY, name TEXT)', /no column object/],
    ['CREATE TABLE objects (id PRIMARY KEY, name, object TEXT NOT NULL) WITHOUT ROWID', /column name/],
    ['CREATE TABLE objects (id TEXT PRIMARY KEY, object TEXT NOT NULL) WITHOUT ROWID', /column id is of a type/],
    ['CREATE TABLE objects (id, object TEXT NOT NULL)', /primary key/],
    ['CREATE TABLE objects (id, v, object TEXT, PRIMARY KEY (id, v)) WITHOUT ROWID', /primary key/],
    [
      'CREATE TABLE objects (id PRIMARY KEY, "/a" INTEGER, object TEXT NOT NULL) WITHOUT ROWID',
      /column \/a is of a type/,
    ],
    ['CREATE TABLE objects (id PRIMARY KEY, "/%zz", object TEXT NOT NULL) WITHOUT ROWID', /%zz/],
    ['CREATE VIEW objects AS SELECT 1 AS id, 2 AS object', /view/],
    ['CREATE VIRTUAL TABLE objects USING fts5(id, object)', /virtual/],
  ]
  for (const [sql, message] of foreign) {
    it(`is refused: ${sql}`, () => {
      expect(() => sqlite({ path: existing(sql), ...relaxed }))
        .to.throw(message)
        .with.property('name', 'NotSupportedError')
    })
  }

  it('is one of several in a file, under any name', () => {
    const path = newPath()
    const names = ['users', 'Orders', 'a "b" c', 'a/b', "it's", 'select', '; DROP TABLE users; --', 'é']
    const stores = names.map(table => sqlite({ path, table, indexes: ['n'], ...relaxed }))
    for (const [n, store] of stores.entries()) store.put({ id: 1, n })
    for (const [n, store] of stores.entries()) expect([...store.query(`n=${n}`)]).to.deep.equal([{ id: 1, n }])
    for (const store of stores) store.close()
  })

  it('is that of a store which only reads only if it is there, and stays as it is', () => {
    const path = newPath()
    const store = sqlite({ path, ...relaxed })
    store.put({ id: 1, n: 1 })
    const reading = sqlite({ path, readonly: true, indexes: ['n'] })
    reading.setSchema({ properties: { n: { unique: true } } })
    expect([...reading.query('n=1')]).to.deep.equal([{ id: 1, n: 1 }])
    store.put({ id: 1, n: 2 })
    expect(reading.get(1)).to.deep.equal({ id: 1, n: 2 })
    expect(() => sqlite({ path, readonly: true, table: 'none' })).to.throw('no table none')
    reading.close()
    store.close()
    expect(columnsOf(path)).to.deep.equal(['id', 'object'])
  })
})
