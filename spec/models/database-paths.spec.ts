import { expect } from 'chai'
import { internalsOf } from '../../models/model/connect.js'
import { refusal } from '../refusal.js'
import { staffed } from './staff.js'

const names = (found: readonly { readonly name?: string }[]) => found.map(({ name }) => name)

describe('the paths of a database', () => {
  it('resolves paths', async () => {
    const { db } = await staffed()
    await db.users.put({ id: 2, name: 'a/b (c)', employerId: 1, bossId: 1, parent: { pets: ['cat', { name: 'x?' }] } })
    expect(await db.resolve('users/1/name')).to.equal('Ada')
    expect(await db.resolve('/users/2/name')).to.equal('a/b (c)')
    expect(await db.resolve('users/2/boss/employer/name')).to.equal('Acme')
    expect(await db.resolve('users/(1,2)/name')).to.deep.equal(['Ada', 'a/b (c)'])
    expect(await db.resolve('users/(3,9,1)/age')).to.deep.equal([20, undefined, 36])
    expect(await db.resolve('users/()')).to.deep.equal([])
    expect(names((await db.resolve('users?age>30&sort(-age)')) as never)).to.deep.equal(['Ada'])
    expect(((await db.resolve('users')) as []).length).to.equal(3)
    expect(names((await db.resolve('companies/1/employees?age>30')) as never)).to.deep.equal(['Ada'])
    expect(await db.resolve('companies/1/employees/name')).to.deep.equal(['Ada', 'a/b (c)'])
    expect(await db.resolve('companies/(1,2)/employees/id')).to.deep.equal([1, 2, 3])
    expect(await db.resolve('users/2/parent/pets/0')).to.equal('cat')
    expect(await db.resolve('users/2/parent/pets/1/name')).to.equal('x?')
    expect(await db.resolve('%75sers/%31/n%61me')).to.equal('Ada')
    await db.languages.add({ id: 'a/b,(c)?', name: 'odd' })
    expect(await db.resolve('languages/a%2Fb%2C%28c%29%3F/name')).to.equal('odd')
    expect(await db.resolve('languages/(a%2Fb%2C%28c%29%3F,en)/name')).to.deep.equal(['odd', 'English'])
  })

  it('resolves nothing that is hidden, a method, or of a prototype', async () => {
    const { db, User } = await staffed()
    await internalStore(User).put?.({ id: 8, name: 'Eve', salary: 5, languageIds: [] })
    for (const path of [
      ...[
        'users/8/salary',
        'users/1/save',
        'users/1/link',
        'users/1/greet',
        'users/1/constructor',
        'users/1/__proto__',
      ],
      ...['users/1/name/length', 'users/1/languageIds/length', 'users/1/languageIds/map', 'users/1/nothing/at/all'],
      ...['users/9/name', 'users/9/employer/name', 'nobody/1', 'constructor/1', '__proto__', 'transaction', ''],
      ...['users/8/employer/name', 'offices/2/company/name/x', 'users/1/languageIds/5', 'users/1/languageIds/-1'],
    ]) {
      expect(await db.resolve(path), path).to.equal(undefined)
    }
    expect((await refusal(() => db.resolve('users/%'))).name).to.equal('DataError')
    expect((await refusal(() => db.resolve('users/1/name?a=1'))).name).to.equal('DataError')
    expect((await refusal(() => db.resolve('users/1?a=1'))).name).to.equal('DataError')
    expect((await refusal(() => db.resolve(1 as never))).name).to.equal('TypeError')
  })

  it('lists links that lead to nothing', async () => {
    const { db, User } = await staffed()
    await internalStore(User).put?.({ id: 5, name: 'X', employerId: 77, languageIds: ['en', 'xx'] })
    const found: unknown[] = []
    const told: unknown[] = []
    for await (const each of db.dangling({ progress: progress => told.push(progress) })) found.push(each)
    expect(found).to.deep.equal([
      { model: 'users', id: 5, rel: 'employer', target: 77 },
      { model: 'users', id: 5, rel: 'languages', target: 'xx' },
      { model: 'offices', id: 2, rel: 'company', target: 9 },
    ])
    expect(told.at(-1)).to.deep.equal({ done: 8, total: 8 })
    const stopped = new AbortController()
    stopped.abort(new Error('stop'))
    const iterating = db.dangling({ signal: stopped.signal })[Symbol.asyncIterator]()
    expect((await refusal(() => iterating.next())).message).to.equal('stop')
  })
})

/** What is under a model: written here, nothing is checked. */
const internalStore = (model: object) => internalsOf(model).store
