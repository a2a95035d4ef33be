/** Reads from the server. */
import { checkId } from '../../lib/id.js'
import type { CountOptions, Id, Options, Query, QueryOptions } from '../../lib/store.js'
import { type Address, isThe } from './address.js'
import type { Answer } from './answer.js'
import { failure, invalid, Lost } from './lost.js'
import { exactJson, exactLines } from './media-types.js'
import type { Settings } from './options.js'
import { errorOf, problemOf, refusalOf } from './problem.js'
import { type Asking, asking, question } from './question.js'
import { rows } from './rows.js'
import type { Outgoing } from './sending.js'
import type { Transport } from './transport.js'
import { isData, objectOf, parsed } from './trust.js'

export interface Reading {
  get(id: Id, options?: Options): Promise<object | undefined>
  /** Each iteration asks anew. */
  query(query?: Query, options?: QueryOptions): AsyncIterable<object>
  count(query?: Query, options?: CountOptions): Promise<number>
}

export interface ReadingOptions {
  readonly to: Address
  readonly transport: Transport
  readonly settings: Settings
  /** Throws if the store is closed, or the signal aborted. */
  check(options?: Options): void
  /** Comes when nothing is in the way. */
  ready(): Promise<void> | undefined
}

export function reading({ to, transport, settings, check, ready }: ReadingOptions): Reading {
  const { idProperty, max } = settings

  return {
    async get(id, options = {}) {
      check(options)
      checkId(id)
      await ready()
      const request = { method: 'GET', url: to.root + to.object(id), headers: { accept: exactJson } } as const
      return transport.exchange({ ...request, what: `get ${id}` }, options, answer =>
        isNothing(answer, id) ? undefined : objectOf(contentOf(answer, id), id, idProperty),
      )
    },
    query(query, options = {}) {
      check(options)
      const request = requestOf(asking(question(query, options), to.path, `${to.path}/$query`), exactLines, 'query')
      return {
        async *[Symbol.asyncIterator]() {
          check(options)
          await ready()
          const opened = await transport.open(request, options)
          try {
            for await (const item of rows(opened, max)) {
              yield item as object
              check(options)
            }
          } catch (error) {
            throw error instanceof Lost ? lostOf(error) : error
          } finally {
            opened.end()
          }

          function lostOf(lost: Lost): unknown {
            const { aborted, reason } = opened.own.signal
            return aborted ? reason : failure(lost, 'query', { changes: false, sent: true })
          }
        },
      }
    },
    async count(query, options = {}) {
      check(options)
      const route = `${to.path}/$count`
      const request = requestOf(asking(question(query, options), route, route), exactJson, 'count')
      await ready()
      return transport.exchange(request, options, answer => {
        const value = contentOf(answer)
        const count = isData(value) ? value.count : undefined
        if (Number.isSafeInteger(count) && (count as number) >= 0) return count as number
        throw invalid('the answer holds no count')
      })
    },
  }

  function requestOf({ method, path, body }: Asking, accept: string, what: string): Outgoing {
    const url = to.root + path
    if (body === undefined) return { method, url, headers: { accept }, what }
    return { method, url, headers: { accept, 'content-type': exactJson }, body: JSON.stringify(body), what }
  }
}

/** Is nothing stored under the id? A server that does not know the store at all says something else. */
export function isNothing(answer: Answer, id: Id): boolean {
  if (answer.status !== 404) return false
  const problem = problemOf(answer)
  return problem !== undefined && errorOf(problem)?.name === 'NotFoundError' && isThe(id, problem.id)
}

/** What an answer about an object, or about more, holds, if it is not a refusal. */
export function contentOf(answer: Answer, id?: Id): unknown {
  const { status, type, text } = answer
  if (status >= 400) throw refusalOf(answer, id)
  if (type !== exactJson) throw invalid(`the answer is ${type || 'of no type'}, not ${exactJson}`)
  return parsed(text)
}
