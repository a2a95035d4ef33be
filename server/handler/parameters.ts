/** The parameters of a URL that are not RQL: `limit` and `offset`, and those of react-admin. */
import { StoreError } from '../../lib/errors.js'
import { type Expression, node } from '../../lib/query/expression.js'
import type { PlainObjectSchema } from '../../models/schema/plain.js'
import { typed } from '../negotiate/typed.js'

export interface Positions {
  readonly start: number
  readonly end: number | undefined
}

export interface Split {
  readonly rest: string
  readonly limit: number | undefined
  readonly offset: number | undefined
  readonly positions: Positions | undefined
  readonly terms: readonly Expression[]
}

const nothing: Split = { rest: '', limit: undefined, offset: undefined, positions: undefined, terms: [] }
const parameter = /^(limit|offset|range|sort|filter|embed)=/
const json = /^(?:\[|\{|%5B|%7B)/i

/** Takes out the parameters that are not RQL: by their names, and by values that are a number, or JSON. */
export function split(query: string, schema: PlainObjectSchema): Split {
  if (!/(?:^|&)(?:limit|offset|range|sort|filter|embed)=/.test(query)) return { ...nothing, rest: query }
  const rest: string[] = []
  const found: { -readonly [K in keyof Split]: Split[K] } = { ...nothing }
  const terms: Expression[] = []
  for (const part of topLevel(query)) {
    const name = parameter.exec(part)?.[1]
    const value = part.slice((name?.length ?? 0) + 1)
    if ((name === 'limit' || name === 'offset') && /^\d{1,15}$/.test(value)) found[name] = Number(value)
    else if (name !== undefined && name !== 'limit' && name !== 'offset' && json.test(value)) {
      const read = fromJson(name, value)
      if (name === 'range') found.positions = positionsOf(read)
      else if (name !== 'embed') terms.push(...(name === 'sort' ? sortOf(read) : filterOf(read, schema)))
    } else rest.push(part)
  }
  return { ...found, rest: rest.join('&'), terms }
}

/** The parts between `&`, but not within parentheses. */
function topLevel(query: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < query.length; at++) {
    const character = query[at]
    if (character === '(') depth++
    else if (character === ')') depth--
    else if (character === '&' && depth <= 0) {
      parts.push(query.slice(from, at))
      from = at + 1
    }
  }
  parts.push(query.slice(from))
  return parts.filter(part => part !== '')
}

function fromJson(name: string, value: string): unknown {
  try {
    return JSON.parse(decodeURIComponent(value))
  } catch {
    throw new StoreError('DataError', `${name} is not JSON`)
  }
}

const isPosition = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

function positionsOf(value: unknown): Positions {
  const [first, last] = Array.isArray(value) ? value : []
  if (isPosition(first) && isPosition(last) && first <= last) return { start: first, end: last + 1 }
  throw new StoreError('DataError', 'range must be [first, last], as in range=[0,24]')
}

/** `["name","ASC"]`, or several after each other. */
function sortOf(value: unknown): Expression[] {
  const list = Array.isArray(value) ? value : []
  const keys: string[] = []
  for (let at = 0; at < list.length; at += 2) {
    const descending = String(list[at + 1] ?? 'ASC').toUpperCase() === 'DESC'
    if (typeof list[at] === 'string') keys.push(`${descending ? '-' : '+'}${list[at]}`)
  }
  return keys.length > 0 ? [node('sort', keys)] : []
}

/** Equality with each value; one of them, where there is a list. */
function filterOf(value: unknown, schema: unknown, path: readonly string[] = []): Expression[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    if (path.length === 0) throw new StoreError('DataError', 'filter must be a JSON object')
    const property = path.length === 1 ? path[0] : path
    const many = Array.isArray(value)
    return [node(many ? 'in' : 'eq', [property, many ? value.map(each => meant(each, schema)) : meant(value, schema)])]
  }
  const { properties = {} } = (schema ?? {}) as { properties?: Record<string, unknown> }
  return Object.entries(value).flatMap(([name, each]) => filterOf(each, properties[name], [...path, name]))
}

/** A text where the schema says that it is a number: what stood in a URL, or was chosen in a form. */
function meant(value: unknown, schema: unknown): unknown {
  const { type } = (schema ?? {}) as { type?: unknown }
  const numeric = (type === 'integer' || type === 'number') && typeof value === 'string'
  return numeric && String(Number(value)) === value ? Number(value) : typed(value, schema)
}
