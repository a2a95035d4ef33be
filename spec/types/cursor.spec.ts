/** What the compiler knows of a cursor, each case beside the run that shows the same. */
import { expect } from 'chai'
import { type Cursor, cursor } from '../../lib/cursor.js'
import { expression } from '../../lib/query/expression.js'
import { glob } from '../../lib/query/glob.js'
import { plan } from '../../lib/query/plan.js'
import { counted, run } from '../../lib/query/run.js'

type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false
/** Compiles only if the two types are one. */
const same = <A, B>(..._: Same<A, B> extends true ? [] : [never]) => {}

interface User {
  id: number
  name: string
  age?: number | undefined
  balance: bigint
  role: 'admin' | 'guest'
  born: Date
  tags: string[]
  address?: { city: string; geo: { lat: number } | null }
  pets: { kind: string }[]
}

const users: User[] = [
  {
    id: 1,
    name: 'Ada',
    age: 36,
    balance: 5n,
    role: 'admin',
    born: new Date(0),
    tags: ['x'],
    address: { city: 'London', geo: { lat: 51 } },
    pets: [{ kind: 'cat' }],
  },
]

function over<T extends object>(objects: readonly T[]): Cursor<T> {
  return cursor<T>(
    (query, options) => run(objects, plan(query, options)) as Iterable<T>,
    query => counted(objects, plan(query)),
  )
}

