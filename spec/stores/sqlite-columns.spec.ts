import { expect } from 'chai'
import { sqlite } from '../../stores/sqlite.js'
import { refused } from '../lib/query/refusal.js'
import { files, rowsOf } from './sqlite-files.js'
import { columns, type User, users } from './sqlite-users.js'

const { existing, newPath } = files()

describe('sqlite, tables of columns', () => {
  it('reads the rows of others as well as they can be', () => {
    const path = existing(users)
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
    const path = existing(users)
    const store = sqlite<User, number>({ path, table: 'users', columns })
    store.put({ id: 1, name: 'Ada', age: 36, active: true, born: new Date(0), data: [1n, new Date(5)] })
    expect(store.get(1)?.data).to.deep.equal([1n, new Date(5)])
    store.close()
    expect(rowsOf(path, 'SELECT * FROM users WHERE id = 1')).to.deep.equal([
      [
        ...[1, 'Ada', 36, 1, '1970-01-01T00:00:00.000Z'],
        ...['[{"$bigint":"1"},{"$date":"1970-01-01T00:00:00.005Z"}]', null, 'ADA', 'kept'],
      ],
    ])
  })

  it('lets the database number the rows', () => {
    const path = existing(users)
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
    const path = newPath()
    const store = sqlite<User, number>({ path, columns, generateId: 'database' })
    expect([store.put({ name: 'a' }), store.put({ name: 'b' })]).to.deep.equal([1, 2])
    store.delete(1)
    store.close()
    const again = sqlite<User, number>({ path, columns })
    expect(again.put({ name: 'c' })).to.equal(3)
    again.close()
  })

  it('keeps the ids of a column of text as text', () => {
    const path = existing(
      "CREATE TABLE t (id TEXT PRIMARY KEY, n INT); INSERT INTO t VALUES ('10', 1), ('9', 2), ('x', 3)",
    )
    const store = sqlite({ path, table: 't', columns: { n: 'integer' } })
    expect([...store.query()].map(({ id }) => id)).to.deep.equal(['9', '10', 'x'])
    expect([...store.query('sort(id)')].map(({ id }) => id)).to.deep.equal(['10', '9', 'x'])
    expect(store.get(9)).to.deep.equal({ id: '9', n: 2 })
    expect(store.put({ n: 5 }, { id: 9 })).to.equal('9')
    refused(() => store.put({ id: 9, n: 5 }), /id/)
    store.close()
  })

  it('finds large integers by their decimal strings', () => {
    const path = existing(
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

  it('compares text by its bytes, whatever the column does', () => {
    const path = existing(users)
    const store = sqlite<Record<string, unknown>>({ path, table: 'users', columns: { ...columns, email: 'string' } })
    store.put({ id: 8, name: 'x', email: 'A@x' })
    expect(store.count('email=a@x')).to.equal(0)
    expect(store.count('email=A@x')).to.equal(1)
    expect(store.count('email>=B')).to.equal(0)
    refused(() => store.put({ id: 9, name: 'y', email: 'a@X' }), /email/, 'ConstraintError')
    store.close()
  })

  it('keeps the rest in a document, and nothing there if there is no rest', () => {
    const path = newPath()
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
    expect(rowsOf(path, 'SELECT * FROM objects')).to.deep.equal([
      [1, 'Ada', 36, null],
      [2, 'Bo', null, '{"more":{"$date":"1970-01-01T00:00:00.005Z"}}'],
      [3, null, null, ' {"name":null,"age":"old"}'],
      [4, 'Di', 5, '{"age":null,"id":null,"name":null}'],
      [5, 'Ed', null, ' {"more":1,"id":"5","name":null}'],
    ])
  })
})
