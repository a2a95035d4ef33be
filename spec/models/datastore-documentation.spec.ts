/**
 * The documentation that the datastore keeps, `datastore/original.md`, word for word: each of its examples runs as it is written,
 * in its order. What an example takes for granted is given to it; `/path/to/data` is a folder of the test.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import * as module from '../../models/datastore.js'
import { type Datastore, DatastoreEngine, LockingQueue } from '../../models/datastore.js'
import { nodeFileSystem } from '../../stores/files/file-system.js'
import { folder } from '../stores/json-file/folder.js'

const text = readFileSync(new URL('datastore/original.md', import.meta.url), 'utf8')
const examples = [...text.matchAll(/^### (.*)\n[^#]*?(?:```javascript\n[\s\S]*?```[^#`]*)+/gm)].flatMap(
  ([section, title]) =>
    Array.from(section.matchAll(/```javascript\n([\s\S]*?)```/g), ([, code = '']) => ({
      title: title as string,
      code,
    })),
)

type Given = Record<string, unknown>
type Methods =
  | 'createUser'
  | 'getUser'
  | 'updateUser'
  | 'deleteUser'
  | 'getActiveUsers'
  | 'createPost'
  | 'getPostsByTag'
  | 'getPostsByAuthor'
type Service = new (datastore: Store) => { [M in Methods]: (...given: unknown[]) => Promise<Given> }
type Store = Datastore<{ [key: string]: Record<string, unknown> }>

describe('the documentation of the datastore', () => {
  const { path, names, text: textOf } = folder()
  const program = join(import.meta.dirname, 'datastore', '.example.mjs')
  let runs = 0
  afterEach(() => rmSync(program, { force: true }))

  /** Runs the example of a section, and gives what it logs and what it declares under these names. */
  async function run(
    title: string,
    given: Given,
    declared: readonly string[] = [],
  ): Promise<{ logged: string[] } & Given> {
    const code = examples.find(each => each.title === title)?.code
    if (code === undefined) throw new Error(`there is no example ${title}`)
    const own = code
      .replace(/import (\{.*\}) from '\.\/datastore\/mod\.js';/g, 'const $1 = module;')
      .replace(/'\/(path\/to\/data|custom\/data\/path)'/g, JSON.stringify(path('')))
    const logged: string[] = []
    const console = { log: (...values: unknown[]) => logged.push(values.join(' ')), error: fail }
    const all = { ...module, module, console, ...given }
    const names = Object.keys(all).join(', ')
    writeFileSync(program, `export default async ({ ${names} }) => {{\n${own}\nreturn { ${declared.join(', ')} }\n}}\n`)
    const { default: example } = await import(`${pathToFileURL(program)}?${runs++}`)
    return { ...(await example(all)), logged }
  }

  async function open(): Promise<Store> {
    const { datastore } = await run('Initialization', {}, ['datastore'])
    return datastore as Store
  }

  it('has examples of all it says', () => {
    const sections = [...new Set(examples.map(({ title }) => title))]
    expect(sections).to.have.length(13)
  })

  it('Initialization, Basic Operations', async () => {
    const datastore = await open()
    const given = { datastore }
    const { logged, updatedUser } = await run('Basic Operations', given, ['updatedUser'])
    expect(logged).to.deep.equal(['0', 'John Doe', '1'])
    expect(updatedUser).to.have.property('lastLogin')
    expect(await datastore.getItem('user:123')).to.equal(null)
    await datastore.close()
  })

  it('Revision Control', async () => {
    const datastore = await open()
    await datastore.setItem('user:123', { name: 'John Doe' })
    const { logged, currentUser } = await run('Revision Control', { datastore }, ['currentUser'])
    expect(logged).to.have.length(1)
    expect(logged[0]).to.match(/^Conflict detected: /)
    expect(currentUser).to.include({ name: 'Jane Doe', _rev: 1 })
    expect(await datastore.getItem('user:123')).to.include({ name: 'Jane Doe', _rev: 2 })
    await datastore.close()
  })

  it('Key Range Queries', async () => {
    const datastore = await open()
    for (let n = 0; n < 12; n++) await datastore.setItem(`user:${n}`, { n })
    await datastore.setItem('users', {})
    const found = await run('Key Range Queries', { datastore }, ['page2', 'recentUsers'])
    expect(found.logged).to.deep.equal(['Found 10 users', 'Next page starts at index: 10'])
    expect(found.page2).to.deep.include({ exclusiveEndIndex: null })
    const keysOf = (page: unknown) => (page as { items: { key: string }[] }).items.map(({ key }) => key)
    expect(keysOf(found.page2)).to.deep.equal(['user:8', 'user:9'])
    expect(keysOf(found.recentUsers)).to.deep.equal(['user:9', 'user:8', 'user:7', 'user:6', 'user:5'])
    await datastore.close()
  })

  it('View-Based Queries, Complex View Examples', async () => {
    const datastore = await open()
    const [email, createdAt] = ['j@x.org', '2024-01-31T10:00:00.000Z']
    await datastore.setItem('user:1', { id: 'user:1', name: 'John', email, createdAt, status: 'active' })
    await datastore.setItem('user:2', { id: 'user:2', name: 'Jane', email, createdAt: '2024-02-01T10:00:00.000Z' })
    const { engine, activeUsers } = await run('View-Based Queries', { datastore }, ['engine', 'activeUsers'])
    expect(activeUsers).to.have.property('items').with.length(1)
    expect(activeUsers).to.have.nested.property('items[0].document.name', 'John')
    const { janUsers } = await run('Complex View Examples', { datastore, engine }, ['janUsers'])
    expect(janUsers).to.have.nested.property('items[0].key', '2024-01-31')
    expect(janUsers).to.have.property('items').with.length(1)
    expect((await datastore.queryView('userStats')).items.map(({ key, value }) => [key, value])).to.deep.equal([
      ['2024-01', 1],
      ['2024-02', 1],
    ])
    await datastore.close()
  })

  it('Datastore Options, Query Options, Custom Engine Integration', async () => {
    const customEngine = new DatastoreEngine({ directory: path('') })
    const customLockingQueue = new LockingQueue()
    const { datastore } = await run('Datastore Options', { customEngine, customLockingQueue }, ['datastore'])
    expect((datastore as Store)._db).to.equal(customEngine)
    await (datastore as Store).setItem('user:123', { name: 'John' })
    const { options } = await run('Query Options', {}, ['options'])
    expect((await (datastore as Store).queryKeys(options as object)).items).to.deep.equal([
      { key: 'user:123', documentKey: 'user:123' },
    ])
    await (datastore as Store).close()
    const calls: string[] = []
    const open: typeof nodeFileSystem.open = (path, ...given) => {
      calls.push(path)
      return nodeFileSystem.open(path, ...given)
    }
    const customFileSystem = { ...nodeFileSystem, open }
    const other = await run('Custom Engine Integration', { customFileSystem }, ['datastore'])
    expect(await (other.datastore as Store).getItem('user:123')).to.deep.equal({ _rev: 0, name: 'John' })
    expect(calls).to.include(path('user%3A123.json'))
    await (other.datastore as Store).close()
  })

  it('Batch Operations, Error Handling', async () => {
    const datastore = await open()
    for (const id of ['user:1', 'user:3']) await datastore.setItem(id, { id })
    await run('Batch Operations', { datastore })
    expect(await datastore.getItem('user:3')).to.have.keys('id', '_rev', 'lastSync')
    await datastore.setItem('user:123', {})
    const logged = async (userData: unknown) => (await run('Error Handling', { datastore, userData })).logged
    expect(await logged({ _rev: 5 })).to.deep.equal(['Document was modified by another process'])
    expect(await logged({})).to.deep.equal(['Document was modified by another process'])
    expect(await logged([])).to.deep.equal(['Invalid document format'])
    expect(await logged({ _rev: 0 })).to.deep.equal([])
    await datastore.close()
  })

  it('User Management System', async () => {
    const datastore = await open()
    const { UserService } = await run('User Management System', {}, ['UserService'])
    const users = new (UserService as Service)(datastore)
    datastore._db.setView('activeUsers', {
      map(document, emit) {
        if (document.status === 'active') emit(document.email)
      },
    })
    const { id, _rev } = await users.createUser({ name: 'Ada', email: 'a@x.org' })
    expect(_rev).to.equal(0)
    expect(await users.updateUser(id, { name: 'Ada L.' })).to.include({ name: 'Ada L.', _rev: 1 })
    expect(await users.getActiveUsers()).to.have.nested.property('items[0].document.name', 'Ada L.')
    expect(await users.deleteUser(id)).to.equal(id)
    expect(await users.getUser(id)).to.equal(null)
    expect(await users.getActiveUsers()).to.deep.include({ items: [] })
    await datastore.close()
  })

  it('Blog Post System', async () => {
    const datastore = await open()
    const { BlogService } = await run('Blog Post System', {}, ['BlogService'])
    const blog = new (BlogService as Service)(datastore)
    await blog.createPost({ title: 'Kelp', author: 'Ada', tags: ['sea', 'plants'], published: true })
    expect(await blog.getPostsByTag('sea')).to.have.nested.property('items[0].document.title', 'Kelp')
    expect(await blog.getPostsByTag('land')).to.deep.include({ items: [] })
    expect(await blog.getPostsByAuthor('Ada')).to.have.nested.property('items[0].value.title', 'Kelp')
    await datastore.close()
  })

  it('Document Structure, File Storage Format', async () => {
    const datastore = await open()
    const stored = JSON.parse(/### Document File Format\s+```json\n([\s\S]*?)```/.exec(text)?.[1] ?? '')
    for (const name of ['user:123', 'user:456', 'post:789', 'settings']) await datastore.setItem(name, {})
    await datastore.updateItem('user:123', document => ({ ...document }))
    const { _rev: _, ...document } = stored
    await datastore.setItem('user:123', { ...document, _rev: 1 })
    expect(JSON.parse(textOf('user%3A123.json'))).to.deep.equal(stored)
    expect(Object.keys(JSON.parse(textOf('user%3A123.json')))).to.deep.equal(Object.keys(stored))
    const listing = /```\n\/data\/\n([\s\S]*?)```/.exec(text)?.[1] ?? ''
    const listed = Array.from(listing.matchAll(/── (.*)/g), ([, name]) => name as string)
    expect(names()).to.deep.equal(listed.sort())
    await datastore.close()
  })
})

function fail(...values: unknown[]): never {
  throw new Error(values.join(' '))
}
