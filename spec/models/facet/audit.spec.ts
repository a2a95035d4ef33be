import { expect } from 'chai'
import { StoreError } from '../../../lib/errors.js'
import { operators } from '../../../lib/query/table.js'
import {
  type Audit,
  audit,
  explainRefusal,
  type Facet,
  permissive,
  restrictive,
  revoke,
} from '../../../models/facet.js'
import { Model } from '../../../models/model.js'
import { memory } from '../../../stores/memory.js'
import { refused } from '../../refusal.js'
import { loose, taskModel } from './tasks.js'

const properties = ['id', 'tenant', 'title', 'rank', 'secret', 'done', 'tags'] as const
const values = { id: 'new', tenant: 1, title: 'x', rank: 5, secret: 's', done: true, tags: ['t'] } as const

/** Facets of all kinds, each over a model of its own. */
const configurations: Readonly<Record<string, () => object>> = {
  restrictive: () => restrictive(taskModel()),
  permissive: () => permissive(taskModel()),
  hiding: () => permissive(taskModel(), { where: 'tenant=1', properties: { secret: { blocked: true } } }),
  'a drop box': () => restrictive(taskModel(), { methods: { get: false, query: false, count: false, add: true } }),
  'some properties': () =>
    restrictive(taskModel(), {
      methods: ['put'],
      additionalProperties: false,
      properties: { title: {}, rank: { writable: false }, secret: { readable: false }, done: { transient: true } },
    }),
  'own methods': () =>
    restrictive(taskModel(), {
      methods: { best: true, mine: () => 1, put: async () => 5, get: true },
      prototype: { shout: true, label: () => 'l' },
    }),
  computed: () => permissive(taskModel(), { properties: { secret: { get: () => 'x' }, label: { get: () => 'y' } } }),
  indexed: () => restrictive(taskModel(), { indexed: true, operators: ['eq', 'sort', 'limit'], maxLimit: 3 }),
  'deleting only': () => restrictive(taskModel(), { methods: { get: false, query: false, delete: true } }),
  'a facet of a facet': () =>
    permissive(
      restrictive(taskModel(), { methods: ['put', 'best'], operators: ['eq', 'limit'], prototype: ['shout'] }),
      {
        where: 'tenant=1',
        properties: { rank: { writable: false }, tags: { blocked: true } },
        allowed: () => true,
      },
    ),
}