describe('types of a cursor', () => {
  const query = over(users)

  it('knows the names and the types of properties', async () => {
    const found = query
      .eq('name', 'Ada')
      .ne('age', null)
      .lt('age', 99)
      .in('role', ['admin'])
      .gt('balance', 1n)
      .le('born', new Date(0))
      .contains('tags', 'x')
      .contains('name', 'd')
      .contains('pets', pet => pet.eq('kind', 'cat'))
      .match('name', glob('a*'))
    same<typeof found, Cursor<User>>()
    expect(await found.count()).to.equal(1)
    // @ts-expect-error there is no such property
    expect(await query.eq('nmae', 'Ada').count()).to.equal(0)
    // @ts-expect-error a name is text
    expect(await query.eq('name', 5).count()).to.equal(0)
    // @ts-expect-error null is not in the order of numbers
    expect(await query.lt('age', null).count()).to.equal(0)
    // @ts-expect-error not one of the roles
    expect(await query.in('role', ['root']).count()).to.equal(0)
    // @ts-expect-error the tags are text
    expect(await query.contains('tags', 5).count()).to.equal(0)
    // @ts-expect-error a pet has no name
    expect(await query.contains('pets', pet => pet.eq('name', 'x')).count()).to.equal(0)
    expect(query.match('name', 'ada lovelace').toString()).to.equal('match(name,ada%20lovelace)')
    // @ts-expect-error a pattern is a glob, or words
    expect(() => query.match('name', /a/)).to.throw('match takes text or a glob')
  })

  it('knows nested properties', async () => {
    const found = query.eq(['address', 'city'], 'London').gt(['address', 'geo', 'lat'], 50)
    expect(await found.count()).to.equal(1)
    // @ts-expect-error there is no such property
    expect(await query.eq(['address', 'town'], 'London').count()).to.equal(0)
    // @ts-expect-error a city is text
    expect(await query.eq(['address', 'city'], 5).count()).to.equal(0)
    // @ts-expect-error what texts have is not a property
    expect(await query.exists(['name', 'length']).count()).to.equal(0)
    // @ts-expect-error what arrays have is not a property
    expect(await query.exists(['tags', 'length']).count()).to.equal(0)
  })

  it('knows what a stage gives', async () => {
    const selected = await query.select('id', 'age').one()
    same<typeof selected, { id: number; age?: number | undefined }>()
    expect(selected).to.deep.equal({ id: 1, age: 36 })
    const city = await query.select(['address', 'city'], 'id').one()
    expect(city.address?.city.toUpperCase()).to.equal('LONDON')
    expect(city.id.toFixed()).to.equal('1')
    // @ts-expect-error it was not selected
    expect(city.name).to.equal(undefined)
    // @ts-expect-error it was not selected
    expect(city.address?.geo).to.equal(undefined)
    const rest = await query.unselect('tags', 'pets').one()
    // @ts-expect-error it was left out
    expect(rest.tags).to.equal(undefined)
    expect(rest.name.length).to.equal(3)
    const ages = await query.values('age').toArray()
    same<typeof ages, number[]>()
    expect(ages).to.deep.equal([36])
    const rows = await query.values('id', ['address', 'city']).toArray()
    same<typeof rows, [number | null, string | null][]>()
    expect(rows).to.deep.equal([[1, 'London']])
    const groups = await query.aggregate('name', expression('count')).toArray()
    expect(groups.map(group => [group.name, group[0]])).to.deep.equal([['Ada', 1]])
  })

  it('sorts by what the items have, conditions are on the objects', async () => {
    expect(await query.sort('name', '-age', '+born', ['-address', 'city']).count()).to.equal(1)
    // @ts-expect-error there is no such property
    expect(await query.sort('-nmae').count()).to.equal(1)
    const names = query.select('name').sort('-name').gt('age', 5)
    same<typeof names, Cursor<{ name: string }, User>>()
    expect(await names.toArray()).to.deep.equal([{ name: 'Ada' }])
    // @ts-expect-error it was not selected
    expect(await query.select('name').sort('age').count()).to.equal(1)
  })

  it('knows what a reduction gives', async () => {
    const [sum, total, mean, first] = [
      await query.sum('age'),
      await query.sum('balance'),
      await query.mean('age'),
      await query.min('born'),
    ]
    same<typeof sum, number>()
    same<typeof total, number | bigint>()
    same<typeof mean, number | undefined>()
    same<typeof first, Date | undefined>()
    expect([sum, total, mean, first]).to.deep.equal([36, 5n, 36, new Date(0)])
    const user = await query.first()
    same<typeof user, User | undefined>()
    const one = await query.one()
    same<typeof one, User>()
    expect(user).to.equal(one)
  })

  it('is no promise', async () => {
    // @ts-expect-error a cursor has no then
    expect(query.then).to.equal(undefined)
    // @ts-expect-error an array must be asked for
    const items: User[] = await query
    expect(items).to.equal(query)
  })

  it('takes any name where objects are open, and knows the declared ones', async () => {
    type Open = { [name: string]: unknown; name: string; age?: number }
    const open = over<Open>([{ name: 'Ada', age: 36, extra: { deep: 1 } }])
    const found = open
      .eq('name', 'Ada')
      .lt('age', 99)
      .eq(['extra', 'deep'], 1)
      .ne('other', 5)
      .sort('-name', '+whatever')
    expect(await found.count()).to.equal(1)
    expect((await found.select('name', 'extra').one()).name.length).to.equal(3)
    expect((await found.unselect('extra').one()).name.length).to.equal(3)
    // @ts-expect-error the declared type counts
    expect(await open.eq('name', 5).count()).to.equal(0)
    // biome-ignore lint/suspicious/noExplicitAny: objects of which nothing is known
    const unknown = over<any>([{ a: { b: [1] } }])
    const all = unknown
      .eq('x', null)
      .contains(['a', 'b'], 1)
      .sort('-x')
      .select('a', ['c', 'd'])
      .contains('e', e => e.eq('f', 1))
    expect(await all.count()).to.equal(0)
    const data = over<Record<string, unknown>>([{ a: 1 }])
    expect(await data.eq('a', 1).values('a').toArray()).to.deep.equal([1])
  })

  it('takes unions of objects', async () => {
    const shapes = over<{ kind: 'circle'; r: number } | { kind: 'square'; side: number }>([{ kind: 'circle', r: 1 }])
    expect(await shapes.eq('kind', 'circle').exists('r').count()).to.equal(1)
    // @ts-expect-error of no kind
    expect(await shapes.eq('kind', 'line').count()).to.equal(0)
  })
})
