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
    const response = await fetch(url, request).catch(cause => {
      signal.throwIfAborted()
      throw new StoreError('OutcomeUnknownError', `the connection broke off: ${url}`, { cause })
    })
    const text = await response.text()
    if (response.ok) return
    const { status, headers: told } = response
    const type = mediaType(told.get('content-type'))
    throw refusalOf({ status, type, text, header: name => told.get(name) ?? undefined })
  }
}
