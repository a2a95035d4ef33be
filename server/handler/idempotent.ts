/** Requests that may be sent again (Idempotency-Key): what they did is done once, and answered as it was the first time. */
import { isStoreError } from '../../lib/errors.js'
import { etag } from '../../lib/etag.js'
import { toBase64 } from '../../lib/json.js'
import { can, type Store } from '../../lib/store.js'
import type { Answer } from '../answer.js'
import { HttpError, problemAnswer } from '../http-error.js'
import { readBody } from '../limits/body.js'
import { type Call, withBytes } from './call.js'
import type { Served } from './served.js'
import { together, type Within } from './together.js'

/** What is kept of a request that was answered. */
interface Kept {
  readonly id: string
  /** Of what was asked. */
  readonly request: string
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
}

/** Does the work unless it has been done. `facets` are those that it writes through: the record is kept in their transaction. */
export type Once = (
  call: Call,
  key: string,
  facets: (call: Call) => Promise<readonly Served[]>,
  work: (call: Call, within?: Within) => Promise<Answer>,
) => Promise<Answer>

/** Answers that say nothing of what was asked, but of who asked, and when: they may be others the next time. */
const passing: ReadonlySet<number> = new Set([401, 403, 408, 429])

export function once(store: Store = recent(10_000)): Once {
  const running = new Set<string>()

  return async (given, key, facets, work) => {
    const bytes = 'request' in given.source ? await readBody(given) : new Uint8Array()
    const call = withBytes(given, bytes)
    const { method, path, query } = call
    const id = etag({ key, method, path, by: call.header('authorization') ?? '' }).slice(1, -1)
    const conditions = ['if-match', 'if-none-match', 'content-type', 'prefer'].map(name => call.header(name) ?? '')
    const request = etag({ query, conditions, body: toBase64(bytes) })
    if (running.has(id)) throw new HttpError(409, 'the first request with this Idempotency-Key is not answered yet')
    running.add(id)
    try {
      const found = (await store.get?.(id)) as Kept | undefined
      if (found) return again(found, request, key)
      const answer = await attempt(call, facets, work, made => keptOf(id, request, made))
      return { ...answer, headers: { ...answer.headers, 'idempotency-key': key } }
    } finally {
      running.delete(id)
    }
  }

  async function attempt(
    call: Call,
    facets: Parameters<Once>[2],
    work: Parameters<Once>[3],
    kept: (answer: Answer) => Kept,
  ): Promise<Answer> {
    try {
      const serveds = await facets(call)
      const able = can(store, 'transaction') && serveds.length > 0 && serveds.every(({ begin }) => begin)
      if (!able) return await recorded(work(call), kept)
      return await inOne(call, serveds, work, kept)
    } catch (error) {
      const answer = problemAnswer(error)
      if (answer.status >= 500 || passing.has(answer.status)) throw error
      await store.put?.(kept(answer))
      return answer
    }
  }

  /** With the effect, or not at all; where the stores cannot commit together, right after it. */
  async function inOne(
    call: Call,
    serveds: readonly Served[],
    work: Parameters<Once>[3],
    kept: (answer: Answer) => Kept,
  ): Promise<Answer> {
    let began = false
    try {
      return await together(
        serveds,
        { signal: call.signal },
        async (within, beside) => {
          began = true
          const answer = await work(call, within)
          await beside?.add?.(kept(answer))
          return answer
        },
        store,
      )
    } catch (error) {
      if (began || !isStoreError(error, 'NotSupportedError')) throw error
      return recorded(work(call), kept)
    }
  }

  async function recorded(working: Promise<Answer>, kept: (answer: Answer) => Kept): Promise<Answer> {
    const answer = await working
    await store.put?.(kept(answer))
    return answer
  }
}

function keptOf(id: string, request: string, { status, headers, body }: Answer): Kept {
  return { id, request, status, headers, body: typeof body === 'string' ? body : '' }
}

function again({ request, status, headers, body }: Kept, asked: string, key: string): Answer {
  if (request !== asked) throw new HttpError(422, 'this Idempotency-Key was used for another request')
  const told = { ...headers, 'idempotency-key': key, 'idempotency-replayed': 'true' }
  return { status, headers: told, ...(body !== '' && { body }) }
}

/** The newest in memory. */
function recent(max: number): Store<Kept, string> {
  const kept = new Map<string, Kept>()
  return {
    get: id => kept.get(id),
    put(object) {
      kept.set(object.id, object)
      if (kept.size > max) kept.delete(kept.keys().next().value as string)
      return object.id
    },
  }
}
