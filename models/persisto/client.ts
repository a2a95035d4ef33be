/** The methods of a Persisto on a server, called as if they were here. */
import { StoreError } from '../../lib/errors.js'
import { parse, stringify } from '../../lib/json.js'
import { errorOf } from '../../stores/remote/problem.js'
import type { MethodInfo } from './method.js'

const exact = 'application/vnd.holdfast+json'

export interface ClientOptions {
  /** Sent with each request, such as `authorization`; or asked for before each. */
  readonly headers?:
    | Record<string, string>
    | (() => Record<string, string> | Promise<Record<string, string>>)
    | undefined
  /** In place of the platform's. */
  readonly fetch?: typeof fetch | undefined
}

type Calls<P> = { readonly [K in keyof P as P[K] extends (...args: never[]) => unknown ? K : never]: P[K] }

/** What can be called there, as far as the server grants it. */
export type Client<P> = Omit<Calls<P>, 'methods'> & { methods(): Promise<MethodInfo[]> }

/**
 * A client of methods that `grant` has opened and a server of this library serves at this address:
 * `client<typeof db>('http://localhost:3000/methods')`. Which there are is for the server to say: others are a `NotFoundError`.
 * Dates, bigints and bytes arrive as they are; errors are `StoreError`s. What may have been done is an `OutcomeUnknownError`.
 */
export function client<P>(url: string | URL, options: ClientOptions = {}): Client<P> {
  const { headers = {}, fetch: ask = fetch } = options
  const base = String(url).replace(/\/+$/, '')

  async function send(path: string, init: RequestInit): Promise<unknown> {
    const given = typeof headers === 'function' ? await headers() : headers
    let response: Response
    let text: string
    try {
      response = await ask(base + path, { ...init, headers: { ...given, accept: exact, 'content-type': exact } })
      text = await response.text()
    } catch (cause) {
      const name = init.method === 'GET' ? 'NetworkError' : 'OutcomeUnknownError'
      throw new StoreError(name, `${base}${path} gave no answer`, { cause })
    }
    if (response.ok) return text === '' ? undefined : parse(text)
    throw refusal(response.status, text)
  }

  const calls = new Map<string, unknown>()
  const callOf =
    (name: string) =>
    (...args: unknown[]) =>
      send(`/$call/${encodeURIComponent(name)}`, { method: 'POST', body: stringify(trimmed(args)) })
  return new Proxy(Object.freeze({}), {
    get(_, name) {
      // a promise is not what this is
      if (typeof name !== 'string' || name === 'then') return undefined
      if (!calls.has(name)) calls.set(name, name === 'methods' ? () => send('', { method: 'GET' }) : callOf(name))
      return calls.get(name)
    },
  }) as Client<P>
}

/** What is left out at the end is not sent; within, it is null, as JSON has nothing else. */
function trimmed(args: readonly unknown[]): unknown[] {
  const end = args.findLastIndex(each => each !== undefined) + 1
  return args.slice(0, end).map(each => each ?? null)
}

function refusal(status: number, text: string): StoreError {
  let problem: unknown
  try {
    problem = JSON.parse(text)
  } catch {}
  const told = typeof problem === 'object' && problem !== null ? errorOf(problem as Record<string, unknown>) : undefined
  if (told) return told
  const name = status === 401 || status === 403 ? 'NotAllowedError' : status === 404 ? 'NotFoundError' : 'UnknownError'
  return new StoreError(name, `the server answered ${status}`)
}
