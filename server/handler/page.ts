/** Which part of what matches is asked for: by RQL, by `Range`, by `limit` and `offset`, or by react-admin's parameters. */
import { type Expression, node } from '../../lib/query/expression.js'
import { parse } from '../../lib/query/parse.js'
import type { Query } from '../../lib/store.js'
import type { PlainObjectSchema } from '../../models/schema/plain.js'
import { type Positions, split } from './parameters.js'

export interface Asked {
  /** What is asked of the store, with a `limit` of its own, if RQL has one: as the text that it was, where that says it all. */
  readonly query: Query
  /** The same without a limit that stands at its end: what is counted. */
  readonly whole: Expression
  /** The positions that are wanted, of `whole`. */
  readonly start: number
  readonly end: number | undefined
  /** How it was said: a limit of RQL goes to the store as it is. */
  readonly by: 'rql' | 'parameters' | 'range' | 'nothing'
}

const everything = node('and', [])

/** Reads the query of a URL, and the `Range` header if there is one. */
export function ask(query: string, range: string | null, schema: PlainObjectSchema): Asked {
  const { rest, limit, offset, positions, terms } = split(query, schema)
  const text = listed(rest)
  let tree = text === '' ? everything : parse(text)
  if (terms.length > 0) tree = node('and', [...tree.args, ...terms])
  const last = lastLimit(tree)
  if (last) {
    const [count, start = 0] = last.args as [number, number?]
    const whole = node('and', tree.args.slice(0, -1))
    return { query: terms.length > 0 ? tree : text, whole, start, end: start + count, by: 'rql' }
  }
  const said = positions ?? rangeOf(range)
  const of = { query: tree, whole: tree }
  if (limit !== undefined || offset !== undefined) {
    return { ...of, start: offset ?? 0, end: limit === undefined ? undefined : (offset ?? 0) + limit, by: 'parameters' }
  }
  if (!said) return { ...of, start: 0, end: undefined, by: 'nothing' }
  return { ...of, ...said, by: positions ? 'parameters' : 'range' }
}

/** The lists of dstore, which writes `in=(a%2Cb)`: a list of one value that has commas is written `in(name,(a%2Cb))`. */
function listed(rql: string): string {
  return rql.replace(/=(?:in|out)=\([^(),]*\)/g, list => list.replaceAll(/%2C/gi, ','))
}

/** A limit behind which nothing stands that could see it. */
function lastLimit({ args }: Expression): Expression | undefined {
  const last = args.at(-1) as Expression | undefined
  return last?.name === 'limit' && last.args.length < 3 ? last : undefined
}

/** `items=0-24`, `items=5-`; other units are not ours. */
function rangeOf(range: string | null): Positions | undefined {
  const found = range === null ? null : /^items=(\d{1,15})-(\d{0,15})$/.exec(range.trim())
  if (!found) return undefined
  const start = Number(found[1])
  const last = found[2] === '' ? undefined : Number(found[2])
  // what ends before it begins is no range, and is ignored
  if (last !== undefined && last < start) return undefined
  return { start, end: last === undefined ? undefined : last + 1 }
}
