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

export function once(store: Store = recent(10_000, 2 ** 26)): Once {
  const running = new Set<string>()

  return async (given, key, facets, work) => {
    const bytes = 'request' in given.source ? await readBody(given) : new Uint8Array()
    const call = withBytes(given, bytes)
    const { method, path, query } = call
    const id = etag({ key, method, path, ...askedBy(given) }).slice(1, -1)
    const conditions = ['if-match', 'if-none-match', 'content-type', 'prefer'].map(name => call.header(name) ?? '')
    const request = etag({ query, conditions, body: toBase64(bytes) })
    if (running.has(id)) throw new HttpError(409, 'the first request with this Idempotency-Key is not answered yet')
    running.add(id)
    try {
      const found = (await store.get?.(id)) as Kept | undefined
      if (found) return again(found, request)
      const known = (answer: Answer) => ({ ...answer, headers: { ...answer.headers, 'idempotency-key': key } })
      return await attempt(call, facets, work, { known, keep: made => keptOf(id, request, made) })
    } finally {
      running.delete(id)
    }
  }

  async function attempt(
    call: Call,
    facets: Parameters<Once>[2],
    work: Parameters<Once>[3],
    making: Making,
  ): Promise<Answer> {
    let able = false
    try {
      const serveds = await facets(call)
      able = can(store, 'transaction') && serveds.length > 0 && serveds.every(({ begin }) => begin)
      if (!able) return await recorded(work(call), making)
      const done = await inOne(call, serveds, work, making)
      if (done) return done
      able = false
      return await recorded(work(call), making)
    } catch (error) {
      const told = problemAnswer(error)
      if (told.status >= 500 || passing.has(told.status)) throw error
      // where the record of an effect may be lost, and not the effect, a refusal does not say that there was none
      const answer = able ? making.known(told) : told
      const kept = making.keep(answer)
      // another process may have done it meanwhile, which is why it was refused here
      const done = (await store.get?.(kept.id)) as Kept | undefined
      if (done) return again(done, kept.request)
      await store.put?.(kept)
      return answer
    }
  }

  /** With the effect, or not at all; `undefined` where the stores cannot commit together. */
  async function inOne(
    call: Call,
    serveds: readonly Served[],
    work: Parameters<Once>[3],
    { known, keep }: Making,
  ): Promise<Answer | undefined> {
    let began = false
    try {
      return await together(
        serveds,
        { signal: call.signal() },
        async (within, beside) => {
          began = true
          const answer = known(await work(call, within))
          await beside?.add?.(keep(answer))
          return answer
        },
        store,
      )
    } catch (error) {
      if (began || !isStoreError(error, 'NotSupportedError')) throw error
      return undefined
    }
  }

  /** Right after the effect, which is there even if this fails. */
  async function recorded(working: Promise<Answer>, { known, keep }: Making): Promise<Answer> {
    const answer = known(await working)
    try {
      await store.put?.(keep(answer))
    } catch {}
    return answer
  }
}

/** Whose key it is: what identifies who asks, and whom. */
function askedBy({ header, source }: Call): object {
  const host = 'request' in source ? new URL(source.request().url).host : ''
  return { host, authorization: header('authorization') ?? '', cookie: header('cookie') ?? '' }
}

interface Making {
  /** Says that the request would be known again, by its key. */
  known(answer: Answer): Answer
  keep(answer: Answer): Kept
}

function keptOf(id: string, request: string, { status, headers, body }: Answer): Kept {
  return { id, request, status, headers, body: typeof body === 'string' ? body : '' }
}

function again({ request, status, headers, body }: Kept, asked: string): Answer {
  if (request !== asked) throw new HttpError(422, 'this Idempotency-Key was used for another request')
  const told = { ...headers, 'idempotency-replayed': 'true' }
  return { status, headers: told, ...(body !== '' && { body }) }
}

/** The newest in memory: so many, and no more than so many characters of what was answered. */
function recent(max: number, maxSize: number): Store<Kept, string> {
  const kept = new Map<string, Kept>()
  let size = 0
  return {
    get: id => kept.get(id),
    put(object) {
      kept.set(object.id, object)
      size += object.body.length
      for (const [id, { body }] of kept) {
        if (kept.size <= max && size <= maxSize) break
        kept.delete(id)
        size -= body.length
      }
      return object.id
    },
  }
}
