import { library } from '../library.mjs'

const loop = 'a loop of `link`'

/** A thousand objects in SQLite with what each links to: all at once, and one by one. */
export default {
  title: 'include of 1,000 to-one links',
  operations: ['all'],
  variants: {
    async include() {
      const db = await staff()
      return {
        answer: async () => sum(await including(db)),
        async all() {
          if (sum(await including(db)) !== total) throw new Error('not found')
          return people
        },
      }
    },
    async [loop]() {
      const db = await staff()
      return {
        answer: async () => sum(await following(db)),
        async all() {
          if (sum(await following(db)) !== total) throw new Error('not found')
          return people
        },
      }
    },
  },
  rows: [
    {
      what: 'links: include of 1,000 to-one links, SQLite',
      operation: 'all',
      subject: 'include',
      to: loop,
      goal: { speed: 0.5 },
    },
  ],
}

const people = 1000
const companies = 100
const total = Array.from({ length: people }, (_, id) => id % companies).reduce((a, b) => a + b)
const sum = employers => employers.reduce((sum, { id }) => sum + id, 0)

async function staff() {
  const [{ Model }, { database }] = [await library('index.js'), await library('models/database.js')]
  const { sqlite } = await library('stores/sqlite.js')
  const store = table => sqlite({ path: ':memory:', table })
  const User = Model(store('users'), {
    properties: { name: String, employerId: { type: 'integer' } },
    links: [{ rel: 'employer', href: '/companies/{employerId}', inverse: 'employees' }],
  })
  const Company = Model(store('companies'), { properties: { name: String } })
  const db = database({ users: User, companies: Company })
  for (let id = 0; id < companies; id++) await db.companies.put({ id, name: `company ${id}` })
  for (let id = 0; id < people; id++) await db.users.put({ id, name: `user ${id}`, employerId: id % companies })
  return db
}

async function including(db) {
  const users = await db.users.query('', { include: ['employer'] }).toArray()
  return users.map(({ employer }) => employer)
}

async function following(db) {
  const employers = []
  for (const user of await db.users.query().toArray()) employers.push(await user.link('employer'))
  return employers
}
