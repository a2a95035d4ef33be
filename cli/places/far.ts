/** Many new objects for a server at once, in one request: one by one, each would wait for an answer. */
import { StoreError } from '../../lib/errors.js'
import { stringify } from '../../lib/json.js'
import type { Data } from '../../lib/store.js'
import { exactLines, mediaType } from '../../stores/remote/media-types.js'
import { refusalOf } from '../../stores/remote/problem.js'

/** Adds all of them, or throws: then some of them may be there, which who looks at them again finds out. */
export function adding(url: string, headers: Record<string, string>) {
  return async (objects: readonly Data[], signal: AbortSignal): Promise<void> => {
    const body = objects.map(object => stringify([object])).join('\n')
    const request = {
      method: 'POST',
      headers: { ...headers, 'content-type': exactLines },
      body,
      redirect: 'manual',
      signal,
    } as const
    const {
      status,
      headers: told,
      text,
    } = await complete(url, request).catch(cause => {
      signal.throwIfAborted()
      throw unknown(`the connection broke off: ${url}`, cause)
    })
    const type = mediaType(told.get('content-type'))
    if (status >= 400) throw refusalOf({ status, type, text, header: name => told.get(name) ?? undefined })
    if (countIn(text) !== objects.length) throw unknown(`the answer does not say that all was stored: ${url}`)
  }
}

/** Milliseconds for one request: what takes longer is not waited for. */
const patience = 60_000

async function complete(url: string, request: RequestInit & { signal: AbortSignal }) {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(patience)])
  const response = await fetch(url, { ...request, signal })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** What a server says that it has stored, if it is one. */
function countIn(text: string): unknown {
  try {
    return JSON.parse(text)?.count
  } catch {
    return undefined
  }
}

const unknown = (message: string, cause?: unknown) => new StoreError('OutcomeUnknownError', message, { cause })
