import { expect } from 'chai'
import { type Expression, expression, isExpression } from '../../../lib/query/expression.js'
import { glob } from '../../../lib/query/glob.js'
import { queryLimits } from '../../../lib/query/limits.js'
import { operators, toExpression } from '../../../lib/query/operators.js'
import { refused } from './refusal.js'

const plain = (name: string, ...args: unknown[]) => ({ name, args })

describe('query/expression', () => {
  it('makes a frozen node', () => {
    const made = expression('eq', ['a', 'b'], [1, [2]])
    expect(made).to.deep.equal({
      name: 'eq',
      args: [
        ['a', 'b'],
        [1, [2]],
      ],
    })
    for (const part of [made, made.args, ...made.args, (made.args[1] as unknown[])[1]]) expect(part).to.be.frozen
  })

  it('knows its own nodes from what merely looks like them', () => {
    const made = expression('eq', 'a', 1)
    expect(isExpression(made)).to.equal(true)
    for (const other of [
      { ...made },
      structuredClone(made),
      Object.create(made),
      plain('eq', 'a', 1),
      null,
      undefined,
      'a=1',
    ]) {
      expect(isExpression(other)).to.equal(false)
    }
  })

  it('copies values, so that no one changes the tree later', () => {
    const [list, date, bytes, object] = [['x'], new Date(0), Uint8Array.of(1), { a: { b: 1 } }]
    const made = expression(
      'and',
      expression('in', 'a', list),
      ...[date, bytes, object].map(each => expression('eq', 'a', each)),
    )
    list.push('y')
    date.setTime(5)
    bytes[0] = 2
    object.a.b = 2
    expect(made.args.map(each => (each as Expression).args[1])).to.deep.equal([
      ['x'],
      new Date(0),
      Uint8Array.of(1),
      { a: { b: 1 } },
    ])
  })

  it('brings arguments into one form', () => {
    expect(expression('gte', ['a'], -0)).to.deep.equal(expression('ge', 'a', 0))
    expect(expression('lte', 'a', undefined)).to.deep.equal(expression('le', 'a', null))
    expect(expression('in', 'a', 5)).to.deep.equal(expression('in', 'a', [5]))
    expect(expression('eq', 'a', new Array(2))).to.deep.equal(expression('eq', 'a', [null, null]))
    expect(Object.hasOwn(expression('eq', 'a', new Array(1)).args[1] as object, 0)).to.equal(true)
    expect(expression('sort', '')).to.deep.equal(expression('sort', '+'))
  })

  it('takes a plain object for an expression only where no value can stand', () => {
    const condition = plain('eq', 'a', 1)
    const made = expression('and', condition, plain('or', condition), expression('not', condition))
    for (const each of made.args) expect(isExpression(each)).to.equal(true)
    expect(isExpression(expression('aggregate', 'a', plain('sum', 'b')).args[1])).to.equal(true)
    for (const name of ['eq', 'contains', 'in']) {
      const [, value] = expression(name, 'a', name === 'in' ? [condition] : condition).args
      expect(isExpression(name === 'in' ? (value as unknown[])[0] : value), name).to.equal(false)
    }
  })

  it('refuses what an operator does not take', () => {
    const cases: [call: () => unknown, message: string][] = [
      [() => expression('nope'), 'no operator "nope"'],
      [() => expression('__proto__', 1), 'no operator "__proto__"'],
      [() => expression('eq', 'a', 1, 2), 'eq takes 1 or 2 arguments, not 3'],
      [() => expression('eq', 5, 1), 'eq takes the name of a property, not a number'],
      [() => expression('eq', [], 1), 'eq has an empty path'],
      [() => expression('eq', ['a', 5], 1), 'eq takes the name of a property, not a number'],
      [() => expression('eq', 'a', Number.NaN), 'NaN is not a finite number'],
      [() => expression('eq', 'a', Infinity), 'Infinity is not a finite number'],
      [() => expression('eq', 'a', Symbol('x')), 'not a symbol'],
      [() => expression('eq', 'a', () => 1), 'not a function'],
      [() => expression('eq', 'a', new Map()), 'an instance of Map'],
      [() => expression('eq', 'a', [() => 1]), 'not a function'],
      [() => expression('eq', 'a', [[() => 1]]), 'cannot be stored'],
      [() => expression('eq', 'a', new Date(Number.NaN)), 'the Date is invalid'],
      [() => expression('eq', 'a', '\ud800'), 'not well-formed'],
      [() => expression('eq', '\ud800', 1), 'not well-formed'],
      [() => expression('eq', 'a', expression('lt', 1)), 'eq takes a value'],
      [() => expression('eq', 'a', glob('*')), 'eq takes no glob'],
      [() => expression('in', 'a', [glob('*')]), 'instance of Glob'],
      [() => expression('match', 'a', /x/), 'match takes text or a glob'],
      [() => expression('not', 'a'), 'not takes conditions, not a string'],
      [() => expression('not', expression('sort', 'a')), 'not takes conditions only, not sort'],
      [() => expression('or', expression('and', expression('count'))), 'or takes conditions only, not and'],
      [() => expression('limit', '5'), 'limit takes an integer from 0'],
      [() => expression('limit', 5n), 'limit takes an integer from 0'],
      [() => expression('exists', 'a', 1), 'exists takes true or false'],
      [() => expression('aggregate', expression('sort', 'a')), 'aggregate takes count, sum'],
    ]
    for (const [call, message] of cases) refused(call, message)
  })

  it('refuses trees that are too deep or too large, however they are shared', () => {
    let chain: unknown = plain('eq', 'a', 1)
    let made = expression('eq', 'a', 1)
    const grow = () => {
      made = expression('not', made)
    }
    for (let level = 1; level < queryLimits.depth; level++) grow()
    refused(grow, 'levels deep')
    for (let level = 0; level < 100_000; level++) chain = plain('not', chain)
    refused(() => toExpression(chain as Expression), 'levels deep')
    const cycle = plain('and')
    cycle.args.push(cycle)
    refused(() => toExpression(cycle), 'levels deep')
    let shared: unknown = plain('eq', 'a', 1)
    for (let level = 0; level < 60; level++) shared = plain('or', shared, shared)
    refused(() => toExpression(shared as Expression), 'operators')
    let list: unknown = []
    for (let level = 0; level < 99; level++) list = [list]
    refused(() => expression('eq', 'a', list), 'levels')
    let nested = expression('eq', 'a', (list as unknown[])[0])
    refused(() => {
      nested = expression('not', nested)
      nested = expression('not', nested)
    }, 'levels deep')
    expect(expression('eq', 'a', (list as unknown[])[0])).to.have.property('name', 'eq')
  })
})

