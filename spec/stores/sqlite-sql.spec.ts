import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { expression } from '../../lib/query/expression.js'
import { memory } from '../../stores/memory.js'
import { type ColumnDefinitions, sqlite } from '../../stores/sqlite.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { randomObject } from '../oracle/values.js'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-sqlite-'))
after(() => rmSync(folder, { recursive: true }))

const { prototype } = Database
const { prepare, exec } = prototype

/** All SQL that is given to SQLite while the work is done. */
function sqlOf(work: () => void): string[] {
  const texts: string[] = []
  prototype.prepare = function (this: typeof prototype, sql: string) {
    texts.push(sql)
    return prepare.call(this, sql)
  } as typeof prepare
  prototype.exec = function (this: typeof prototype, sql: string) {
    texts.push(sql)
    return exec.call(this, sql)
  } as typeof exec
  try {
    work()
  } finally {
    prototype.prepare = prepare
    prototype.exec = exec
  }
  return texts
}

const words =
  `ADD ALTER AND AS ASC BEGIN BETWEEN BY CASE CAST COLLATE BINARY COLUMN COMMIT CONFLICT COUNT CREATE DELETE DESC DO
  DROP ELSE END EXISTS FILTER FROM FULL IF IMMEDIATE IN INDEX INSERT INTEGER INTO IS KEY LIMIT NOCASE NOT NOTHING NULL
  OFF OFFSET ON OR ORDER PART PRAGMA PRIMARY REAL RETURNING ROLLBACK
  ROWID SELECT SET TABLE TEXT THEN TRUE UNION ALL UNIQUE
  UPDATE VALUES WAL WHEN WHERE WITHOUT BLOB EXCLUDED ABS MAX MIN TOTAL TYPEOF UNHEX VALUE JSON_EACH BUSY_TIMEOUT
  CELL_SIZE_CHECK ENCODING FULLFSYNC JOURNAL_MODE SYNCHRONOUS TRUSTED_SCHEMA NORMAL PRAGMA_TABLE_LIST PRAGMA_TABLE_XINFO
  ORIGIN PRAGMA_INDEX_LIST PRAGMA_INDEX_XINFO LIST NAME TYPE WR PK HIDDEN CID PARTIAL COLL SEQ SEQNO
  SCHEMA SQLITE_SCHEMA TBL_NAME`.split(/\s+/)
const literals = [
  ...Array.from({ length: 8 }, (_, rank) => `x'0${rank + 1}'`),
  "x''",
  "''",
  "'{'",
  "'main'",
  "'trigger'",
]
literals.push(
  "'integer'",
  "'real'",
  '0',
  '1',
  '1.0',
  '10',
  '1000',
  '1001',
  '5000',
  '9007199254740991',
  '9007199254740992',
)
const symbols = [...'(),=<>?.*;-+']

const allowed = (names: readonly string[]) =>
  new Set([...words, ...literals, ...symbols, ...names.map(name => `"${name.replaceAll('"', '""')}"`)])

function tokensOf(texts: readonly string[]): Set<string> {
  const tokens = new Set<string>()
  for (const text of texts) {
    for (const [token] of text.matchAll(/"(?:[^"]|"")*"|x?'[^']*'|\d+(?:\.\d+)?|\w+|[^\s\w]/g)) {
      tokens.add(/^[a-z_]/i.test(token) && !token.includes("'") ? token.toUpperCase() : token)
    }
  }
  return tokens
}

