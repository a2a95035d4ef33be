/** Random trees and data for the property tests of queries. A run replays from its seed: `SEED=123 npx mocha …`. */
import { type Expression, expression } from '../../../lib/query/expression.js'
import { glob } from '../../../lib/query/glob.js'
import { newSeed, random as numbers } from '../../oracle/random.js'

export type Random = () => number

export const seed = newSeed()

/** Numbers from 0 to 1, the same for the same seed. */
export const random = (from = seed): Random => numbers(from).next

const below = (next: Random, limit: number) => Math.floor(next() * limit)
export const pick = <T>(next: Random, from: readonly T[]): T => from[below(next, from.length)] as T
export const list = <T>(next: Random, most: number, make: () => T): T[] =>
  Array.from({ length: below(next, most + 1) }, make)

const pieces = [
  ...'abzAZ019-_.!~*\'()&|=<>,/:;?#%$+@[]{}"\\^` \t\n\0é߀ς',
  '😀',
  '\uffff',
  '%3C',
  '%7C',
  '%',
  'true',
  'null',
  'string:',
  '$1',
  '007',
  '1e6',
  '2000-01-01T00:00:00Z',
]

export const text = (next: Random) => list(next, 5, () => pick(next, pieces)).join('')

const plainTexts = [
  '',
  'true',
  'false',
  'null',
  'undefined',
  'Infinity',
  '-0',
  '0',
  '1',
  '-1.5',
  '1e21',
  '1e+21',
  'NaN',
]

const usual = [
  null,
  false,
  true,
  0,
  1,
  2,
  2n,
  '',
  'a',
  'ab',
  'b',
  '1',
  new Date(0),
  new Date(1),
  Uint8Array.of(1),
  [],
  ['a'],
  [1, 'a'],
]

/** A value of the domain, without plain objects unless asked for; often one of a few, so that values meet again. */
export function value(next: Random, depth = 2, objects = false): unknown {
  if (next() < 0.5) return pick(next, usual)
  switch (below(next, depth > 0 ? (objects ? 12 : 11) : 10)) {
    case 0:
      return null
    case 1:
      return next() < 0.5
    case 2:
      return below(next, 7) - 3
    case 3:
      return pick(next, [0.1, -1e-7, 1e21, 2 ** 53, Number.MAX_VALUE, 5e-324, next()])
    case 4:
      return pick(next, [0n, 3n, -12345678901234567890n, 10n ** 21n])
    case 5:
      return new Date(pick(next, [0, 1e12, -1, -62198755200000, 8.64e15, below(next, 4) * 1000]))
    case 6:
      return Uint8Array.from(list(next, 4, () => below(next, 256)))
    case 7:
      return pick(next, plainTexts)
    case 10:
      return list(next, 3, () => value(next, depth - 1, objects))
    case 11:
      return Object.fromEntries(list(next, 3, () => [name(next), value(next, depth - 1, objects)]))
    default:
      return text(next)
  }
}

const names = [
  'a',
  'b',
  'c',
  'list',
  'a.b',
  'a/b',
  '__proto__',
  'constructor',
  'toString',
  'length',
  '',
  '+a',
  '-',
  '$1',
]

export const name = (next: Random) => (next() < 0.8 ? pick(next, names) : text(next))

function path(next: Random): string | string[] {
  return next() < 0.7 ? name(next) : [name(next), ...list(next, 2, () => name(next))]
}

/** A condition; nested operators down to the depth. */
export function condition(next: Random, depth = 3, objects = false): Expression {
  const one = () => value(next, 2, objects)
  const at = () => (next() < 0.9 ? [path(next)] : [])
  switch (below(next, depth > 0 ? 12 : 8)) {
    case 0:
    case 1:
      return expression(pick(next, ['eq', 'ne']), ...at(), one())
    case 2:
    case 3:
      return expression(pick(next, ['lt', 'le', 'gt', 'ge']), ...at(), one())
    case 4:
      return expression(pick(next, ['in', 'out']), ...at(), list(next, 4, one))
    case 5:
      return expression('between', ...at(), [one(), one()])
    case 6:
      return expression('match', ...at(), glob(pick(next, ['*', '?', 'a*', `*${text(next)}`, text(next)])))
    case 7:
      return next() < 0.5 ? expression('exists', path(next), next() < 0.5) : expression('exists', path(next))
    case 8:
      return expression('not', condition(next, depth - 1, objects))
    case 9:
      return expression('contains', ...at(), next() < 0.5 ? one() : condition(next, depth - 1, objects))
    case 10:
      return expression('excludes', ...at(), next() < 0.5 ? one() : condition(next, depth - 1, objects))
    default:
      return expression(pick(next, ['and', 'or']), ...list(next, 4, () => condition(next, depth - 1, objects)))
  }
}

export function stage(next: Random): Expression {
  const paths = () => [path(next), ...list(next, 2, () => path(next))]
  const reduction = () => expression(pick(next, ['sum', 'mean', 'min', 'max']), ...list(next, 1, () => path(next)))
  const count = () => pick(next, [0, 1, 2, 5, 100, Infinity])
  switch (below(next, 9)) {
    case 0:
      return expression('limit', count(), ...list(next, 2, count))
    case 1:
      return expression(pick(next, ['select', 'unselect', 'values']), ...paths())
    case 2:
      return expression('aggregate', ...paths(), ...list(next, 2, reduction))
    case 3:
      return expression('recurse', ...list(next, 1, () => path(next)))
    case 4:
      return expression(pick(next, ['distinct', 'first', 'count', 'values']))
    case 5:
      return reduction()
    default:
      return expression('sort', ...paths().map(each => signed(next, each)))
  }
}

function signed(next: Random, key: string | string[]): string | string[] {
  const [first = '', ...others] = typeof key === 'string' ? [key] : key
  const name = `${pick(next, ['+', '-'])}${first}`
  return typeof key === 'string' ? name : [name, ...others]
}
