import { expect } from 'chai'
import { z } from 'zod'
import { Model, memory } from '../../index.js'
import { database } from '../../models/database.js'
import { changes, live, undo } from '../../models/live.js'
import { sqlite } from '../../stores/sqlite.js'
import { expires } from '../../wrappers/expires.js'
import { folder } from '../stores/json-file/folder.js'

const quiet = { lookEvery: 0 } as const

describe('live objects, of what they can be', () => {
  const files = folder()

  it('what is no shape is refused, and leaves the directory to others', async () => {
    const wrong = { name: 'string' } as never
    const error = await live(wrong, files.path('data'), quiet).catch(error => error)
    expect(String(error)).to.match(/^TypeError: definition.properties.name/)
    const store = await live({ name: String }, files.path('data'), quiet)
    await store.close()
  })

  it('a shape, with defaults and generated keys', async () => {
    const shape = { name: String, age: { type: 'integer', default: 7 } } as const
    const store = await live(shape, files.path('data'), quiet)
    const made = store.add({ name: 'x' })
    expect([made.age, typeof made.id, store.get(made.id as string)]).to.deep.equal([7, 'string', made])
    await store.close()
    const again = await live(shape, files.path('data'), quiet)
    expect([...again].map(({ name, age }) => [name, age])).to.deep.equal([['x', 7]])
    await again.close()
  })

  it('a schema of zod, which is asked when an object comes and when it is saved', async () => {
    const schema = z.object({ id: z.string(), age: z.int().min(0).default(3) })
    const store = await live(schema, memory(), { ...quiet, onError() {} })
    const made = store.add({ id: 'x' })
    expect(made.age).to.equal(3)
    expect(() => store.add({ id: 'y', age: -1 })).to.throw('age')
    made.age = -1
    expect((await store.flush().catch(error => error)).name).to.equal('ValidationError')
    undo(made)
    await store.flush()
    await store.close()
  })

  it('a model, with its methods and its hooks', async () => {
    const times: number[] = []
    const Note = Model(memory(), {
      properties: { id: String, text: String, saved: Number },
      prototype: {
        shout() {
          this.text = `${this.text}!`
        },
      },
      beforeSave(note) {
        note.saved = times.push(1)
      },
    })
    const store = await live(Note, quiet)
    const note = store.add({ id: 'n', text: 'hi' })
    await store.flush()
    expect([note instanceof Note, note.saved]).to.deep.equal([true, 1])
    note.shout()
    await note.save()
    expect([note.text, note.saved, (await Note.get('n'))?.text]).to.deep.equal(['hi!', 2, 'hi!'])
    expect(
      changes(note)
        .filter(({ external }) => external)
        .map(({ next }) => next),
    ).to.deep.equal([1, 2])
    expect([await note.delete(), store.size, await Note.count()]).to.deep.equal([true, 0, 0])
    await store.close()
  })

  it('models of a database, with what they link to', async () => {
    const Company = Model(memory(), { properties: { id: String } })
    const User = Model(memory(), {
      properties: { id: String, companyId: String },
      links: [{ rel: 'company', href: '/companies/{companyId}', onDelete: 'restrict' }],
    })
    const db = database({ companies: Company, users: User })
    await db.companies.put({ id: 'c' })
    const store = await live(db.users, { ...quiet, onError() {} })
    const user = store.add({ id: 'u', companyId: 'c' })
    await store.flush()
    expect(await user.link('company')).to.deep.include({ id: 'c' })
    user.companyId = 'nowhere'
    expect((await store.flush().catch(error => error)).name).to.equal('ConstraintError')
    user.revert()
    expect(user.companyId).to.equal('c')
    await store.close()
  })

  it('what expires', async () => {
    let time = 0
    const sessions = expires(memory(), { ttl: 100, now: () => time })
    const store = await live({ id: String, user: String }, sessions, quiet)
    const session = store.add({ id: 's', user: 'ada' })
    await store.flush()
    time = 99
    session.user = 'eve'
    await store.flush()
    time = 198
    expect([store.has('s'), store.size]).to.deep.equal([true, 1])
    time = 199
    expect([store.has('s'), store.get('s'), store.size]).to.deep.equal([false, undefined, 0])
    store.add({ id: 's', user: 'new' })
    await store.flush()
    expect(store.get('s')).to.equal(session)
    await store.close()
  })

  it('in one database with their log', async () => {
    const path = files.path('all.db')
    const open = () =>
      live({ id: String, n: Number }, sqlite({ path, table: 'things' }), {
        ...quiet,
        log: sqlite({ path, table: 'log' }),
      })
    const store = await open()
    store.add({ id: 'x', n: 1 }).n = 2
    await store.close()
    const again = await open()
    expect([again.undo('x'), again.get('x')?.n]).to.deep.equal([1, 1])
    await again.close()
  })

  it('read when they are needed', async () => {
    const shape = { id: String, n: Number }
    const store = await live(shape, files.path('data'), quiet)
    for (let n = 0; n < 20; n++) store.add({ id: `x${n}`, n })
    store.delete('x19')
    await store.close()

    const lazy = await live(shape, files.path('data'), {
      ...quiet,
      load: 'lazy',
      indexes: ['n'].map(path => ({ path })),
    })
    const one = await lazy.get('x7')
    expect([one?.n, await lazy.get('x7'), await lazy.get('no'), await lazy.count()]).to.deep.equal([
      7,
      one,
      undefined,
      19,
    ])
    if (one) one.n = 100
    const large: unknown[] = []
    for await (const each of lazy.filter('n>16&sort(-n)')) large.push(each.n)
    expect(large).to.deep.equal([100, 18, 17])
    expect([await lazy.first('n=100'), (await lazy.first(each => each.n === 3))?.id]).to.deep.equal([one, 'x3'])
    expect((await lazy.add({ id: 'x3' }).catch(error => error)).name).to.equal('ConstraintError')
    expect([await lazy.undo('x19'), (await lazy.get('x19'))?.n]).to.deep.equal([1, 19])
    expect([await lazy.undo('x5'), await lazy.has('x5'), (await lazy.changes('x5')).length]).to.deep.equal([
      1,
      false,
      2,
    ])
    expect([await lazy.delete('x0'), await lazy.delete('x0')]).to.deep.equal([true, false])
    await lazy.close()
    const last = await live(shape, files.path('data'), quiet)
    expect([last.size, last.get('x7')?.n]).to.deep.equal([18, 100])
    await last.close()
  })

  it('found by a query with what is not saved yet', async () => {
    const store = await live({ id: String, n: Number }, memory({ indexes: ['n'] }), { ...quiet, saveOnChange: false })
    for (let n = 0; n < 5; n++) store.add({ id: `x${n}`, n })
    await store.commitAll()
    const [a, b] = [store.get('x1'), store.get('x2')]
    if (a) a.n = 10
    if (b) b.id = 'y'
    store.delete('x4')
    store.add({ id: 'z', n: 11 })
    const found: unknown[] = []
    for await (const { id, n } of store.filter('n>1&sort(n)')) found.push([id, n])
    expect(found).to.deep.equal([
      ['y', 2],
      ['x3', 3],
      ['x1', 10],
      ['z', 11],
    ])
    const large = [...store.filter(({ n = 0 }) => n > 9)]
    expect(large.map(({ id }) => id)).to.deep.equal(['x1', 'z'])
    await store.close()
  })

  it('refuses what makes no sense', async () => {
    const fails = async (work: Promise<unknown>) => ((await work.catch(error => error)) as Error).name
    expect(await fails(live(7 as never, memory()))).to.equal('TypeError')
    expect(await fails(live({ id: String }, memory(), { history: 'inline' }))).to.equal('TypeError')
    expect(await fails(live({ id: String }, memory(), { undoLimit: 0 }))).to.equal('TypeError')
    expect(await fails(live(Model(memory(), { properties: { id: String } }), files.path('data')))).to.equal('TypeError')
    const store = await live({ id: String }, memory(), quiet)
    const other = await live({ id: String }, memory(), quiet)
    const object = other.add({ id: 'x' })
    await other.flush()
    expect(() => store.delete(object)).to.throw(TypeError, 'another live store')
    expect(() => store.add({ id: '' })).to.throw()
    expect([store.has({}), store.delete({})]).to.deep.equal([false, false])
    await store.close()
    await other.close()
  })
})
