/** What the compiler knows of a datastore, each case beside the run that shows the same. */
import { expect } from 'chai'
import {
  Datastore,
  DatastoreEngine,
  type DocumentChange,
  type KeyItem,
  type ReducedItem,
  type Saved,
  type ViewItem,
} from '../../models/datastore.js'
import { memory } from '../../stores/memory.js'
import { compiled, same } from './same.js'

interface User {
  name: string
  age?: number
}
interface Post {
  title: string
}
interface Documents {
  [user: `user:${string}`]: User
  [post: `post:${string}`]: Post
  settings: { theme: 'dark' | 'light' }
}

const datastore = new Datastore<Documents>({ store: memory() })
const anything = new Datastore({ store: memory() })

describe('the types of a datastore', () => {
  it('know a document by its key, and its revision', async () => {
    const ada = await datastore.setItem('user:ada', { name: 'Ada' })
    same<typeof ada, Saved<User>>()
    expect(ada._rev + 0).to.equal(0)
    const id: string = 'ada'
    const found = await datastore.getItem(`user:${id}`)
    same<typeof found, Saved<User> | null>()
    expect(found?.name.length).to.equal(3)
    const settings = await datastore.getItem('settings')
    same<typeof settings, Saved<{ theme: 'dark' | 'light' }> | null>()
    const users = await datastore.getItems(['user:ada', 'user:bo'])
    same<typeof users, (Saved<User> | null)[]>()
    const older = await datastore.updateItem('user:ada', user => {
      same<typeof user, Saved<User> | null>()
      return { name: 'Ada', age: (user?.age ?? 0) + 1 }
    })
    same<typeof older, Saved<User>>()
    expect(await datastore.deleteItem('user:ada')).to.equal('user:ada')
    compiled(() => {
      // @ts-expect-error no such kind of document
      datastore.getItem('users:ada')
      // @ts-expect-error a post is no user
      datastore.setItem('user:ada', { title: 'Kelp' })
      // @ts-expect-error what there is may be nothing
      datastore.getItem('settings').then(settings => settings.theme)
      // @ts-expect-error it is one of two
      datastore.setItem('settings', { theme: 'blue' })
      // @ts-expect-error neither a directory nor a store nor an engine
      new Datastore({ lockingQueue: null, path: 'data' })
    })
  })

  it('hold anything where nobody says what, and never any', async () => {
    const saved = await anything.setItem('a', { n: 1 })
    same<typeof saved, Saved<Record<string, unknown>>>()
    same<(typeof saved)['n'], unknown>()
    same<(typeof saved)['_rev'], number>()
    expect(saved).to.deep.equal({ _rev: 0, n: 1 })
  })

  it('take objects of any interface where nobody says what', async () => {
    const ada: User = { name: 'Ada' }
    expect(await anything.setItem('user:ada', ada)).to.deep.equal({ _rev: 0, name: 'Ada' })
    compiled(() => {
      // @ts-expect-error nothing but objects
      anything.setItem('a', 1)
      // @ts-expect-error a revision is a number
      anything.setItem('a', { _rev: '1' })
    })
  })

  it('know the items of a page by what was asked for', async () => {
    type All = User | Post | { theme: 'dark' | 'light' }
    const keys = await datastore.queryKeys({ limit: 3, includeDocuments: true })
    same<(typeof keys.items)[number], KeyItem & { readonly document: Saved<All> }>()
    const plain = await datastore.queryKeys()
    same<(typeof plain.items)[number]['documentKey'], string>()
    same<typeof plain.cursor, string | null>()
    datastore.setView('names', {
      map(document, emit) {
        same<typeof document, Saved<All>>()
        if ('name' in document) emit(document.name, document.age)
      },
      reduce: 'count',
    })
    const rows = await datastore.queryView<string, number | null>('names')
    same<(typeof rows.items)[number]['value'], number | null>()
    const groups = await datastore.queryView<string, number>('names', { group: true })
    same<(typeof groups.items)[number], ReducedItem<string, number>>()
    const whole = await datastore.queryView<string, number>('names', { reduce: true })
    same<(typeof whole.items)[number], ReducedItem<null, number>>()
    const unknowns = await anything._db.hasView('x')
    same<typeof unknowns, boolean>()
    const items: ViewItem[] = rows.items
    expect(items).to.deep.equal([])
  })

  it('know what a change holds, and an engine', async () => {
    const end = new AbortController()
    const changes = datastore.subscribe({ signal: end.signal })
    end.abort()
    for await (const change of changes) {
      same<typeof change, DocumentChange<User | Post | { theme: 'dark' | 'light' }>>()
    }
    const engine = new DatastoreEngine<Documents>({ store: memory() })
    const around = new Datastore({ db: engine })
    const found = await around.getItem('user:ada')
    same<typeof found, Saved<User> | null>()
    expect(found).to.equal(null)
  })
})
