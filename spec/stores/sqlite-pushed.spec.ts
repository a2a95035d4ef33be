import Database from 'better-sqlite3'
import { expect } from 'chai'
import { sqlite } from '../../stores/sqlite.js'
import { files } from './sqlite-files.js'
import { sqlOf } from './sqlite-statements.js'

const path = files().newPath()

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
  let store = sqlite({ path, durability: 'relaxed', indexes: ['age', 'city'] })
  before(() => {
    for (let n = 0; n < 50; n++) store.put({ id: `u${n}`, age: n % 10, city: ['Oslo', 'Rome'][n % 2], name: `${n}` })
  })
  beforeEach(() => {
    // no statement is prepared yet
    store.close()
    store = sqlite({ path, durability: 'relaxed' })
  })
  after(() => store.close())

  for (const [query, sql] of cases) {
    it(query, () => {
      const texts = sqlOf(() => [...store.query(query)])
      expect(texts.join('\n')).to.match(sql)
    })
  }

  it('uses an index for each of them that can', () => {
    const database = new Database(path)
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
