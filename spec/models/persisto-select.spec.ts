import { expect } from 'chai'
import { type Filter, persisto } from '../../models/persisto.js'
import { memory } from '../../stores/memory.js'
import { newSeed, random } from '../oracle/random.js'
import { failure } from './persisto/failure.js'

interface Item {
  name?: string | null
  age?: number
  tags?: unknown[]
  info?: { city?: string }
}

const people: Item[] = [
  { name: 'Ada', age: 36, tags: ['sea', 'math'], info: { city: 'Oslo' } },
  { name: 'Bob', age: 70, tags: [], info: { city: 'Bergen' } },
  { name: 'Cy', age: 41, tags: ['sea'] },
  { age: 5, tags: ['sea', 'x', 'y'], info: {} },
  { name: 'Adam', tags: ['math'] },
  { name: null, age: 36 },
]

const operators: Record<string, readonly unknown[]> = {
  $eq: ['Ada', 36, null, 'x'],
  $ne: ['Ada', 36, null],
  $gt: [36, 'Ada'],
  $gte: [36, 'Adam'],
  $lt: [41, 'Bob'],
  $lte: [36, 'Ada'],
  $in: [[36, 'Bob'], ['Ada', null], []],
  $nin: [[36, 'Bob'], [null], []],
  $contains: ['d', 'sea', 'Ad'],
  $startsWith: ['Ad', 'A', ''],
  $endsWith: ['a', 'am'],
  $regex: ['^A', 'd.*m', '^(a|b|[A-C])+$'],
  $exists: [true, false],
  $type: ['string', 'number', 'array', 'object', 'null'],
  $size: [0, 1, 3],
}

/** The same filter, by loops and comparisons alone. */
function matches(item: object, filter: Record<string, unknown>): boolean {
  return Object.entries(filter).every(([name, given]) => {
    if (name === '$and') return (given as []).every(each => matches(item, each))
    if (name === '$or') return (given as []).some(each => matches(item, each))
    if (name === '$not') return !matches(item, given as never)
    let value: unknown = item
    for (const part of name.split('.')) value = (value as Record<string, unknown> | undefined)?.[part]
    const operators = typeof given === 'object' && given !== null ? given : { $eq: given }
    return Object.entries(operators).every(([operator, wanted]) => holds(operator, value, wanted))
  })
}

function holds(operator: string, value: unknown, wanted: unknown): boolean {
  const present = value !== undefined && value !== null
  const alike = typeof value === typeof wanted && present
  const list = wanted as unknown[]
  switch (operator) {
    case '$eq':
      return (value ?? null) === wanted
    case '$ne':
      return (value ?? null) !== wanted
    case '$gt':
      return alike && (value as number) > (wanted as number)
    case '$gte':
      return alike && (value as number) >= (wanted as number)
    case '$lt':
      return alike && (value as number) < (wanted as number)
    case '$lte':
      return alike && (value as number) <= (wanted as number)
    case '$in':
      return list.includes(value ?? null)
    case '$nin':
      return !list.includes(value ?? null)
    case '$contains':
      return (Array.isArray(value) || typeof value === 'string') && value.includes(wanted as never)
    case '$startsWith':
      return typeof value === 'string' && value.startsWith(wanted as string)
    case '$endsWith':
      return typeof value === 'string' && value.endsWith(wanted as string)
    case '$regex':
      return typeof value === 'string' && new RegExp(wanted as string, 'u').test(value)
    case '$exists':
      return present === wanted
    case '$size':
      return Array.isArray(value) && value.length === wanted
    case '$not':
      return !Object.entries(wanted as object).every(([each, given]) => holds(each, value, given))
    default:
      return (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value) === wanted
  }
}

