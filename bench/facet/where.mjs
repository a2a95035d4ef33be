import { over, sqliteOf } from './through.mjs'

const model = 'the same query of the model'
const ages = Array.from({ length: 80 }, (_, at) => 18 + at)
let at = 0
const nextAge = () => ages[at++ % ages.length]

/** A condition of the rules goes to the store, with what is asked: an index serves both. */
export default {
  title: 'where, over SQLite',
  operations: ['query', 'count'],
  variants: {
    [model]: () => asking((User, age) => ({ asked: User, query: `age=${age}&limit(50)`, count: `age=${age}` })),
    Holdfast: () =>
      asking((User, age, { restrictive }) => ({
        asked: restrictive(User, { where: 'age=$1', parameters: [age], properties: { email: { blocked: true } } }),
        query: 'limit(50)',
        count: '',
      })),
  },
  rows: [
    {
      what: 'facet: query that `where` narrows to 50 of 10⁴, by an index',
      operation: 'query',
      to: model,
      goal: { time: 3 },
    },
    { what: 'facet: count that `where` narrows', operation: 'count', to: model, goal: { time: 3 } },
  ],
}

async function asking(make) {
  const [User, facets] = await over(sqliteOf, (User, facets) => [User, facets])
  const by = new Map(ages.map(age => [age, make(User, age, facets)]))
  return {
    async answer() {
      const { asked, query, count } = by.get(40)
      return [(await asked.query(query).toArray()).map(({ id }) => id), await asked.count(count)]
    },
    async query() {
      const { asked, query } = by.get(nextAge())
      return (await asked.query(query).toArray()).length > 0 ? 1 : 0
    },
    async count() {
      const { asked, count } = by.get(nextAge())
      return (await asked.count(count)) > 0 ? 1 : 0
    },
  }
}
