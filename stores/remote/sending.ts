/** Sends one request, once. */
import type { Allowance } from './allowance.js'
import { invalid, isUnreached, Lost } from './lost.js'
import type { Received, Settings } from './options.js'

/** A request. */
export interface Outgoing {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  /** For messages: what is done, and to what. */
  readonly what: string
  /** Does it change something? */
  readonly changes?: boolean | undefined
  /** Does it do no harm to send it twice? Reading never does. */
  readonly repeatable?: boolean | undefined
}

/** The beginning of an answer of a server; what is none is `Lost`. */
export async function send(
  { method, url, headers, body }: Outgoing,
  { signal, wait }: Allowance,
  settings: Settings,
): Promise<Received> {
  const given = settings.headers()
  const all = { ...(given instanceof Promise ? await wait(given) : given), ...headers }
  signal.throwIfAborted()
  const content = body === undefined ? {} : { body }
  const init = { method, headers: all, ...content, signal, redirect: 'manual', ...fresh } as const
  const received = await wait(settings.fetch(url, init)).catch(lose)
  const { status } = received
  if ((status >= 200 && status < 300) || (status >= 400 && status < 600)) return received
  received.body?.cancel().catch(() => {})
  const to = received.headers.get('location')
  throw invalid(
    `the server answered ${status || 'with a redirect'}${to ? `, to ${to.slice(0, 200)}` : ''}: not followed`,
  )
}

/** Browsers keep answers; elsewhere it would only cost headers. */
const fresh = 'location' in globalThis ? ({ cache: 'no-store' } as const) : {}

function lose(cause: unknown): never {
  if (isUnreached(cause)) throw new Lost('the server cannot be reached', { sent: false, again: true, cause })
  throw new Lost('the connection broke off', { sent: true, again: true, cause })
}
