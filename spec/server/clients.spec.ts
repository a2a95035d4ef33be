/** Clients that others have written. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { closeAll, serving } from './socket.js'

const run = promisify(execFile)

describe('server: clients of others', () => {
  afterEach(closeAll)

  it('the Rest store of dojo-dstore', async () => {
    const { url } = await serving()
    const script = new URL('dstore.cjs', import.meta.url).pathname
    const { stdout } = await run(process.execPath, [script, `${url}/people/`], { env: {}, timeout: 15_000 })
    const ada = { id: 1, name: 'Ada', age: 36, city: 'London', secret: 'x' }
    expect(JSON.parse(stdout)).to.deep.equal({
      get: ada,
      missing: 404,
      put: { ...ada, age: 37 },
      added: { id: 100, name: 'Zoe', age: 5, city: 'Rome' },
      again: 412,
      range: [1, 2],
      total: 4,
      filtered: ['Eve', 'Bob'],
      page: ['Bob'],
      pageTotal: 2,
      all: 4,
      allTotal: 4,
      selected: [{ name: 'Bob', age: 20 }],
      removed: true,
      left: 3,
    })
  })

  it('ra-data-simple-rest of react-admin', async () => {
    const { default: simpleRest } = await import('ra-data-simple-rest')
    const { url } = await serving(undefined, { partialPut: true })
    const rest = simpleRest(url)
    const ada = { id: 1, name: 'Ada', age: 36, city: 'London', secret: 'x' }
    const sort = { field: 'age', order: 'DESC' as const }
    const pagination = { page: 1, perPage: 2 }
    const list = await rest.getList('people', { pagination, sort, filter: {} })
    expect([list.data.map(({ id }) => id), list.total]).to.deep.equal([[1, 3], 3])
    expect(await rest.getList('people', { pagination, sort, filter: { city: 'Nowhere' } })).to.deep.equal({
      data: [],
      total: 0,
    })
    const second = await rest.getList('people', { pagination: { page: 2, perPage: 2 }, sort, filter: {} })
    expect([second.data.map(({ id }) => id), second.total]).to.deep.equal([[2], 3])
    expect((await rest.getOne('people', { id: 1 })).data).to.deep.equal(ada)
    expect((await rest.getMany('people', { ids: [1, '3'] })).data.map(({ id }) => id)).to.deep.equal([1, 3])
    const about = { target: 'city', id: 'Oslo', pagination, sort, filter: {} }
    expect((await rest.getManyReference('people', about)).total).to.equal(2)
    const created = await rest.create('people', { data: { name: 'Zoe' } })
    expect(created.data).to.deep.equal({ id: 100, name: 'Zoe' })
    const changed = await rest.update('people', { id: 1, data: { ...ada, age: 37 }, previousData: ada })
    expect(changed.data).to.deep.equal({ ...ada, age: 37 })
    expect((await rest.updateMany('people', { ids: ['1', '2'], data: { city: 'Rome' } })).data).to.deep.equal([1, 2])
    expect((await rest.getOne('people', { id: 1 })).data).to.deep.equal({ ...ada, age: 37, city: 'Rome' })
    expect((await rest.delete('people', { id: 1, previousData: ada })).data).to.deep.equal({ id: 1 })
    expect((await rest.deleteMany('people', { ids: [2, 3] })).data).to.deep.equal([2, 3])
    const error = await rest.getOne('people', { id: 1 }).catch(error => error)
    expect([error.status, error.body.title]).to.deep.equal([404, 'NotFoundError'])
  })
})
