/** What is asked of all objects of a facet: `/users`. */
import { etag } from '../../lib/etag.js'
import type { Expression } from '../../lib/query/expression.js'
import { print } from '../../lib/query/print.js'
import type { Data, QueryOptions } from '../../lib/store.js'
import type { Answer } from '../answer.js'
import { HttpError } from '../http-error.js'
import { readObject } from '../negotiate/body.js'
import { textOf } from '../negotiate/json.js'
import { isExact, typeOf, types, wanted } from '../negotiate/media.js'
import { typed } from '../negotiate/typed.js'
import type { Call } from './call.js'
import { checkNew, checkRead } from './conditions.js'
import { importAll, importTypes } from './import.js'
import { notAcceptable, written } from './object.js'
import { type Asked, ask } from './page.js'
import { has, type Served } from './served.js'
import { type Streamed, streamed } from './stream.js'

/** Adds one object, or what a stream holds. */
export async function addObject(call: Call, served: Served): Promise<Answer> {
  const type = typeOf(call.header('content-type'))
  if (importTypes.has(type)) {
    await checkNew(call, served)
    return importAll(call, served, type)
  }
  const { value, exact } = await readObject(call)
  const object = (exact ? value : typed(value, served.schema)) as Data
  await checkNew(call, served, object[served.idProperty])
  return written(call, served, await served.methods.add(object, { signal: call.signal() }), 201)
}

/** What matches: a page of it as JSON, or all of it as a stream. */
export async function find(call: Call, served: Served): Promise<Answer> {
  const asked = ask(call.query, call.header('range') ?? call.header('x-range'), served.schema)
  return answerTo(call, served, asked)
}

export async function answerTo(
  call: Call,
  served: Served,
  asked: Asked,
  parameters?: readonly unknown[],
): Promise<Answer> {
  const format = wanted(call.header('accept'), 'set')
  if (format === undefined) throw notAcceptable()
  const { start, end, by } = asked
  const options: QueryOptions = parameters ? { parameters } : {}
  // a page is too short to be worth listening whether the client is still there
  if (!call.inBatch && (format === 'json' || format === 'exact')) {
    return pageOf(call, served, asked, options, isExact(format))
  }
  const part = by === 'rql' || by === 'nothing' ? {} : { start, ...(end !== undefined && { end }) }
  const sliced = { ...options, ...part, signal: call.signal() }
  return call.inBatch
    ? inBatch(call, served, asked, sliced)
    : streamed(call, served, { asked, options: sliced, format: format as Streamed })
}

/** In a batch, what is read whole may be a condition. */
async function inBatch(call: Call, { methods }: Served, { query }: Asked, options: QueryOptions): Promise<Answer> {
  const items = await methods.query(query, options).toArray()
  checkRead(call, call.header('if-match') === null ? undefined : etag(items))
  const exact = wanted(call.header('accept'), 'object') === 'exact'
  return { status: 200, headers: { 'content-type': types[exact ? 'exact' : 'json'] }, body: textOf(items, exact) }
}

async function pageOf(
  call: Call,
  served: Served,
  asked: Asked,
  options: QueryOptions,
  exact: boolean,
): Promise<Answer> {
  const { start, by } = asked
  const size = sizeOf(asked, call, served)
  const cut = by === 'rql' && asked.end !== undefined && asked.end - start <= size
  const items = await served.methods
    .query(cut ? asked.query : asked.whole, cut ? options : { ...options, start, end: start + size })
    .toArray()
  const total = await totalOf(served, asked, { count: items.length, size })
  if (by === 'range' && items.length === 0 && start > 0) {
    throw new HttpError(416, 'there is nothing so far on', { 'content-range': `items */${total ?? '*'}` })
  }
  const range = items.length === 0 ? '*' : `${start}-${start + items.length - 1}`
  const links = call.method === 'POST' ? undefined : linksOf(asked.whole, { start, count: items.length, size, total })
  return {
    status: by === 'range' && items.length > 0 ? 206 : 200,
    headers: {
      'content-type': types[exact ? 'exact' : 'json'],
      'content-range': `items ${range}/${total ?? '*'}`,
      'accept-ranges': 'items',
      ...(total !== undefined && { 'x-total-count': String(total) }),
      ...(links && { link: links }),
      'cache-control': 'private, no-cache',
      vary: 'Accept, Range',
    },
    body: textOf(items, exact),
  }
}

/** How many are given at once: what is asked for, as far as it is allowed; a limit in RQL is for the facet to judge. */
function sizeOf({ start, end, by }: Asked, { limits }: Call, { audit }: Served): number {
  const wanted = end === undefined ? Infinity : end - start
  return Math.min(wanted, limits.page, by === 'rql' ? Infinity : audit().maxLimit)
}

/** Of all that match. Counted only where the page does not tell. */
async function totalOf(
  served: Served,
  { whole, start }: Asked,
  { count, size }: { readonly count: number; readonly size: number },
): Promise<number | undefined> {
  if (!has(served, 'count')) return undefined
  if (count < size && (count > 0 || start === 0)) return start + count
  return served.methods.count(whole.args.length > 0 ? whole : undefined)
}

interface Part {
  readonly start: number
  readonly count: number
  readonly size: number
  readonly total: number | undefined
}

/** Relative to the collection, wherever that is mounted. */
function linksOf(whole: Expression, { start, count, size, total }: Part): string | undefined {
  const text = whole.args.length === 0 ? '' : `${print(whole)}&`
  const to = (offset: number, rel: string) => `<?${text}limit=${size}&offset=${offset}>; rel="${rel}"`
  const more = total === undefined ? count === size : start + count < total
  const links = [
    ...(more && count > 0 ? [to(start + count, 'next')] : []),
    ...(start > 0 ? [to(Math.max(0, start - size), 'prev')] : []),
  ]
  return links.length > 0 ? links.join(', ') : undefined
}
