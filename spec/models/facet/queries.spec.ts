import { expect } from 'chai'
import { expression } from '../../../lib/query/expression.js'
import { permissive, restrictive } from '../../../models/facet.js'
import { refused } from '../../refusal.js'
import { all, everywhere, loose, taskModel } from './tasks.js'

const Task = taskModel()
const ids = (found: { id: string }[]) => found.map(({ id }) => id)

describe('queries through a facet', () => {
  everywhere('are cursors, as those of the model', async ({ Task, within }) => {
    const seen = await within(permissive(Task))
    expect(ids(await seen.query().eq('tenant', 1).sort('-rank').limit(2).toArray())).to.deep.equal(['a1', 'a3'])
    expect(ids(await seen.query('tenant=$1', { parameters: [2] }).toArray())).to.deep.equal(['b1'])
    expect(await seen.count('tenant=$1', { parameters: [1] })).to.equal(3)
    expect(ids(await seen.query(expression('gt', 'rank', 2)).toArray())).to.deep.equal(['a1', 'b1'])
    expect(ids(await seen.query({ name: 'eq', args: ['rank', 9] }).toArray())).to.deep.equal(['b1'])
    expect(ids(await seen.query('', { start: 1, end: 3 }).toArray())).to.deep.equal(['a2', 'a3'])
    expect((await seen.query('rank=9').one()).title).to.equal('spin')
    expect((await seen.query('sort(rank)').first()).title).to.equal('mow')
    expect(await seen.query('rank=77').first()).to.equal(undefined)
    expect(await seen.query().sum('rank')).to.equal(15)
    expect(await seen.query().mean('rank')).to.equal(3.75)
    expect([await seen.query().min('rank'), await seen.query().max('rank')]).to.deep.equal([1, 9])
    expect(await seen.query().select('title').limit(1).toArray()).to.deep.equal([{ title: 'sow' }])
    expect(await seen.query().values('rank').toArray()).to.deep.equal([3, 1, 2, 9])
    expect(await seen.query().contains('tags', 'soil').count()).to.equal(2)
    expect(await seen.query().aggregate('tenant', expression('count')).toArray()).to.have.lengthOf(2)
    expect(String(seen.query('rank=9'))).to.equal('eq(rank,9)')
    expect(await all(seen.query('tenant=2'))).to.have.lengthOf(1)
    const one = await seen.query('rank=9').one()
    expect(await one.shout()).to.equal('spin q!')
  })

  it('can be asked again, and refined without changing the one before', async () => {
    const seen = restrictive(Task)
    const base = seen.query('limit(9)')
    const narrow = base.eq('tenant', 2)
    expect([await base.count(), await narrow.count(), (await base.toArray()).length]).to.deep.equal([4, 1, 4])
  })

  it('may be stopped', async () => {
    const seen = permissive(Task)
    const stopped = new AbortController()
    stopped.abort(new Error('secret reason'))
    await refused(() => seen.query('', { signal: stopped.signal }).toArray(), 'AbortError')
    await refused(() => seen.get('a1', { signal: stopped.signal }), 'AbortError')
  })

  it('refuse options that there are not', async () => {
    const seen = permissive(Task)
    await refused(
      () => seen.query('', { include: ['x'] } as never),
      'NotSupportedError',
      'there is no option include here',
    )
    await refused(() => seen.get('a1', { all: true } as never), 'NotSupportedError', 'there is no option all here')
    await refused(() => seen.query('', { all: true } as never), 'NotSupportedError', 'there is no option all here')
  })

  it('that are wrong say where', async () => {
    const seen = permissive(Task)
    await refused(() => seen.query('(('), 'DataError', 'a ( is not closed')
    await refused(() => seen.query('nope(1)'), 'DataError', 'there is no operator "nope"')
    await refused(() => seen.query(5 as never), 'TypeError')
    await refused(() => seen.query('rank=$1'), 'DataError', 'there is no parameter $1')
  })
})