describe('persisto: select', () => {
  const open = async () => {
    const db = await persisto({
      strategy: () => memory(),
      types: { item: { name: 'any', age: 'integer', tags: 'array', info: 'object' } },
      indexes: { item: [{ field: 'age', unique: false }] },
    })
    for (const each of people) await db.createItem(each as never)
    return db
  }
  const seed = newSeed()

  it(`finds what a loop finds, whatever the filter, SEED=${seed}`, async () => {
    const db = await open()
    const { pick, chance, below } = random(seed)
    const condition = (): object => {
      const operator = pick(Object.keys(operators))
      const one = { [operator]: pick(operators[operator] ?? []) }
      return chance(0.2) ? { $not: one } : one
    }
    const filter = (depth = 0): object => {
      const kind = depth < 3 ? below(6) : 5
      if (kind === 0) return { $and: [filter(depth + 1), filter(depth + 1)] }
      if (kind === 1) return { $or: Array.from({ length: below(3) }, () => filter(depth + 1)) }
      if (kind === 2) return { $not: filter(depth + 1) }
      const fields = ['name', 'age', 'tags', 'info.city']
      const one = { [pick(fields)]: condition() }
      return chance(0.5)
        ? { ...one, ...(chance(0.5) && { $or: [filter(3), filter(3)] }), [pick(fields)]: condition() }
        : one
    }
    const all = await db.getEveryItemObject()
    for (let round = 0; round < (process.env.GATE ? 20_000 : 250); round++) {
      const asked = filter() as Filter<Item>
      const expected = all.filter(each => matches(each, asked as never)).map(({ id }) => id)
      const found = await db.select('item', asked as never)
      expect(
        found.objects.map(({ id }) => id),
        JSON.stringify(asked),
      ).to.have.members(expected)
      expect([found.filteredCount, found.totalCount]).to.deep.equal([expected.length, people.length])
      const page = await db.select('item', asked as never, { sortBy: 'age', start: 1, pageSize: 2 })
      expect(page.filteredCount).to.equal(expected.length)
      expect(page.objects).to.have.length(Math.max(0, Math.min(2, expected.length - 1)))
      expect(page.pagination.hasMore).to.equal(expected.length > 3)
    }
  })

  it('says how much there is', async () => {
    const db = await open()
    const { pagination, totalCount, filteredCount, typeName, query } = await db.select(
      'item',
      { age: { $gte: 36 } },
      { sortBy: [{ field: 'age', descending: true }], pageSize: 3 },
    )
    expect({ totalCount, filteredCount, typeName, query }).to.deep.equal({
      totalCount: 6,
      filteredCount: 4,
      typeName: 'item',
      query: { age: { $gte: 36 } },
    })
    expect(pagination).to.deep.equal({ start: 0, end: 3, hasMore: true, totalPages: 2 })
    expect((await db.select('item', {}, { end: 0 })).objects).to.deep.equal([])
    expect((await db.select('item', { info: { city: 'Oslo' } })).filteredCount).to.equal(1)
  })

  it('refuses what it does not know', async () => {
    const db = await open()
    const wrong: object[] = [
      { age: { $near: 3 } },
      { $nor: [] },
      { age: { $gt: 3, name: 4 } },
      { $or: {} },
      { tags: { $size: '3' } },
      { name: { $regex: '(' } },
      { name: { $in: 'Ada' } },
    ]
    for (const each of wrong)
      expect(await failure(db.select('item', each as never)), JSON.stringify(each)).to.equal('TypeError')
    expect(await failure(db.select('itme' as never))).to.equal('NotFoundError')
    expect(await failure(db.select('item', {}, { start: -1 }))).to.equal('TypeError')
  })

  it('takes no longer for a pattern that means harm', async () => {
    const db = await open()
    await db.createItem({ name: `${'a'.repeat(5000)}!` } as never)
    const began = performance.now()
    const { objects } = await db.select('item', { name: { $regex: '^(a+)+$' } } as never)
    expect(objects).to.have.length(0)
    expect(performance.now() - began).to.be.below(2000)
  })
})