describe('query/operators', () => {
  it('gives an `and` at the top, whatever it is given', () => {
    const whole = expression('and', expression('eq', 'a', 1))
    for (const query of [
      'a=1',
      expression('eq', 'a', 1),
      plain('eq', 'a', 1),
      plain('and', plain('eq', 'a', 1)),
      whole,
    ]) {
      expect(toExpression(query)).to.deep.equal(whole)
      expect(isExpression(toExpression(query))).to.equal(true)
    }
    expect(toExpression(undefined)).to.deep.equal(expression('and'))
    expect(toExpression('a=$1', { parameters: [1] })).to.deep.equal(whole)
    expect(toExpression(whole), 'a checked tree as it is').to.equal(whole)
  })

  it('refuses what is no query', () => {
    for (const query of [5, null, {}, [], { name: 'eq' }, { name: 5, args: [] }]) {
      expect(() => toExpression(query as never)).to.throw(TypeError)
    }
  })

  it('lists every operator with its kind', () => {
    const named = (wanted: string) =>
      [...operators.values()].filter(({ kind }) => kind === wanted).map(({ name }) => name)
    expect(named('condition').join(' ')).to.equal(
      'eq ne lt le gt ge in out contains excludes between match exists not rel or and',
    )
    expect(named('stage').join(' ')).to.equal('sort limit select unselect values aggregate recurse distinct first one')
    expect(named('reduction').join(' ')).to.equal('count sum mean min max')
  })
})