describe('audit', () => {
  for (const [name, make] of Object.entries(configurations)) {
    it(`says of ${name} what can really be done`, async () => {
      const facet = loose(make())
      const told = audit(facet)
      expect(told.methods).to.deep.equal(Object.keys(facet))
      if (facet.get) await objectsAre(facet, told)
      await writesAre(make, told)
      if (facet.query) await questionsAre(facet, told)
      else expect(told.operators).to.deep.equal(facet.count ? told.operators : [])
    })
  }

  async function objectsAre(facet: Facet, { prototype, readable, undeclared }: Audit): Promise<void> {
    const object = await loose(facet).get('a1')
    expect(Object.getOwnPropertyNames(Object.getPrototypeOf(object))).to.deep.equal(prototype)
    expect([...Object.keys(object)].sort()).to.deep.equal([...readable].sort())
    expect(undeclared.readable).to.equal(object.title !== undefined && readable.length > 4)
  }
  /** Each property that is given to a new object arrives, or not. */
  async function writesAre(make: () => object, { writable, methods, own }: Audit): Promise<void> {
    const write = (['put', 'add'] as const).find(method => methods.includes(method) && !own.includes(method))
    if (!write) {
      expect(writable).to.deep.equal([])
      return
    }
    const arrived: string[] = []
    for (const property of properties) {
      const facet = loose(make())
      try {
        const given = {
          title: 'x',
          ...(write === 'put' && property !== 'id' && { id: 'a1' }),
          [property]: values[property],
        }
        const stored = await facet[write](given)
        const seen = audit(facet).readable.includes(property) && facet.get ? stored[property] : values[property]
        if (JSON.stringify(seen) === JSON.stringify(values[property])) arrived.push(property)
      } catch (error) {
        expect(error).to.be.instanceOf(StoreError)
      }
    }
    const expected = writable.filter(each => properties.includes(each as never))
    expect(arrived.filter(each => each !== 'title' && each !== 'done').sort()).to.deep.equal(
      expected.filter(each => each !== 'title' && each !== 'done').sort(),
    )
  }

  /** Each operator can be asked, or not, and so each property. */
  async function questionsAre(facet: Facet, told: Audit): Promise<void> {
    const questions: Readonly<Record<string, string>> = {
      ...{
        eq: 'rank=1',
        ne: 'rank!=1',
        lt: 'rank=lt=1',
        or: 'or(rank=1,rank=2)',
        not: 'not(rank=1)',
        sort: 'sort(rank)',
      },
      ...{
        select: 'select(id)',
        sum: 'sum(rank)',
        aggregate: 'aggregate(rank,count())',
        rel: 'rel(x)',
        exists: 'exists(id)',
      },
    }
    for (const [operator, question] of Object.entries(questions)) {
      const asked = loose(facet).query(`${question}&limit(1)`).toArray()
      const problem = await asked.then(
        () => '',
        (error: Error) => error.message,
      )
      const inside = [...question.matchAll(/([a-z]+)\(/g)].map(([, name]) => name as string)
      if (
        told.operators.includes(operator) &&
        inside.every(each => told.operators.includes(each) || each === 'limit')
      ) {
        if (operator === 'or' || operator === 'not') continue
        expect(problem, question).to.equal('')
      } else expect(problem, question).to.match(/cannot be asked here|would tell/)
    }
    for (const property of properties) {
      const problem = await loose(facet)
        .count(`exists(${property})`)
        .then(
          () => '',
          (error: Error) => error.message,
        )
      if (!told.operators.includes('exists')) continue
      const may = told.readable.includes(property) && (told.indexed?.includes(property) ?? true)
      if (may && problem.includes('computed')) continue
      expect(problem === '', property).to.equal(may)
    }
  }

  it('uses nothing, and tells even of a facet that has ended', () => {
    const Task = Model({ get: () => expect.fail('it was asked') }, { properties: { name: String } })
    const facet = restrictive(Task, { expires: 0 })
    revoke(facet)
    expect(audit(facet)).to.deep.equal({
      methods: ['get'],
      prototype: ['load'],
      own: [],
      readable: ['id', 'name'],
      writable: [],
      undeclared: { readable: true, writable: false },
      links: {},
      operators: [],
      indexed: undefined,
      maxLimit: 50,
      maxCost: 100,
      max: Infinity,
      where: [],
      gated: false,
      reveals: [],
    })
  })

  it('leaves out what the model itself hides, or lets nobody write', () => {
    const Account = Model(memory(), {
      properties: {
        name: String,
        key: { type: 'string', blocked: true },
        upper: { get: () => 'X' },
        note: { type: 'string', transient: true },
      },
      additionalProperties: false,
    })
    expect(audit(permissive(Account))).to.deep.include({
      readable: ['id', 'name', 'upper', 'note'],
      writable: ['id', 'name'],
      undeclared: { readable: false, writable: false },
    })
  })

  it('knows all operators, and their names in the types', () => {
    const all = audit(permissive(taskModel())).operators
    expect([...all, 'rel'].sort()).to.deep.equal([...operators.keys()].sort())
    expect(() => restrictive(taskModel(), { operators: all as never })).not.to.throw()
  })

  it('is of facets only', () => {
    expect(() => audit({})).to.throw(TypeError, 'a facet is expected')
  })
})

describe('explainRefusal', () => {
  const Task = taskModel()
  const seen = loose(
    permissive(Task, {
      where: 'tenant=1',
      properties: { secret: { blocked: true }, rank: { maximum: 5 } },
      maxLimit: 5,
      operators: ['eq', 'limit'],
      methods: {
        fail() {
          throw new Error('out of milk')
        },
      },
    }),
  )

  it('gives the owner the method and the reason, of whatever was refused', async () => {
    for (const [method, use, reason] of [
      ['query', () => seen.query().toArray(), 'a query needs a limit here, of at most 5'],
      ['query', () => seen.query('sort(rank)&limit(1)').toArray(), 'sort cannot be asked here'],
      ['count', () => seen.count('secret=x'), 'secret cannot be seen here'],
      ['add', () => seen.add({ id: 'x', title: 'x' }), 'where objects are hidden, choosing ids needs reveals'],
      ['add', () => seen.add({ title: 'x', tenant: 2 }), 'the object would not be one of those that are here'],
      ['put', () => seen.put({ id: 'a1', title: 'x', rank: 6 }), 'rank'],
      ['patch', () => seen.patch('b1', {}), 'there is no b1'],
      ['fail', () => seen.fail(), 'out of milk'],
      ['get', () => seen.get({}), 'an id is a string or an integer, not such an object'],
    ] as const) {
      const error = await refused(use, (await use().catch((each: Error) => each)).name)
      const told = explainRefusal(Task, error)
      expect(told?.method, reason).to.equal(method)
      expect(told?.reason).to.contain(reason)
    }
  })

  it('tells nobody else, and nothing of other errors', async () => {
    const error = await refused(() => seen.query().toArray(), 'NotAllowedError')
    expect(explainRefusal(seen, error)).to.equal(undefined)
    expect(explainRefusal(taskModel(), error)).to.equal(undefined)
    expect(explainRefusal(Task, new Error('x'))).to.equal(undefined)
    expect(explainRefusal(Task, undefined)).to.equal(undefined)
    const { name, message } = error
    expect(explainRefusal(Task, new StoreError(name as never, message))).to.equal(undefined)
  })
})
