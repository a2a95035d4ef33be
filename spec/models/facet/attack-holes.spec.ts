/** Ways out of a facet that were found, each as a holder would go it. */
import { expect } from 'chai'
import { explainRefusal, permissive, restrictive, revoke } from '../../../models/facet.js'
import { Model } from '../../../models/model.js'
import { memory } from '../../../stores/memory.js'
import { slow } from '../../../wrappers/slow.js'
import { canary, outcome, peopleIn, textOf } from './attack-world.js'

// biome-ignore lint/suspicious/noExplicitAny: what an attacker does has no types
type Any = any

const make = (over: object, rules: object = {}): Any => permissive(over as never, rules as never)
const narrow = (over: object, rules: object = {}): Any => restrictive(over as never, rules as never)
const mine = { where: 'owner=me', properties: { ssn: { blocked: true }, email: { writable: false } } }

async function refused(work: () => unknown): Promise<Any> {
  const { error, result } = await outcome(work)
  expect(textOf(result)).not.to.include(canary)
  expect(error, `gave ${textOf(result).slice(0, 200)}`).to.be.instanceOf(Error)
  expect(textOf(error)).not.to.include(canary)
  return error
}

describe('a holder', () => {
  it('does not take hidden properties from objects by recurse, whatever is inside', async () => {
    const facet = make(peopleIn(), {
      properties: { ssn: { blocked: true }, card: { get: () => '*' }, email: { writable: false } },
    })
    for (const query of ['recurse(tags)', 'recurse(home)', 'recurse()', 'recurse(tags)&select(ssn)']) {
      const { result } = await outcome(() => facet.query(query).toArray())
      expect(textOf(result), query).not.to.include('-ssn')
      expect(textOf(result), query).not.to.include('-card')
    }
  })

  it('reads nothing of what is closed by a facet of his own over it', async () => {
    const box = narrow(peopleIn(), {
      methods: { get: false, query: false, count: false, add: true, put: true, delete: true },
      reveals: ['id', 'email'],
    })
    const seen: unknown[] = []
    const own = make(box, {
      reveals: ['email'],
      allowed(_: unknown, object: unknown) {
        seen.push(object)
        return true
      },
      max: 3,
    })
    for (const work of [
      () => own.put({ id: 'm1', name: 'x' }),
      () => own.delete('m1'),
      () => own.add({ name: 'x' }),
      () => make(box, { where: 'age>0', reveals: ['email'] }).delete('m1'),
      () => make(box, { where: 'age>0', reveals: ['email'] }).put({ id: 'm1' }, { ifMatch: '*' }),
    ])
      await outcome(work)
    expect(textOf(seen)).not.to.include(canary)
    const counting = narrow(peopleIn(), { methods: { get: false, query: false } })
    await refused(() => make(counting, { allowed: (_: unknown, object: unknown) => seen.push(object) > 0 }).count())
    expect(textOf(seen)).not.to.include(canary)
  })

  it('learns nothing of what is there from a drop box', async () => {
    const box = narrow(peopleIn(), {
      methods: { get: false, query: false, count: false, add: true, put: true },
      properties: { email: { writable: false } },
    })
    const told = async (work: () => unknown) => String(((await outcome(work)).error as Error)?.message)
    expect(await told(() => box.add({ id: 'm1' }))).to.equal(await told(() => box.add({ id: 'nobody' })))
    expect(await told(() => box.put({ id: 'm1' }))).to.equal(await told(() => box.put({ id: 'nobody' })))
    for (const ifMatch of ['*', {}]) {
      expect(await told(() => box.put({ id: 'm1' }, { ifMatch }))).to.equal(
        await told(() => box.put({ id: 'no' }, { ifMatch })),
      )
    }
    expect(() => narrow(peopleIn(), { methods: { get: false, query: false, count: false, add: true } })).to.throw(
      TypeError,
      /email/,
    )
  })

  it('is not told what his own facet was refused underneath', async () => {
    const inner = make(peopleIn(), mine)
    const own = make(inner, {})
    for (const work of [() => own.put({ id: 'y0', name: 'x' }), () => own.add({ name: 7 })]) {
      const error = await refused(work)
      const told = explainRefusal(inner, error)
      expect(textOf(told?.cause)).not.to.include(canary)
      expect(told?.cause, textOf(told)).to.equal(undefined)
    }
    const Bad = Model(memory(), { properties: { name: String, secret: { type: 'string' } } } as never) as Any
    await Bad.put({ id: 'a', name: 'x', secret: canary })
    const hiding = make(Bad, { properties: { secret: { readable: false } } })
    const error = await refused(() => make(hiding).put({ id: 'a', name: 'x', secret: 7 }))
    expect(textOf(error.issues)).not.to.include('secret')
  })

  it('cannot find out a hidden property that is read-only', async () => {
    const Model = peopleIn() as Any
    const facet = make(Model, {
      properties: {
        code: { readable: false },
        email: { writable: false },
        ssn: { blocked: true },
        card: { blocked: true },
      },
    })
    const { code } = await Model.get('m1')
    const right = await outcome(() => facet.put({ id: 'm1', code }))
    const wrong = await outcome(() => facet.put({ id: 'm1', code: 'other' }))
    expect(String((right.error as Error)?.message)).to.equal(String((wrong.error as Error)?.message))
    expect((await Model.get('m1')).code).to.equal(code)
  })

  it('has no more than the quota, by put with an id of his own, nor by many adds at once', async () => {
    const Model = peopleIn() as Any
    const facet = make(Model, { max: 8, properties: { email: { writable: false } }, reveals: ['id'] })
    await facet.put({ id: 'n1', name: 'n' })
    await refused(() => facet.put({ id: 'n2', name: 'n' }))
    const Late = peopleIn(slow(memory(), {}) as Any) as Any
    const late = make(Late, { max: 8, properties: { email: { writable: false } } })
    const many = await Promise.all([1, 2, 3, 4].map(() => outcome(() => late.add({ name: 'n' }))))
    expect(many.filter(({ error }) => !error).length).to.equal(1)
    expect(await Late.count()).to.equal(8)
  })

  it('reaches no object that others iterate with', async () => {
    const Model = peopleIn() as Any
    const facet = make(Model, { properties: { email: { writable: false } } })
    const iterator = facet.query()[Symbol.asyncIterator]()
    const theirs = Model.query()[Symbol.asyncIterator]()
    for (let each = iterator; each; each = Object.getPrototypeOf(each)) {
      let shared = theirs
      while (shared && shared !== each) shared = Object.getPrototypeOf(shared)
      if (shared)
        expect([
          Object.getPrototypeOf(async function* () {}).prototype,
          Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype),
          Object.prototype,
        ]).to.include(shared)
      if (!shared) expect(Object.isFrozen(each)).to.equal(true)
    }
    const { error } = await outcome(() => facet.get(Symbol()))
    const made = (error as Error).constructor as Any
    if (made !== TypeError) expect(Object.isFrozen(made.prototype) && Object.isFrozen(made)).to.equal(true)
    const failed = await refused(() => facet.query('nonsense(1)').toArray())
    expect(Object.isFrozen(failed.constructor.prototype) && Object.isFrozen(failed.constructor)).to.equal(true)
  })

  it('may change what is nested in an object and save it, and patch it', async () => {
    const facet = make(peopleIn(), mine)
    const object = await facet.get('m1')
    object.home.city = 'Oslo'
    await object.save()
    expect((await facet.get('m1')).home.city).to.equal('Oslo')
    await facet.patch('m1', { home: { city: 'Bergen' } })
    expect((await facet.get('m1')).home).to.deep.equal({ city: 'Bergen', rooms: 1 })
    await facet.update('m1', (each: Any) => void each.tags.push('new'))
    expect((await facet.get('m1')).tags.length).to.equal(3)
  })

  it('gets the error of his own function back, and it is not looked at', async () => {
    const facet = make(peopleIn(), mine)
    const touched: unknown[] = []
    const hostile = new Proxy(new Error('his'), {
      get: (_, key) => touched.push(key),
      getPrototypeOf: target => touched.push('prototype') && Object.getPrototypeOf(target),
    })
    const { error } = await outcome(() =>
      facet.update('m1', () => {
        throw hostile
      }),
    )
    expect(error === hostile).to.equal(true)
    expect(touched).to.deep.equal([])
  })

  it('holds no transaction open when his facet has expired', async () => {
    let time = 0
    const Model = peopleIn() as Any
    const facet = make(Model, { expires: 10, now: () => time, properties: { email: { writable: false } } })
    const tx = await facet.transaction()
    await tx.delete('m1')
    time = 10
    await refused(() => tx.commit())
    const other = await Model.transaction({ timeout: 50 })
    expect(await other.get('m1')).not.to.equal(undefined)
    await other.abort()
  })

  it('gives a glob that is one', async () => {
    const { Glob } = await import('../../../lib/query/glob.js')
    const { expression } = await import('../../../lib/query/expression.js')
    let ran = 0
    const pattern = new Proxy([], {
      get: () => {
        ran++
        return undefined
      },
    })
    const glob = Object.create(Glob.prototype, { pattern: { value: pattern, enumerable: true } })
    const facet = make(peopleIn(), mine)
    await outcome(() => facet.query({ name: 'match', args: ['name', glob] }).toArray())
    await outcome(() => facet.query(expression('match', 'name', glob)).toArray())
    expect(ran).to.equal(0)
  })

  it('hears nothing of changes behind what is computed', async () => {
    const Model = peopleIn() as Any
    const facet = make(Model, { properties: { card: { get: () => '*' }, email: { writable: false } } })
    const changes = facet.subscribe()
    const first = changes.next()
    const object = await Model.get('m1')
    object.card = 'other'
    await object.save()
    object.name = 'seen'
    await object.save()
    expect((await first).value.object.name).to.equal('seen')
    await changes.return()
  })
})

describe('a revoked facet', () => {
  it('is not followed by the links of others', async () => {
    const { staffed } = await import('../staff.js')
    const { db } = await staffed()
    const companies = narrow(db.companies as never, {})
    const users = narrow(db.users as never, { links: { employer: companies } })
    const ada = await users.get(1)
    expect((await ada.link('employer')).name).to.equal('Acme')
    expect(await users.count('rel(employer,name=Acme)')).to.be.greaterThan(0)
    const blind = narrow(db.companies as never, { methods: { get: false, query: false, count: false } })
    const looking = narrow(users, { links: { employer: blind } })
    await refused(async () => (await looking.get(1)).link('employer'))
    await refused(() => looking.count('rel(employer,name=Acme)'))
    revoke(companies)
    await refused(() => ada.link('employer'))
    await refused(() => users.count('rel(employer,name=Acme)'))
  })
})
