/** Queries, answered the slow and plain way: what `match` and `run` are compared with. */
import { compare, rank } from '../../../lib/order.js'
import { type Expression, isExpression } from '../../../lib/query/expression.js'
import { type Glob, globTest } from '../../../lib/query/glob.js'
import type { Plan } from '../../../lib/query/plan.js'

type Item = unknown
const missing = (value: Item) => value === undefined || value === null

export function read(item: Item, path: unknown): Item {
  return [path].flat().reduce((value, name) => {
    return rank(value) === 7 && Object.hasOwn(value as object, name as string)
      ? (value as never)[name as never]
      : undefined
  }, item)
}

export function holds({ name, args }: Expression, item: Item): boolean {
  if (name === 'and') return args.every(term => holds(term as Expression, item))
  if (name === 'or') return args.some(term => holds(term as Expression, item))
  if (name === 'not') return !holds(args[0] as Expression, item)
  if (name === 'exists') return missing(args.length === 0 ? item : read(item, args[0])) === (args[1] === false)
  const value = args.length === 2 ? read(item, args[0]) : item
  return fits(name, value, args[args.length - 1])
}

function fits(name: string, value: Item, operand: unknown): boolean {
  const same = rank(value) === rank(operand)
  switch (name) {
    case 'eq':
      return compare(value, operand) === 0
    case 'ne':
      return compare(value, operand) !== 0
    case 'lt':
      return same && compare(value, operand) < 0
    case 'le':
      return same && compare(value, operand) <= 0
    case 'gt':
      return same && compare(value, operand) > 0
    case 'ge':
      return same && compare(value, operand) >= 0
    case 'in':
      return (operand as unknown[]).some(each => compare(value, each) === 0)
    case 'between':
      return fits('ge', value, (operand as unknown[])[0]) && fits('lt', value, (operand as unknown[])[1])
    case 'match':
      return typeof value === 'string' && globTest(operand as Glob)(value)
    case 'contains':
      if (Array.isArray(value))
        return value.some(each => (isExpression(operand) ? holds(operand, each) : fits('eq', each, operand)))
      return typeof value === 'string' && typeof operand === 'string' && value.includes(operand)
    case 'out':
      return !fits('in', value, operand)
    default:
      return !fits('contains', value, operand)
  }
}

export function answer(objects: readonly object[], { condition, stages }: Plan): Item[] {
  const found: Item[] = objects.filter(object => condition === undefined || holds(condition, object))
  return stages.reduce((items, stage) => staged(stage, items), found)
}

function staged({ name, args }: Expression, items: Item[]): Item[] {
  switch (name) {
    case 'sort':
      return items.slice().sort((a, b) => args.reduce((order: number, key) => order || byKey(key, a, b), 0))
    case 'limit':
      return items.slice(Number(args[1] ?? 0), Number(args[1] ?? 0) + Number(args[0]))
    case 'select':
      return items.map(item =>
        args.reduce((part: object, path) => merge(part, nest(item, [path].flat() as string[])), {}),
      )
    case 'values':
      if (args.length === 0) return items.map(item => (rank(item) === 7 ? Object.values(item as object) : [item]))
      if (args.length > 1) return items.map(item => args.map(path => read(item, path) ?? null))
      return items.map(item => read(item, args[0])).filter(value => value !== undefined)
    case 'distinct':
      return items.filter((item, at) => items.findIndex(each => compare(each, item) === 0) === at)
    case 'first':
      return items.slice(0, 1)
    case 'recurse':
      return items.flatMap(item => below(item, args[0]))
    default:
      return [reduced(name, args.length === 0 ? items : items.map(item => read(item, args[0])))].flat()
  }
}

function byKey(key: unknown, a: Item, b: Item): number {
  const [first = '', ...names] = [key].flat() as string[]
  const path = [first.replace(/^[+-]/, ''), ...names]
  return compare(read(a, path), read(b, path)) * (first.startsWith('-') ? -1 : 1)
}

function nest(item: Item, [name = '', ...names]: string[]): object {
  const value = read(item, name)
  if (names.length === 0) return value === undefined ? {} : Object.fromEntries([[name, value]])
  return rank(value) === 7 ? Object.fromEntries([[name, nest(value, names)]]) : {}
}

function merge(a: object, b: object): object {
  const entries = Object.entries(b).map(([name, value]) => {
    const before = read(a, name)
    return [name, rank(before) === 7 && rank(value) === 7 ? merge(before as object, value as object) : value]
  })
  return Object.fromEntries([...Object.entries(a), ...entries])
}

function below(item: Item, path: unknown): Item[] {
  if (Array.isArray(item)) return item.flatMap(each => below(each, path))
  if (rank(item) !== 7) return []
  return [item, ...below(path === undefined ? Object.values(item as object) : read(item, path), path)]
}

function reduced(name: string, values: Item[]): Item[] {
  const numbers = values.filter(value => rank(value) === 2) as (number | bigint)[]
  const present = values.filter(value => !missing(value)).sort(compare)
  const bigints = numbers.length > 0 && numbers.every(value => typeof value === 'bigint')
  const total = numbers.reduce((sum: number, value) => sum + Number(value), 0)
  switch (name) {
    case 'count':
      return [values.length]
    case 'sum':
      return [bigints ? (numbers as bigint[]).reduce((sum, value) => sum + value, 0n) : total]
    case 'mean':
      return numbers.length === 0 ? [] : [total / numbers.length]
    default:
      return (name === 'min' ? present.slice(0, 1) : present.slice(-1)) as Item[]
  }
}
