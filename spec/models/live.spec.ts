import { expect } from 'chai'
import { derive, forward, hide } from '../../lib/derive.js'
import { type Live, live } from '../../lib/live.js'
import type { Id, Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { readonly } from '../../wrappers/readonly.js'
import { checkRandomly } from '../lib/live/check.js'
import { mirror, quiet } from '../lib/live/mirror.js'
import { randomThing, type Thing } from '../lib/live/random.js'

const definition = {
  properties: {
    id: { type: 'integer' },
    name: { type: 'string' },
    age: { type: 'integer' },
    secret: { type: 'string', blocked: true },
    shout: {
      type: 'string',
      get(this: { name?: string }) {
        return this.name?.toUpperCase()
      },
    },
  },
  prototype: {
    greet() {
      return 'hello'
    },
  },
} as const

function users() {
  const inner = memory<{ id: number; name?: string; age?: number; secret?: string }, number>()
  for (const [id, name, age] of [
    [1, 'Ada', 36],
    [2, 'Bob', 20],
    [3, 'Cy', 50],
  ] as const) {
    inner.put({ id, name, age, secret: 'x' })
  }
  return { User: Model(inner, definition), inner }
}

/** The same type, neither more nor less. */
function same<A, B>(..._: [A] extends [B] ? ([B] extends [A] ? [] : [never]) : [never]): void {}

describe('live queries of a model', () => {
  it('give instances, one for each state of an object, that can be saved', async () => {
    const { User } = users()
    const query = User.query('age>30').sort('-age').live()
    query.subscribe(() => {})
    const [cy, ada] = query.current ?? []
    expect(cy).to.be.instanceOf(User)
    expect(cy?.greet()).to.equal('hello')
    if (!ada) throw new Error('there is no Ada')
    ada.age = 60
    await ada.save()
    await quiet()
    expect(query.current?.map(({ name }) => name)).to.deep.equal(['Ada', 'Cy'])
    expect(query.current?.[1]).to.equal(cy)
    expect(query.current?.[0]).not.to.equal(ada)
    const saved = query.current?.[0]
    if (saved) saved.age = 20
    await saved?.save()
    await quiet()
    expect(query.current).to.deep.equal([cy])
  })

  it('give instances of the class that is asked', async () => {
    const { inner } = users()
    class Person extends Model(inner, definition) {
      loud() {
        return `${this.shout}!`
      }
    }
    for (const query of [Person.query('id=1').live(), live(Person, 'id=1')]) {
      query.subscribe(() => {})
      expect(query.current?.[0]?.loud()).to.equal('ADA!')
      inner.put({ id: 1, name: 'Eve' })
      await quiet()
      expect(query.current?.[0]?.loud()).to.equal('EVE!')
      inner.put({ id: 1, name: 'Ada' })
      query.close()
    }
  })

  it('hide what is blocked and compute what is computed, as a query does', async () => {
    const { User, inner } = users()
    expect(() => User.query('secret=x').live())
      .to.throw()
      .with.property('name', 'NotAllowedError')
    for (const query of [
      '',
      'select(name,shout)',
      'unselect(age)',
      'values(name)',
      'sort(-name)&limit(2)&select(shout)',
    ]) {
      const kept = User.query(query).live()
      kept.subscribe(() => {})
      expect(kept.current, query).to.deep.equal(await User.query(query).toArray())
      inner.put({ id: 4, name: 'Dee', secret: 'y' })
      await quiet()
      expect(kept.current, query).to.deep.equal(await User.query(query).toArray())
      inner.delete(4)
      kept.close()
    }
  })

  it('never show what a transaction writes and does not commit', async () => {
    const { User } = users()
    const reader = mirror(User.query('age=1').live())
    await reader.catchUp()
    await transaction(User, async tx => {
      await tx.put({ id: 7, age: 1 })
      throw new Error('never mind')
    }).catch(() => {})
    await reader.catchUp()
    expect(reader.steps).to.equal(1)
    await transaction(User, async tx => {
      await tx.put({ id: 7, age: 1 })
      await tx.put({ id: 8, age: 1 })
    })
    await reader.catchUp()
    expect(reader).to.deep.include({ steps: 2 })
    expect(reader.objects).to.have.length(2)
  })

  it('take the start and end and the signal of the options', async () => {
    const { User } = users()
    const controller = new AbortController()
    const query = User.query('sort(age)', { start: 1, signal: controller.signal }).live()
    query.subscribe(() => {})
    expect(query.current?.map(({ id }) => id)).to.deep.equal([1, 3])
    controller.abort()
    expect(query.current).to.equal(undefined)
  })

  it('are there only where the store tells of changes, and only outside of transactions', async () => {
    const { User, inner } = users()
    const mute = derive(inner as Store, {
      get: forward,
      put: forward,
      add: forward,
      delete: forward,
      query: forward,
      count: forward,
      subscribe: hide,
      transaction: forward,
      setSchema: forward,
      close: forward,
    })
    expect(Model(mute, {}).query?.().live).to.equal(undefined)
    expect(Model(readonly(inner), {}).query().live).to.be.a('function')
    const tx = await User.transaction()
    const none: undefined = tx.query().live
    expect(none).to.equal(undefined)
    await tx.abort()
  })

  it('refuse what cannot be kept up to date', () => {
    const { inner } = users()
    const User = Model(inner, {})
    for (const query of ['aggregate(name,count())', 'recurse()', 'count()', 'one()']) {
      expect(() => User.query(query).live(), query)
        .to.throw()
        .with.property('name', 'NotSupportedError')
    }
    const Own = Model(inner, { query: () => [{ id: 1 }] })
    expect(() => Own.query().live()).to.throw(/answers queries itself/)
  })

  it('have the types of what the cursor gives', () => {
    const { User } = users()
    type Of<L> = L extends Live<infer T> ? T : never
    const whole = User.query().live()
    same<Of<typeof whole>, InstanceType<typeof User>>()
    const parts = User.query().select('name').live()
    same<Of<typeof parts>, { name?: string }>()
    const names = User.query().values('name').live()
    same<Of<typeof names>, string>()
    const any = Model(memory() as Store<Thing, Id>, {}).query?.().live
    same<undefined extends typeof any ? true : false, true>()
    const given = live(memory<{ id: number; age: number }>())
    same<Of<typeof given>, { id: number; age: number }>()
  })

  it('equal the queries asked anew, whatever is written', () =>
    checkRandomly(
      () => {
        const store = memory<Thing, Id>()
        const Thing = Model(store, {
          properties: { n: { type: 'integer', index: true }, s: { type: ['string', 'null'] } },
        })
        return {
          store,
          watched: Thing as unknown as Store<Thing, Id>,
          watch: query => Thing.query(query).live() as Live<unknown>,
          write: async chance => {
            await Thing.put(randomThing(chance) as never)
          },
        }
      },
      { rounds: process.env.GATE ? 100 : 8, writes: 40 },
    ))
})
