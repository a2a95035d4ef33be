/** Several calls in one transaction: all of them, or none. */
import { StoreError } from '../../lib/errors.js'
import type { Answer } from '../answer.js'
import { HttpError, Located } from '../http-error.js'
import { isObject, readJson } from '../negotiate/body.js'
import { isExact, types, wanted } from '../negotiate/media.js'
import type { Call } from './call.js'
import { prefers } from './conditions.js'
import { httpMethods, nameIn, nowhere, type RouteOptions, route } from './route.js'
import { has, type Served } from './served.js'
import { together } from './together.js'

export interface Entry {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

export interface BatchOptions extends RouteOptions {
  /** The facet of a name, for whoever asks. */
  find(name: string): Served | undefined
  /** In these transactions, if they have been begun already. */
  readonly within?: ReadonlyMap<string, Served> | undefined
}

/** The names of what the entries are about; throws where one is not to be reached, or has no transactions. */
export function namesIn(entries: readonly Entry[], find: BatchOptions['find']): string[] {
  const names = entries.map((entry, position) => {
    try {
      const name = nameIn(entry.path)
      const served = find(name)
      if (!served) throw nowhere()
      if (!has(served, 'transaction') || !served.begin) {
        throw new StoreError('NotSupportedError', `${name} cannot take part in a batch: it has no transactions`)
      }
      return name
    } catch (error) {
      throw new Located(error, { position })
    }
  })
  return [...new Set(names)].sort()
}

/** Does what the entries say, in their order. The first that fails ends it, and nothing has been done. */
export async function batch(call: Call, options: BatchOptions): Promise<Answer> {
  const { value, exact } = (await readJson(call)) ?? { value: undefined, exact: false }
  const entries = entriesOf(value, call)
  const format = exact ? 'exact' : (wanted(call.header('accept'), 'object') ?? 'json')
  const answers = options.within
    ? await inOrder(call, entries, options.within, { options, exact: isExact(format) })
    : await together(
        namesIn(entries, options.find).map(name => options.find(name) as Served),
        { signal: call.signal() },
        within => inOrder(call, entries, within, { options, exact: isExact(format) }),
      )
  return { status: 200, headers: { 'content-type': types[format], vary: 'Accept' }, body: `[${answers.join()}]` }
}

/** The entries of a batch, checked. */
export function entriesOf(value: unknown, { limits }: Call): Entry[] {
  if (!Array.isArray(value)) throw new StoreError('DataError', 'a batch is a JSON array of { method, path, … }')
  if (value.length > limits.page) throw new HttpError(422, `a batch may have ${limits.page} entries`)
  return value.map(entryOf)
}

function entryOf(value: unknown, position: number): Entry {
  const { method = 'GET', path, headers = {}, body } = isObject(value) ? value : {}
  const isText = (each: unknown) => typeof each === 'string'
  const good = isText(method) && isText(path) && isObject(headers) && Object.values(headers).every(isText)
  if (!good || !(path as string).startsWith('/') || !httpMethods.has(method as string)) {
    const error = new StoreError('DataError', 'an entry of a batch is { method, path, headers, body }')
    throw new Located(error, { position })
  }
  const [, name = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(path as string) ?? []
  return { method: method as string, path: name, query, headers: headers as Entry['headers'], body }
}

/** Characters of all answers: entries are short, and what they ask for may be long. */
const largest = 2 ** 26

interface How {
  readonly options: BatchOptions
  readonly exact: boolean
}

/** The answers as JSON texts. */
async function inOrder(
  call: Call,
  entries: readonly Entry[],
  within: ReadonlyMap<string, Served>,
  { options, exact }: How,
): Promise<string[]> {
  const answers: string[] = []
  let size = 0
  for (const [position, entry] of entries.entries()) {
    try {
      const own = callOf(call, entry, exact)
      const answer = await route(own, within.get(nameIn(own.path)) as Served, options)
      const text = textOf(answer, prefers(own, 'return=minimal') && entry.method === 'GET')
      size += text.length
      if (size > largest) throw new HttpError(413, `the answers of a batch may have ${largest} characters in all`)
      answers.push(text)
    } catch (error) {
      throw new Located(error, { position })
    }
  }
  return answers
}

function callOf({ limits, failed }: Call, { method, path, query, headers, body }: Entry, exact: boolean): Call {
  const named = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  if (!named.has('accept')) named.set('accept', types[exact ? 'exact' : 'json'])
  return {
    method,
    path,
    query,
    header: name => named.get(name) ?? null,
    // looked at before the commit
    signal: () => undefined,
    source: { value: body, exact },
    limits,
    failed,
    inBatch: true,
  }
}

function textOf({ status, headers, body }: Answer, bare: boolean): string {
  if (typeof body !== 'string' && body !== undefined) {
    throw new StoreError('NotSupportedError', 'a stream cannot be part of a batch')
  }
  const content = bare || body === undefined ? '' : `,"body":${body}`
  return `{"status":${status},"headers":${JSON.stringify(headers)}${content}}`
}
