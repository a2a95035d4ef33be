import { join } from 'node:path'
import { batches, idOf, nameOf, numbers, objects } from '../data/objects.mjs'
import { timed } from '../harness/measure.mjs'
import { library } from '../library.mjs'
import { openRaw, schemaOf } from './raw.mjs'

const raw = 'better-sqlite3'
const indexes = ['name', 'age']
let opened = 0

/** The store against prepared statements on the same tables, with the same pragmas and the same JSON. */
export default {
  title: 'documents in SQLite, strict',
  operations: ['get', 'putTogether', 'putAlone', 'equality', 'range', 'count'],
  waiting: ['putTogether', 'putAlone'],
  rounds: 6,
  slice: 150,
  variants: {
    async [raw](folder) {
      const { statements, columns } = schemaOf(await emptyStore(folder))
      const database = openRaw(join(folder, `raw-${process.pid}.db`))
      for (const sql of statements) database.exec(sql)
      const names = columns.map(name => `"${name}"`)
      const others = names.filter(name => name !== '"id"')
      const upsert = database.prepare(
        `INSERT INTO users VALUES (${names.map(() => '?')}) ON CONFLICT (id) DO UPDATE SET ${others.map(name => `${name} = excluded.${name}`)}`,
      )
      const [get, equality, range] = ['id = ?', '"/name" = ? ORDER BY id', '"/age" >= ? ORDER BY id'].map(where =>
        database.prepare(`SELECT object FROM users WHERE ${where}`).pluck(),
      )
      const count = database.prepare('SELECT count(*) FROM users WHERE "/age" >= ?').pluck()
      const value = { id: 'id', object: undefined, '/name': 'name', '/age': 'age' }
      const put = object =>
        upsert.run(columns.map(name => (name === 'object' ? JSON.stringify(object) : object[value[name]])))
      return operations({
        get: id => JSON.parse(get.get(id)),
        put,
        putAll: database.transaction(all => {
          for (const object of all) put(object)
        }),
        equality: name => equality.all(name).map(text => JSON.parse(text)),
        range: age => range.all(age).map(text => JSON.parse(text)),
        count: age => count.get(age),
        end: () => database.close(),
      })
    },
    async Holdfast(folder) {
      const { sqlite } = await library('stores/sqlite.js')
      const store = sqlite({ path: join(folder, `store-${process.pid}.db`), table: 'users', indexes })
      return operations({
        get: id => store.get(id),
        put: object => store.put(object),
        async putAll(all) {
          const tx = await store.transaction()
          for (const object of all) tx.put(object)
          await tx.commit()
        },
        equality: name => [...store.query(`name=${encodeURIComponent(name)}`)],
        range: age => [...store.query(`age>=${age}`)],
        count: age => store.count(`age>=${age}`),
        end: () => store.close(),
      })
    },
  },
  rows: [
    { what: 'sqlite: get by id, 10⁵ objects', operation: 'get' },
    { what: 'sqlite: put, 1,000 in a transaction', operation: 'putTogether' },
    { what: 'sqlite: put, each on its own', operation: 'putAlone' },
    { what: 'sqlite: indexed equality, 50 of 10⁵', operation: 'equality' },
    { what: 'sqlite: range, 10,000 of 10⁵', operation: 'range' },
    { what: 'sqlite: count of a range, 10,000 of 10⁵', operation: 'count', goal: {} },
  ].map(row => ({ to: raw, goal: { speed: 0.8 }, ...row })),
}

/** The path of a store that has its tables and nothing in them. */
async function emptyStore(folder) {
  const { sqlite } = await library('stores/sqlite.js')
  const path = join(folder, `empty-${process.pid}-${opened++}.db`)
  const store = sqlite({ path, table: 'users', indexes })
  await store.close()
  return path
}

const nextIds = batches(numbers().map(idOf), 256)
const nextNumbers = batches(numbers(), 1000)
const nextFew = batches(numbers(undefined, 3), 20)
const nextNames = batches(numbers().map(nameOf), 10)

async function operations({ get, put, putAll, equality, range, count, end }) {
  const source = objects()
  await putAll(source)
  return {
    end,
    answer: async () => [get(idOf(7)), (await equality(nameOf(7))).length, (await range(90)).length, await count(90)],
    get() {
      const ids = nextIds()
      for (const id of ids) if (get(id).age === 0) throw new Error('not found')
      return ids.length
    },
    putTogether() {
      const chosen = nextNumbers().map(number => source[number])
      return timed(chosen.length, () => putAll(chosen))
    },
    async putAlone() {
      const chosen = nextFew()
      for (const number of chosen) await put(source[number])
      return chosen.length
    },
    equality() {
      const names = nextNames()
      for (const name of names) if (equality(name).length === 0) throw new Error('nothing was found')
      return names.length
    },
    range: () => Math.sign(range(90).length),
    count: () => Math.sign(count(90)),
  }
}