describe('limits of questions', () => {
  it('restrictive facets want a limit, of at most 50, however it is said', async () => {
    const seen = restrictive(Task)
    const needs = 'a query needs a limit here, of at most 50'
    for (const query of [
      '',
      'rank=gt=0',
      'sort(rank)',
      'limit(51)',
      'limit(Infinity)',
      'select(title)',
      'values(title)',
    ]) {
      await refused(() => seen.query(query).toArray(), 'NotAllowedError', needs)
    }
    await refused(() => all(seen.query()), 'NotAllowedError', needs)
    await refused(() => seen.query('', { start: 5 }).toArray(), 'NotAllowedError', needs)
    await refused(() => seen.query('', { start: 0, end: 51 }).toArray(), 'NotAllowedError', needs)
    await refused(() => seen.query().limit(60).toArray(), 'NotAllowedError', needs)
    for (const query of [
      'limit(50)',
      'limit(50,10)',
      'limit(99)&limit(50)',
      'limit(50)&limit(99)',
      'first()',
      'count()',
      'max(rank)',
    ]) {
      await seen.query(query).toArray()
    }
    await seen.query('', { start: 0, end: 50 }).toArray()
    await seen.query('', { end: 3 }).toArray()
    await seen.query().first()
    await seen.query('rank=9').one()
    await seen.query().limit(50).toArray()
    expect(await seen.query().count()).to.equal(4)
    expect(await seen.query().sum('rank')).to.equal(15)
    expect(await seen.count('rank=gt=0')).to.equal(4)
  })

  it('of any size, and none', async () => {
    expect(await restrictive(Task, { maxLimit: 2 }).query('limit(2)').toArray()).to.have.lengthOf(2)
    await refused(() => restrictive(Task, { maxLimit: 2 }).query('limit(3)').toArray(), 'NotAllowedError', 'at most 2')
    expect(await restrictive(Task, { maxLimit: Infinity }).query().toArray()).to.have.lengthOf(4)
    expect(await permissive(Task).query().toArray()).to.have.lengthOf(4)
    await refused(() => permissive(Task, { maxLimit: 1 }).query().toArray(), 'NotAllowedError', 'at most 1')
    await refused(() => restrictive(Task, { maxLimit: 0 }).query('limit(1)').toArray(), 'NotAllowedError', 'at most 0')
  })

  it('maxCost counts operators and values', async () => {
    const long = `id=in=(${Array.from({ length: 120 }, (_, at) => `x${at}`)})&limit(1)`
    await refused(
      () => restrictive(Task).query(long).toArray(),
      'NotAllowedError',
      'a query may have 100 operators and values here',
    )
    await refused(() => restrictive(Task).count(long), 'NotAllowedError', 'a query may have 100')
    expect(await permissive(Task).query(long).toArray()).to.deep.equal([])
    expect(await restrictive(Task, { maxCost: 200 }).query(long).toArray()).to.deep.equal([])
    await refused(() => permissive(Task, { maxCost: 3 }).count('rank=1&tenant=1'), 'NotAllowedError', 'may have 3')
  })

  it('operators are those that are listed', async () => {
    const seen = restrictive(Task, { operators: ['eq', 'limit'] })
    expect(await seen.query('tenant=1&limit(9)').toArray()).to.have.lengthOf(3)
    for (const [query, name] of [
      ['rank=gt=1&limit(1)', 'gt'],
      ['sort(rank)&limit(1)', 'sort'],
      ['or(rank=1,rank=2)&limit(1)', 'or'],
      ['select(title)&limit(1)', 'select'],
    ] as const) {
      await refused(() => seen.query(query).toArray(), 'NotAllowedError', `${name} cannot be asked here`)
      await refused(() => seen.count(query.replace('&limit(1)', '')), 'NotAllowedError', `${name} cannot be asked here`)
    }
    await refused(() => seen.query('constructor(1)'), 'DataError', 'there is no operator')
    await refused(
      () => restrictive(Task).query('aggregate(tenant,count())&limit(5)').toArray(),
      'NotAllowedError',
      'aggregate',
    )
    expect(await permissive(Task).query('aggregate(tenant,count())').toArray()).to.have.lengthOf(2)
    await refused(() => permissive(Task).count('rel(team)'), 'NotAllowedError', 'rel cannot be asked here')
  })

  it('indexed allows conditions and sorting by properties with an index only', async () => {
    const seen = restrictive(Task, { indexed: true, properties: { tenant: { blocked: true } } })
    for (const query of [
      'rank=1&limit(5)',
      'id=a1&limit(5)',
      'sort(-rank)&limit(5)',
      'select(title)&limit(5)',
      'values(title)&limit(1)',
    ]) {
      await seen.query(query).toArray()
    }
    const hint = 'title has no index, and cannot be asked by here; what can is id, rank'
    for (const query of [
      'title=sow&limit(5)',
      'sort(rank,title)&limit(1)',
      'sort(-title)&limit(1)',
      'or(rank=1,title=x)&limit(1)',
    ]) {
      await refused(() => seen.query(query).toArray(), 'NotAllowedError', hint)
    }
    await refused(() => seen.count('title=sow'), 'NotAllowedError', hint)
  })

  it('hold for cursors without count where that is closed', async () => {
    const seen = restrictive(Task, { methods: { count: false } })
    await refused(() => seen.query('limit(1)').count(), 'NotSupportedError', 'there is no count here')
    expect(loose(seen).count).to.equal(undefined)
  })
})
