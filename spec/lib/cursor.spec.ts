import { expect } from 'chai'
import type { Cursor } from '../../lib/cursor.js'
import { isStoreError } from '../../lib/errors.js'
import { expression } from '../../lib/query/expression.js'
import { glob } from '../../lib/query/glob.js'
import { ask, asking, ids, type Person, people, rejected } from './asking.js'
import { refused } from './query/refusal.js'

describe('cursor', () => {
  it('adds conditions, each to a new cursor', async () => {
    const all = ask()
    const conditions: [query: Cursor<Person>, ids: string][] = [
      [all, '1,2,3'],
      [all.eq('name', 'Ada'), '1'],
      [all.eq('age', null), '3'],
      [all.ne('name', 'Ada'), '2,3'],
      [all.lt('age', 36), '2'],
      [all.le('age', 36), '1,2'],
      [all.gt('age', 20), '1'],
      [all.ge('age', 20), '1,2'],
      [all.between('age', 20, 36), '2'],
      [all.in('name', ['Ada', 'Cy']), '1,3'],
      [all.out('name', ['Ada', 'Cy']), '2'],
      [all.contains('tags', 'x'), '1'],
      [all.excludes('tags', 'x'), '2,3'],
      [all.contains('name', 'b'), '2'],
      [all.contains('tags', expression('gt', 'x')), '1,2'],
      [all.contains('pets', pet => pet.eq('kind', 'cat').lt('age', 5)), '1'],
      [all.excludes('pets', pet => pet.gt('age', 5)), '1,2'],
      [all.match('name', glob('*a')), '1'],
      [all.exists('age'), '1,2'],
      [all.exists('age', false), '3'],
      [all.eq(['address', 'city'], 'Oslo'), '3'],
      [all.gt('age', 10).lt('age', 30), '2'],
      [all.and('age>10', expression('lt', 'age', 30)), '2'],
      [all.and(person => person.eq('id', 3)), '3'],
      [all.and(all.eq('id', 3)), '3'],
      [all.or('id=1', person => person.eq('id', 3)), '1,3'],
      [all.or(), ''],
      [all.or('id=1&name=Bob', 'id=2&name=Bob'), '2'],
      [all.not('id=1'), '2,3'],
      [all.not(person => person.gt('id', 1).lt('id', 3)), '1,3'],
      [all.where('id=$1|name=$2', [2, 'Ada']), '1,2'],
      [ask('id>1').lt('id', 3), '2'],
      [ask(expression('gt', 'id', 1)), '2,3'],
      [ask('id=$1', { parameters: [3] }), '3'],
      [ask('id=1').or('id=2', 'id=1'), '1'],
    ]
    for (const [query, expected] of conditions) expect(await ids(query), String(query)).to.equal(expected)
    expect(String(all)).to.equal('')
  })

  it('adds stages, in their order', async () => {
    expect(await ids(ask().sort('-age'))).to.equal('1,2,3')
    expect(await ids(ask().sort('+age', '-id'))).to.equal('3,2,1')
    expect(await ids(ask().sort(['-address', 'city']))).to.equal('3,1,2')
    expect(await ids(ask().limit(1, 1))).to.equal('2')
    expect(await ids(ask().limit(2).sort('-id'))).to.equal('2,1')
    expect(await ids(ask().limit(1).eq('id', 2)), 'conditions come first').to.equal('2')
    expect(await ask().select('id', ['address', 'city']).toArray()).to.deep.equal([
      { id: 1, address: { city: 'London' } },
      { id: 2 },
      { id: 3, address: { city: 'Oslo' } },
    ])
    expect(await ask('id=2').unselect('tags', 'pets', 'age').toArray()).to.deep.equal([{ id: 2, name: 'Bob' }])
    expect(await ask().values('age').toArray()).to.deep.equal([36, 20])
    expect(await ask().values('id', 'age').toArray()).to.deep.equal([
      [1, 36],
      [2, 20],
      [3, null],
    ])
    expect(await ask().values(['address', 'city']).distinct().toArray()).to.deep.equal(['London', 'Oslo'])
    expect(await ask().aggregate('name', expression('count')).limit(1).toArray()).to.deep.equal([{ name: 'Ada', 0: 1 }])
  })

  it('asks nothing before it is iterated, and anew each time', async () => {
    const { query, asked } = asking('id>0')
    const narrowed = query.gt('id', 1).sort('-id').select('name')
    expect(asked).to.deep.equal([])
    for (let time = 1; time < 3; time++) {
      const names: string[] = []
      for await (const { name } of narrowed) names.push(name)
      expect(names).to.deep.equal(['Cy', 'Bob'])
      expect(asked).to.have.length(time)
    }
  })

  it('is no promise, cannot be changed, and is written as RQL', async () => {
    const query = ask('age>20|name=x').sort('-age').limit(2)
    expect(query).to.not.have.property('then')
    expect(query).to.be.frozen
    expect(Object.getPrototypeOf(query)).to.be.frozen
    expect(Object.getPrototypeOf(Object.getPrototypeOf(query))).to.be.frozen
    expect(await query).to.equal(query)
    expect(`${query}`).to.equal('or(gt(age,20),eq(name,x))&sort(-age)&limit(2,0)')
    expect(ask(String(query)).expression).to.deep.equal(query.expression)
  })

  it('gives the first, the one, the count', async () => {
    expect(await ask().sort('-id').first()).to.equal(people[2])
    expect(await ask('id=9').first()).to.equal(undefined)
    expect(await ask('id=2').one()).to.equal(people[1])
    expect(await rejected(ask('id=9').one())).to.satisfy((error: unknown) => isStoreError(error, 'NotFoundError'))
    expect(await rejected(ask().one())).to.satisfy((error: unknown) => isStoreError(error, 'ConstraintError'))
    expect(
      await ask()
        .values('age')
        .one()
        .catch(() => 'more'),
    ).to.equal('more')
    expect(await ask('age>0').count()).to.equal(2)
    expect(await ask().limit(1).count()).to.equal(1)
  })

  it('reduces', async () => {
    expect(await ask().sum('age')).to.equal(56)
    expect(await ask('id>9').sum('age')).to.equal(0)
    expect(await ask().mean('age')).to.equal(28)
    expect(await ask('id>9').mean('age')).to.equal(undefined)
    expect(await ask().min('age')).to.equal(20)
    expect(await ask().max('name')).to.equal('Cy')
    expect(await ask().max(['address', 'city'])).to.equal('Oslo')
    expect(await ask('id>9').max('age')).to.equal(undefined)
    expect(await ask().limit(1).sum('age')).to.equal(36)
  })

  it('slices by the options after all else', async () => {
    const sliced = ask('', { start: 1, end: 3 })
    expect(await ids(sliced)).to.equal('2,3')
    expect(await ids(sliced.sort('-id'))).to.equal('2,1')
    expect((await sliced.first())?.id).to.equal(2)
    expect(await ask('', { start: 5 }).first()).to.equal(undefined)
    expect(await ask('', { start: 1, end: 1 }).first()).to.equal(undefined)
    expect((await ask('', { start: 2 }).one()).id).to.equal(3)
    expect(await rejected(sliced.one())).to.satisfy((error: unknown) => isStoreError(error, 'ConstraintError'))
    expect(await sliced.count()).to.equal(2)
    expect(await sliced.sum('age')).to.equal(20)
    expect(await sliced.max('id')).to.equal(3)
  })

  it('asks the store for no more than it needs', async () => {
    const { query, asked } = asking('', { start: 1 })
    await query.first()
    await query.one().catch(() => {})
    await query.count()
    await query.sum('age')
    const signal = undefined
    expect(asked).to.deep.equal([
      ['query', { start: 1, end: 2 }],
      ['query', { start: 1, end: 3 }],
      ['count', { signal }],
      ['query', {}],
    ])
  })

  it('refuses a mistake where it is made', () => {
    refused(() => ask('a'), 'a condition has an operator')
    refused(() => ask('id=$1'), 'no parameter $1')
    refused(() => ask().or('sort(id)'), 'or takes conditions only')
    refused(() => ask().limit(-1), 'limit takes an integer')
    expect(() => ask().and(5 as never)).to.throw(TypeError)
  })
})
