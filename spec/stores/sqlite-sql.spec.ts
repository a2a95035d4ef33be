import { expect } from 'chai'
import { expression } from '../../lib/query/expression.js'
import { memory } from '../../stores/memory.js'
import { type ColumnDefinitions, sqlite } from '../../stores/sqlite.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { randomObject } from '../oracle/values.js'
import { files } from './sqlite-files.js'
import { sqlOf } from './sqlite-statements.js'

const { newPath } = files()

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
      const texts = sqlOf(() => exercise(newPath(), options, chance))
      const foreign = [...tokensOf(texts)].filter(token => !allowed(['objects', 'id', 'unique', ...names]).has(token))
      expect(foreign).to.deep.equal([])
      expect(texts.length).to.be.greaterThan(100)
    })
  }

  it('is as long for a list of 100,000 as for one of 2', () => {
    const store = sqlite({ path: newPath(), indexes: ['n'] })
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
    const store = sqlite({ path: newPath(), indexes: ['n'] })
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
