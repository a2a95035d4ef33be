import { batches, idOf, numbers, objects } from '../data/objects.mjs'
import { meetShapes } from '../data/shapes.mjs'
import { library } from '../library.mjs'
import { definition, prototype } from '../model/definition.mjs'

/** What facets hide in these measurements: some objects, which happens not to be any, and a property. */
const rules = { where: 'age=ge=18', properties: { email: { blocked: true } } }

const held = 10_000
const nextIds = batches(numbers(held).map(idOf), 256)

/** A model of many objects in a store, and what is made over it. */
export async function over(open, wrap) {
  const [{ Model }, facets, { memory }] = await Promise.all(
    ['models/model.js', 'models/facet.js', 'index.js'].map(library),
  )
  const Other = Model(memory(), { properties: {} })
  meetShapes(object => {
    Other.put(object)
    Other.get(object.id)
  })
  const User = Model(await open(objects(held)), { ...definition, prototype })
  return wrap(User, facets)
}

/** Gets objects by their ids, one after the other, each awaited: a facet gives promises. */
async function getting(open, wrap) {
  const seen = await over(open, wrap)
  return {
    answer: async () => (await seen.get(idOf(7))).age,
    async get() {
      const ids = nextIds()
      for (const id of ids) if (!((await seen.get(id)).age > 0)) throw new Error('not found')
      return ids.length
    },
  }
}

const model = "the model's own `get`"

export const getCase = (store, open) => ({
  title: `get through a facet, ${store}`,
  operations: ['get'],
  variants: {
    [model]: () => getting(open, User => User),
    Holdfast: () => getting(open, (User, { restrictive }) => restrictive(User, rules)),
    'a facet of a facet': () =>
      getting(open, (User, { restrictive }) => restrictive(restrictive(User, rules), { where: 'age=ge=1' })),
  },
  rows: [
    {
      what: `facet: get over ${store}, with hidden properties and objects`,
      operation: 'get',
      to: model,
      goal: { time: 3 },
    },
  ],
})

export async function sqliteOf(objects) {
  const { sqlite } = await library('stores/sqlite.js')
  const store = sqlite({ path: ':memory:', table: 'users', indexes: ['name', 'age'] })
  const tx = await store.transaction()
  for (const object of objects) tx.put(object)
  await tx.commit()
  return store
}
