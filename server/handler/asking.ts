/** Queries that do not fit into a URL, and how many objects match: `/users/$query`, `/users/$count`. */
import { StoreError } from '../../lib/errors.js'
import { etag } from '../../lib/etag.js'
import { node } from '../../lib/query/expression.js'
import { parse } from '../../lib/query/parse.js'
import type { Answer } from '../answer.js'
import { readBody } from '../limits/body.js'
import { isObject, readJson, unsupported } from '../negotiate/body.js'
import { textOf, utf8 } from '../negotiate/json.js'
import { typeOf, types, wanted } from '../negotiate/media.js'
import type { Call } from './call.js'
import { answerTo } from './collection.js'
import { checkRead } from './conditions.js'
import { ask } from './page.js'
import type { Served } from './served.js'

const texts: ReadonlySet<string> = new Set(['application/rql', 'text/plain'])

interface Question {
  readonly query: string
  readonly parameters: readonly unknown[] | undefined
}

/** The query and its parameters, from the body. */
async function questionOf(call: Call): Promise<Question> {
  const type = typeOf(call.header('content-type'))
  if (texts.has(type)) return { query: utf8(await readBody(call)).trim(), parameters: undefined }
  if (type !== '' && type !== types.json && type !== types.exact) {
    throw unsupported(type, [...texts, types.json, types.exact])
  }
  const { value } = (await readJson(call)) ?? {}
  const { query = '', parameters } = isObject(value) ? value : { query: undefined }
  if (typeof query !== 'string' || !(parameters === undefined || Array.isArray(parameters))) {
    throw new StoreError('DataError', 'the body must be RQL, or { query, parameters }')
  }
  return { query, parameters }
}

export async function queryBy(call: Call, served: Served): Promise<Answer> {
  const { query, parameters } = await questionOf(call)
  if (!parameters) return answerTo(call, served, ask(query, call.header('range'), served.schema))
  const tree = parse(query, { parameters })
  return answerTo(call, served, { query: tree, whole: tree, start: 0, end: undefined, by: 'nothing' })
}

/** `{ count }`: a bare number that is cut off would still be a number. */
export async function countBy(call: Call, served: Served): Promise<Answer> {
  const { query, parameters } =
    call.method === 'POST' ? await questionOf(call) : { query: call.query, parameters: undefined }
  const tree = query === '' ? node('and', []) : parse(query, { parameters })
  const told = { count: await served.methods.count(tree, { signal: call.signal() }) }
  if (call.inBatch) checkRead(call, call.header('if-match') === null ? undefined : etag(told))
  const format = wanted(call.header('accept'), 'object') ?? 'json'
  return { status: 200, headers: { 'content-type': types[format], vary: 'Accept' }, body: textOf(told, true) }
}
