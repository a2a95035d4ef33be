/** Queries as they are sent: as RQL in the URL, or in the body where they are long, or hold what RQL has no words for. */
import { v7 } from 'uuid'
import { encode } from '../../lib/json.js'
import { type Expression, isExpression, node } from '../../lib/query/expression.js'
import { Glob } from '../../lib/query/glob.js'
import { toExpression } from '../../lib/query/operators.js'
import { slice } from '../../lib/query/plan.js'
import { print } from '../../lib/query/print.js'
import type { Query, QueryOptions } from '../../lib/store.js'
import { isData } from './trust.js'

export interface Question {
  readonly text: string
  /** The values of `$1`, `$2`, … in it. */
  readonly parameters: readonly unknown[]
}

/** Checks a query. */
export function question(query: Query | undefined, { start, end, parameters }: QueryOptions = {}): Question {
  const asked = toExpression(query, { parameters })
  if (start === undefined && end === undefined) return written(asked)
  return written(node('and', [...asked.args, slice(start, end)]))
}

/** Plain objects become parameters: each is written as a name that stands nowhere else, and that as `$n`. */
function written(asked: Expression): Question {
  const objects = new Map<string, unknown>()
  const lift = (argument: unknown): unknown => {
    if (isExpression(argument)) return lifted(argument)
    if (Array.isArray(argument)) return argument.map(lift)
    if (!isData(argument) || argument instanceof Glob) return argument
    const name = `object-${v7()}`
    objects.set(name, argument)
    return name
  }
  const lifted = ({ name, args }: Expression) => node(name, args.map(lift))
  let text = print(holdsObject(asked) ? lifted(asked) : asked)
  for (const [at, name] of [...objects.keys()].entries()) text = text.replace(name, `$${at + 1}`)
  return { text, parameters: [...objects.values()] }
}

function holdsObject(argument: unknown): boolean {
  if (isExpression(argument)) return argument.args.some(holdsObject)
  if (Array.isArray(argument)) return argument.some(holdsObject)
  return isData(argument) && !(argument instanceof Glob)
}

/** How a question is put to a path. */
export interface Asking {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** In extended JSON. */
  readonly body?: unknown
}

/** `route` is where a body can be sent; what fits in the URL goes to `path`. */
export function asking({ text, parameters }: Question, path: string, route: string): Asking {
  if (fits({ text, parameters })) return { method: 'GET', path: text ? `${path}?${text}` : path }
  const given = parameters.length > 0 ? { parameters: encode(parameters) } : {}
  return { method: 'POST', path: route, body: { query: text, ...given } }
}

/** How many characters a query in a URL may have: servers and what is in front of them take 8,000 for the whole. */
const longest = 4000

export function fits({ text, parameters }: Question): boolean {
  return parameters.length === 0 && text.length <= longest
}