describe('sqlite, the SQL', () => {
  const seed = newSeed()
  const modes: [string, object, string[]][] = [
    [
      'documents',
      { indexes: ['a', 'b', ['a', 'b']] },
      ['/a', '/b', '/a/b', 'object', 'objects/a', 'objects/b', 'objects/a/b', 'objects marked', 'unique'],
    ],
    [
      'columns',
      {
        columns: { a: 'string', b: { type: 'integer', column: 'b " c' } } as ColumnDefinitions<object>,
        objectColumn: 'rest',
      },
      ['a', 'b " c', 'rest', 'objects/a', 'objects/b " c', 'objects marked', 'unique', 'partial'],
    ],
  ]
  for (const [kind, options, names] of modes) {
    it(`has nothing in it that came from data or from a query: ${kind}, SEED=${seed}`, () => {
      const chance = random(seed)
      const texts = sqlOf(() => exercise(join(folder, `${kind}.db`), options, chance))
      const foreign = [...tokensOf(texts)].filter(token => !allowed(['objects', 'id', 'unique', ...names]).has(token))
      expect(foreign).to.deep.equal([])
      expect(texts.length).to.be.greaterThan(100)
    })
  }

  it('is as long for a list of 100,000 as for one of 2', () => {
    const store = sqlite({ path: join(folder, 'long.db'), indexes: ['n'] })
    for (let n = 0; n < 10; n++) store.put({ id: n, n })
    const list = Array.from({ length: 100_000 }, (_, n) => (n % 3 ? n : `${n}`))
    const queries = [
      expression('in', 'n', list),
      expression('in', 'id', list),
      expression('out', 'n', list),
      expression('or', ...list.slice(0, 5000).map(n => expression('eq', 'n', n))),
    ]
    const reference = memory({ objects: [...store.query()] })
    for (const query of queries) expect([...store.query(query)]).to.deep.equal([...reference.query(query)])
    const dates = expression(
      'in',
      'n',
      Array.from({ length: 50_000 }, (_, n) => new Date(n)),
    )
    const fractions = expression(
      'in',
      'n',
      Array.from({ length: 50_000 }, (_, n) => n + 0.5),
    )
    expect(store.count(dates) + store.count(fractions)).to.equal(0)
    store.close()
  })

  it('stays within the limits of SQLite for any query', () => {
    const store = sqlite({ path: join(folder, 'deep.db'), indexes: ['n'] })
    for (let n = 0; n < 10; n++) store.put({ id: n, n })
    const reference = memory({ objects: [...store.query()] })
    let deep = expression('gt', 'n', 2)
    for (let level = 0; level < 40; level++) deep = expression(level % 2 ? 'or' : 'not', deep)
    const terms = Array.from({ length: 3000 }, (_, n) => expression(n % 2 ? 'gt' : 'ne', 'n', -n))
    for (const query of [deep, expression('and', ...terms), expression('or', ...terms)]) {
      expect([...store.query(query)]).to.deep.equal([...reference.query(query)])
      expect(store.count(query)).to.equal(reference.count(query))
    }
    store.close()
  })
})

/** Everything a store does, with strange names and values. */
function exercise(path: string, options: object, chance: Random): void {
  const store = sqlite<Record<string, unknown>>({ path, durability: 'relaxed', ...options })
  store.put({ id: 'first' })
  store.setSchema({ properties: { a: { index: true } } })
  const strange = () =>
    chance.pick(['a', 'b', 'id', `x"'${chance.below(100)}`, '"; DROP TABLE objects; --', "'", '__proto__', '?'])
  const value = () =>
    chance.pick<unknown>([1, -1, 2 ** 70, 5n, 1.5, true, null, new Date(5), strange(), [1], { x: 1 }, Uint8Array.of(1)])
  for (let step = 0; step < 300; step++) {
    const id = chance.pick([`"${step}'`, step, '; --', `$${step}`])
    const object = { ...randomObject(chance), id, a: value(), b: value() }
    attempt(() => store.put(object))
    attempt(() => store.add({ ...object }))
    attempt(() => store.put(object, { ifNoneMatch: '*' }))
    if (chance.chance(0.3)) store.delete(id)
    store.get(id)
    const condition = expression(
      chance.pick(['eq', 'ne', 'lt', 'ge']),
      chance.pick([strange(), [strange(), strange()]]),
      value(),
    )
    const list = expression(chance.pick(['in', 'out']), strange(), [value(), value(), value()])
    const query = expression(
      'and',
      expression(chance.pick(['and', 'or']), condition, list),
      expression('sort', `-${strange()}`, strange()),
      expression('limit', chance.below(1000), chance.below(3)),
    )
    for (const _ of store.query(query)) break
    store.count(query)
    for (const name of ['sum', 'min', 'max'])
      for (const _ of store.query(expression('and', condition, expression(name, 'a')))) break
  }
  const tx = store.transaction()
  if (!(tx instanceof Promise)) tx.abort()
  store.close()
}

