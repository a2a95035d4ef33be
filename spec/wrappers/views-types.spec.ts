/** Checked by the compiler; what runs here only shows that it is true. */

import { expect } from 'chai'
import { transaction } from '../../lib/transaction.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { type Emit, type Page, type Stats, views } from '../../wrappers/views.js'
import { same } from '../types/same.js'

type RowOf<P> = P extends Page<infer R> ? R : never

interface User {
  readonly id: number
  readonly name: string
  readonly city?: string
}

const definitions = {
  byName: { map: ({ name }: User, emit: Emit<string, number>) => emit(name, name.length), reduce: 'count' },
  byCity: { map: ({ city }: User, emit: Emit<string | undefined>) => emit(city), reduce: 'stats' },
  any: { map: (user: User, emit: Emit) => emit(user.id, user), reduce: (keys: readonly unknown[]) => keys.length > 0 },
} as const

describe('the types of views', () => {
  it('know the names, the keys, the values and what is reduced', async () => {
    const users = await views(memory<User, number>(), definitions)
    const named = users.view('byName')
    same<typeof named.cursor, string | null>()
    same<RowOf<typeof named>['key'], string>()
    same<RowOf<typeof named>['value'], number>()
    same<RowOf<typeof named>['id'], number>()
    // @ts-expect-error objects are there if they are asked for
    named.rows[0]?.object
    const whole = users.view('byName', { includeObjects: true })
    same<RowOf<typeof whole>['object'], User>()
    const city = users.view('byCity')
    same<RowOf<typeof city>['key'], string | null>()
    const count = users.view('byName', { reduce: true })
    same<RowOf<typeof count>['value'], number>()
    same<RowOf<typeof count>['key'], null>()
    const stats = users.view('byCity', { group: true })
    same<RowOf<typeof stats>['value'], Stats>()
    same<RowOf<typeof stats>['key'], string | null>()
    const some = users.view('any', { reduce: true })
    same<RowOf<typeof some>['value'], boolean>()
    const any = users.view('any', { startKey: [1, 'x'] })
    same<RowOf<typeof any>['key'], unknown>()
    // @ts-expect-error there is no such view
    expect(() => users.view('byNmae')).to.throw('there is no view')
    // @ts-expect-error names are text
    expect(users.view('byName', { key: 7 }).rows).to.deep.equal([])
    // @ts-expect-error there is no such view
    expect(await users.rebuild('byNmae').catch(error => error.name)).to.equal('NotFoundError')
    const tx = await users.transaction()
    same<ReturnType<typeof tx.view<'byName', object>>, ReturnType<typeof users.view<'byName', object>>>()
    await tx.abort()
    const names = await transaction(users, tx => tx.view('byName').rows.map(({ key }) => key))
    same<typeof names, RowOf<ReturnType<typeof users.view<'byName', object>>>['key'][]>()
    // @ts-expect-error there is no such view
    expect(await transaction(users, tx => tx.view('byNmae')).catch(error => error.name)).to.equal('NotFoundError')
  })

  it('give the object to map, and check what is annotated', async () => {
    const users = await views(memory<User, number>({ objects: [{ id: 1, name: 'Ada' }] }), {
      inferred: {
        map(user, emit) {
          same<typeof user, User>()
          emit(user.name)
        },
      },
      wrong: {
        map(user, emit: Emit<number>) {
          // @ts-expect-error a name is no number
          emit(user.name)
        },
      },
    })
    expect(users.view('inferred').rows).to.deep.equal([{ key: 'Ada', value: null, id: 1 }])
  })

  it('wait where the store does', async () => {
    const users = await views(sqlite({ path: ':memory:', table: 'users' }), {
      byName: { map: (user, emit: Emit<unknown>) => emit(user.name) },
    })
    await users.put({ id: 'a', name: 'Ada' })
    const { rows } = await users.view('byName')
    expect(rows.map(({ key }) => key)).to.deep.equal(['Ada'])
    await users.close()
  })
})
