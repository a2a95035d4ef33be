/** The Rest store of `dojo-dstore`, as its users have it, against the server that is named: prints what it was told. */
const { dirname, join } = require('node:path')

const modules = dirname(dirname(require.resolve('dojo-dstore/package.json')))
const [, , target] = process.argv

globalThis.dojoConfig = {
  async: 1,
  baseUrl: modules,
  packages: [
    { name: 'dojo', location: 'dojo' },
    { name: 'dstore', location: 'dojo-dstore' },
  ],
  deps: ['dstore/Rest'],
  callback: Rest => run(Rest).then(told => process.stdout.write(JSON.stringify(told))),
}
require(join(modules, 'dojo', 'dojo.js'))

async function run(Rest) {
  const store = new Rest({ target, useRangeHeaders: true })
  const plain = new Rest({ target })
  const { Filter } = store
  const told = {}
  told.get = await store.get(1)
  told.missing = await store.get(99).then(
    () => 'found',
    error => error.response.status,
  )
  told.put = await store.put({ ...told.get, age: 37 })
  told.added = await store.add({ name: 'Zoe', age: 5, city: 'Rome' })
  told.again = await store.add({ id: 1, name: 'Ada' }).then(
    () => 'added',
    error => error.response.status,
  )
  const range = store.fetchRange({ start: 0, end: 2 })
  told.range = (await range).map(({ id }) => id)
  told.total = await range.totalLength
  const some = plain.filter(new Filter().gte('age', 20).in('city', ['Oslo', 'Rome'])).sort('age', true)
  told.filtered = (await some.fetch()).map(({ name }) => name)
  const page = some.fetchRange({ start: 1, end: 2 })
  told.page = (await page).map(({ name }) => name)
  told.pageTotal = await page.totalLength
  const all = plain.fetch()
  told.all = (await all).length
  told.allTotal = await all.totalLength
  told.selected = await plain.filter({ name: 'Bob' }).select(['name', 'age']).fetch()
  told.removed = await store.remove(2)
  told.left = (await plain.fetch()).length
  return told
}
