import Database from 'better-sqlite3'
import { expect } from 'chai'
import { sqlite } from '../../stores/sqlite.js'
import { columnsOf, executed, files, rowsOf } from './sqlite-files.js'

const { newPath } = files()
const relaxed = { durability: 'relaxed' } as const

describe('sqlite, side columns', () => {
  it('keep the document last in a table that is empty, whenever they are asked for', () => {
    const path = newPath()
    const store = sqlite({ path, indexes: ['a'], ...relaxed })
    store.setSchema({ properties: { b: { unique: true }, c: { index: true }, d: {} } })
    store.setSchema({ properties: { b: { index: true } } })
    store.put({ id: 1, a: 1, b: 2, c: 3 })
    expect(() => store.put({ id: 2, b: 2 })).to.throw('b must be unique, and 2 is taken')
    store.close()
    expect(columnsOf(path)).to.deep.equal(['id', '/a', '/b', '/c', 'object'])
  })

  it('are filled from what is stored', () => {
    const path = newPath()
    const store = sqlite({ path, ...relaxed })
    for (let n = 0; n < 2500; n++) store.put({ id: n, n: n % 7, nested: { n: [n] } })
    store.put({ id: 'big', n: 2n ** 80n })
    store.setSchema({ properties: { n: { index: true } } })
    expect(store.count('n=3')).to.equal(357)
    expect([...store.query('n>6')].map(({ id }) => id)).to.deep.equal(['big'])
    store.close()
    const again = sqlite({ path, indexes: [['nested', 'n']], ...relaxed })
    expect([...again.query('nested/n=$1', { parameters: [[99]] })].map(({ id }) => id)).to.deep.equal([99])
    again.close()
    expect(columnsOf(path)).to.deep.equal(['id', 'object', '/n', '/nested/n'])
  })

  it('are known again at the next opening, and kept up to date', () => {
    const path = newPath()
    sqlite({ path, indexes: ['n', { path: 'email', unique: true }], ...relaxed }).close()
    const store = sqlite({ path, ...relaxed })
    store.put({ id: 1, n: 5, email: 'a' })
    expect(() => store.put({ id: 2, email: 'a' })).to.throw('email must be unique')
    store.put({ id: 1, n: 6, email: 'a' })
    store.close()
    expect(rowsOf(path, 'SELECT "/n", "/email" FROM objects')).to.deep.equal([[6, 'a']])
  })

  it('are named after their properties, whatever these are called', () => {
    const path = newPath()
    const names = [
      'Name',
      'name',
      'NAME',
      'a/b',
      'a~b',
      'a%b',
      '%41',
      '"',
      '',
      ' ',
      'é',
      'É',
      '\0',
      '\n',
      '__proto__',
      'object',
      'id2',
    ]
    const store = sqlite({ path, indexes: [...names, ['a', 'b'], ['A', '']], ...relaxed })
    store.close()
    const again = sqlite({ path, indexes: [...names, ['a', 'b'], ['A', '']], ...relaxed })
    expect(columnsOf(path).length).to.equal(names.length + 4)
    for (const [n, name] of names.entries()) {
      again.put(JSON.parse(`{"id": ${n}, ${JSON.stringify(name)}: "v${n}"}`))
    }
    for (const [n, name] of names.entries()) {
      const [row] = rowsOf(path, 'SELECT * FROM objects WHERE id = ?', n)
      expect(row?.filter(cell => cell === `v${n}`).length, name).to.equal(1)
    }
    again.put({ id: 'nested', a: { b: 'deep' } })
    expect([...again.query('a/b=deep')].map(({ id }) => id)).to.deep.equal(['nested'])
    again.close()
    expect(columnsOf(path)).to.include.members(['/Name', '/a/b', '/a~1b', '/a~0b', '/a%25b', '/%2541', '/"', '/'])
  })

  it('hold what SQLite has no type for as bytes that begin with the rank', () => {
    const path = newPath()
    const store = sqlite({ path, indexes: ['v'], ...relaxed })
    const values = [1, 1.5, 7n, 'x', true, new Date(0), [1], { a: 1 }, Uint8Array.of(1), 2n ** 70n, null]
    for (const [id, v] of values.entries()) store.put({ id, v })
    store.close()
    const cells = rowsOf(
      path,
      `SELECT typeof("/v"), CASE typeof("/v") WHEN 'blob' THEN hex(substr("/v", 1, 1)) END FROM objects ORDER BY id`,
    )
    expect(cells).to.deep.equal([
      ['integer', null],
      ['real', null],
      ['integer', null],
      ['text', null],
      ...['01', '03', '06', '07', '05', '02'].map(rank => ['blob', rank]),
      ['null', null],
    ])
  })

  it('tell values apart that are nearly the same, and none that are equal', () => {
    const store = sqlite({ path: newPath(), indexes: [{ path: 'v', unique: true }], ...relaxed })
    const values = [
      2n ** 70n,
      2n ** 70n + 1n,
      2 ** 63,
      2n ** 63n - 1n,
      1e300,
      10n ** 300n,
      -1e300,
      0.1,
      [1],
      [[1]],
      { a: 1, b: 2 },
      { a: 1 },
    ]
    for (const [id, v] of values.entries()) store.put({ id, v })
    const equals = [2 ** 70, BigInt(1e300), [1n], { b: 2, a: 1 }]
    for (const v of equals) expect(() => store.put({ id: 'x', v }), String(v)).to.throw('v must be unique')
    for (const [id, v] of values.entries()) {
      expect(
        [...store.query('v=$1', { parameters: [v] })].map(each => each.id),
        String(v),
      ).to.deep.equal([id])
    }
    store.close()
  })

  it('are filled by a store that was opened before another process added them', () => {
    const path = newPath()
    const early = sqlite({ path, ...relaxed })
    early.put({ id: 1, n: 1 })
    // another database object with the same file is as good as another process
    const late = sqlite({ database: new Database(path), indexes: ['n'] })
    early.put({ id: 2, n: 2 })
    early.add({ id: 3, n: 3 })
    const tx = early.transaction()
    if (!(tx instanceof Promise)) {
      tx.put?.({ id: 1, n: 4 })
      tx.commit()
    }
    late.close()
    early.close()
    expect(rowsOf(path, 'SELECT id, "/n" FROM objects ORDER BY id')).to.deep.equal([
      [1, 4],
      [2, 2],
      [3, 3],
    ])
  })

  it('cannot be added while a transaction is open, and then can', async () => {
    const store = sqlite({ path: newPath(), ...relaxed })
    const tx = await store.transaction()
    expect(() => store.setSchema({ properties: { n: { index: true } } })).to.throw('transaction')
    await tx.abort()
    store.setSchema({ properties: { n: { index: true } } })
    const other = await store.transaction()
    store.setSchema({ properties: { n: { index: true } } })
    await other.abort()
    store.close()
  })

  it('leave everything as it was if what is stored is not unique', () => {
    const path = newPath()
    const store = sqlite({ path, ...relaxed })
    store.put({ id: 1, n: 1 })
    store.put({ id: 2, n: 1 })
    expect(() => store.setSchema({ properties: { m: { index: true }, n: { unique: true } } })).to.throw(
      'n must be unique',
    )
    expect(columnsOf(path)).to.deep.equal(['id', 'object'])
    store.put({ id: 3, n: 1 })
    store.close()
  })

  it('do not take the triggers and indexes of others from a table', () => {
    const path = newPath()
    sqlite({ path, ...relaxed }).close()
    executed(
      path,
      'CREATE TABLE log (id); CREATE TRIGGER mine AFTER INSERT ON objects BEGIN INSERT INTO log VALUES (new.id); END',
    )
    const store = sqlite({ path, indexes: ['n'], ...relaxed })
    store.put({ id: 1, n: 1 })
    store.close()
    expect(rowsOf(path, 'SELECT * FROM log')).to.deep.equal([[1]])
  })
})
