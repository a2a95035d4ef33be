import { inspect } from 'node:util'
import { expect } from 'chai'
import { type Expression, expression, type Path } from '../../lib/query/expression.js'
import { glob } from '../../lib/query/glob.js'
import { memory } from '../../stores/memory.js'
import { type ColumnDefinitions, sqlite } from '../../stores/sqlite.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { files } from './sqlite-files.js'

const seed = newSeed()
const { newPath } = files()

const numbers = [0, 1, -1, 2.5, 1e300, -1e300, 2 ** 53, 2 ** 60, 2 ** 63, 0.1, 0.30000000000000004]
const bigints = [1n, 0n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n, 10n ** 30n]
const dates = [new Date(0), new Date(-1), new Date('2020-05-05T10:00:00Z'), new Date(8.64e15), new Date(-8.64e15)]
const texts = [
  '',
  'a',
  'A',
  'b',
  '1',
  '1.0',
  '007',
  '2020-05-05T10:00:00.000Z',
  '2020-05-05',
  '\u{ff5e}',
  '\u{1f600}',
  'x\0y',
]
const others = [[], [1], ['a', 1], {}, { x: 1 }, Uint8Array.of(), Uint8Array.of(0), Uint8Array.of(255, 1)]
const everything = [null, true, false, ...numbers, ...bigints, ...dates, ...texts, ...others]

/** What the properties of a data set may be: some of one kind, as in life, some of any. */
const pools: readonly (readonly unknown[])[] = [
  everything,
  [0, 1, 2, 3, 4, 5, 6, 7],
  [0, 1, 2, null, 3.5],
  texts,
  dates.slice(0, 3),
  [true, false],
  [...numbers, ...bigints],
  ['Oslo', 'Bergen', 'Paris', null],
]

const columnSets: readonly (ColumnDefinitions<Record<string, unknown>> | undefined)[] = [
  undefined,
  { a: 'string', b: 'integer', c: 'number', d: 'json' },
  { a: 'date', b: 'boolean', c: 'bigint', d: 'bytes' },
  { a: 'integer', b: 'string', c: 'date', d: 'boolean' },
]

const ids = [1, 2, 3, 10, '4', '05', 'x', 'y', 'Z', '\u{1f600}', 11, 12, '13', 14, 'q', 'r', 's', 't']

describe('sqlite answers as memory does', () => {
  for (let run = 0; run < 60; run++) {
    it(`random queries, SEED=${seed + run}`, () => {
      const chance = random(seed + run)
      const kinds = ['a', 'b', 'c', 'd'].map(name => [name, chance.pick(pools)] as const)
      const columns = chance.pick(columnSets)
      const indexes: Path[] = ['a', 'b', 'c', ['d', 'x']].filter(() => chance.chance(0.7)) as Path[]
      const store = sqlite({
        path: newPath(),
        durability: 'relaxed',
        ...(columns && { columns, objectColumn: 'object' }),
        ...(chance.chance(0.8) && { indexes }),
      })
      const reference = memory()
      for (const id of ids) {
        if (chance.chance(0.2)) continue
        const object: Record<string, unknown> = { id: chance.chance(0.1) ? String(id) : id }
        for (const [name, pool] of kinds) if (chance.chance(0.8)) object[name] = chance.pick(pool)
        if (chance.chance(0.3)) object.d = { x: chance.pick(everything) }
        store.put(object)
        reference.put(object)
      }
      for (let step = 0; step < 60; step++) {
        const query = randomQuery(chance, kinds)
        const text = inspect({ query, columns, indexes }, { depth: 12, breakLength: Infinity })
        expect([...store.query(query)], text).to.deep.equal([...reference.query(query)])
        expect(store.count(query), text).to.equal(reference.count(query))
      }
      store.close()
    })
  }
})

type Kinds = readonly (readonly [string, readonly unknown[]])[]

function randomQuery(chance: Random, kinds: Kinds): Expression {
  const terms = Array.from({ length: chance.below(3) }, () => randomCondition(chance, kinds, 2))
  if (chance.chance(0.4))
    terms.push(expression('sort', ...Array.from({ length: 1 + chance.below(2) }, () => randomKey(chance))))
  if (chance.chance(0.4)) terms.push(expression('limit', chance.below(6), chance.below(4)))
  if (chance.chance(0.2)) terms.push(randomStage(chance))
  return expression('and', ...terms)
}

function randomKey(chance: Random): Path {
  const path = randomPath(chance)
  const sign = chance.pick(['', '+', '-'])
  return typeof path === 'string' ? sign + path : [sign + path[0], ...path.slice(1)]
}

const randomPath = (chance: Random): Path => chance.pick(['a', 'b', 'c', 'd', 'id', ['d', 'x'], 'none'])

function randomStage(chance: Random): Expression {
  const path = randomPath(chance)
  return chance.pick([
    () => expression(chance.pick(['count', 'sum', 'mean', 'min', 'max'])),
    () => expression(chance.pick(['sum', 'mean', 'min', 'max']), path),
    () => expression('aggregate', path, expression('count'), expression('sum', 'b')),
    () => expression('select', 'id', path),
    () => expression('values', path),
    () => expression('distinct'),
    () => expression('first'),
    () => expression('recurse'),
  ])()
}

function randomCondition(chance: Random, kinds: Kinds, depth: number): Expression {
  if (depth > 0 && chance.chance(0.4)) {
    const name = chance.pick(['and', 'or', 'not'])
    const count = name === 'not' ? 1 : chance.below(4)
    return expression(name, ...Array.from({ length: count }, () => randomCondition(chance, kinds, depth - 1)))
  }
  const path = randomPath(chance)
  const pool = path === 'id' ? ids : (kinds.find(([name]) => name === path)?.[1] ?? everything)
  const value = () => (chance.chance(0.15) ? chance.pick(everything) : chance.pick(pool))
  const list = () => Array.from({ length: chance.below(5) }, value)
  return chance.pick([
    () => expression(chance.pick(['eq', 'ne', 'lt', 'le', 'gt', 'ge']), path, value()),
    () => expression(chance.pick(['lt', 'le', 'gt', 'ge']), path, value()),
    () => expression(chance.pick(['in', 'out']), path, list()),
    () => expression('between', path, [value(), value()]),
    () => expression('exists', path, chance.chance(0.5)),
    () => expression(chance.pick(['contains', 'excludes']), path, value()),
    () => expression('match', path, glob('*a*')),
  ])()
}