function attempt(work: () => unknown): void {
  try {
    work()
  } catch (error) {
    expect((error as Error).name).to.be.oneOf(['ConstraintError', 'PreconditionFailedError', 'DataError'])
  }
}

describe('sqlite, what SQLite does itself', () => {
  const cases: [query: string, sql: RegExp][] = [
    ['age=5', /WHERE "\/age" = \? ORDER BY "id"/],
    ['age>=5&age<7', /"\/age" >= \? AND "\/age" < \?/],
    ['age>5', /"\/age" > \? AND|"\/age" > \? /],
    ['in(age,(5,6,7))', /"\/age" IN \(SELECT value FROM json_each\(\?\)\)/],
    ['age=5|city=Oslo', /\("\/age" = \?\) OR \("\/city" = \?\)/],
    ['not(city=Oslo)', /\("\/city" = \?\) IS NOT TRUE/],
    ['exists(city)', /"\/city" IS NOT NULL/],
    ['city=Oslo&sort(-age)&limit(5,2)', /ORDER BY "\/age" DESC, "id" LIMIT \? \+ 0 OFFSET \? \+ 0/],
    ['sort(city,-age)', /ORDER BY "\/city", "\/age" DESC, "id"/],
    ['sort(-id)&limit(3)', /ORDER BY "id" DESC, "id" LIMIT/],
    ['id=u7', /WHERE "id" = \?/],
    ['count()', /SELECT count\(\*\) FROM "objects"/],
    ['city=Oslo&sum(age)', /total\("\/age"\).*WHERE "\/city" = \?/],
    ['max(age)', /SELECT min\("\/age"\), max\("\/age"\) FROM "objects"/],
  ]
  let store = sqlite({ path: join(folder, 'pushed.db'), durability: 'relaxed', indexes: ['age', 'city'] })
  before(() => {
    for (let n = 0; n < 50; n++) store.put({ id: `u${n}`, age: n % 10, city: ['Oslo', 'Rome'][n % 2], name: `${n}` })
  })
  beforeEach(() => {
    // no statement is prepared yet
    store.close()
    store = sqlite({ path: join(folder, 'pushed.db'), durability: 'relaxed' })
  })
  after(() => store.close())

  for (const [query, sql] of cases) {
    it(query, () => {
      const texts = sqlOf(() => [...store.query(query)])
      expect(texts.join('\n')).to.match(sql)
    })
  }

  it('uses an index for each of them that can', () => {
    const database = new Database(join(folder, 'pushed.db'))
    for (const query of [
      'age=5',
      'age>5',
      'in(age,(5,6))',
      'age=5|city=Oslo',
      'id=u7',
      'in(id,(u1,u2))',
      'city=Oslo&age>3',
    ]) {
      const text = sqlOf(() => [...store.query(query)]).find(each => each.startsWith('SELECT "object"')) as string
      const parameters = Array.from(text.matchAll(/\?/g), () => '[]')
      const plan = database.prepare(`EXPLAIN QUERY PLAN ${text}`).all(parameters) as { detail: string }[]
      expect(plan.map(({ detail }) => detail).join('; '), query).to.not.match(/SCAN "?objects/)
    }
    database.close()
  })

  it('counts without reading an object', () => {
    const texts = sqlOf(() => store.count('age>5&city=Oslo'))
    expect(texts.filter(text => text.includes('"object"') && !text.includes('<'))).to.deep.equal([])
  })
})
