import { eventStream, exactJson, exactLines, problemJson } from '../../../stores/remote/media-types.js'
import { type Fetch, type RemoteOptions, remote, type Sent } from '../../../stores/remote.js'

/** A store of which a server gives these answers, one after the other, the last again and again; and what was sent to it. */
export function answering(answers: readonly (() => Response | Promise<Response>)[], options: RemoteOptions = {}) {
  const sent: (Sent & { readonly url: string })[] = []
  const fetch: Fetch = async (url, init) => {
    sent.push({ url, ...init })
    const next = answers[Math.min(sent.length, answers.length) - 1] as () => Response
    return next()
  }
  const { timeout = 207 } = options
  // pauses are over at once; only what is a time limit takes its time
  const schedule = (work: () => void, milliseconds: number) => {
    const timer = setTimeout(work, milliseconds === timeout ? timeout : 0)
    return () => clearTimeout(timer)
  }
  const store = remote('http://server/things', { fetch, retry: 0, timeout, schedule, random: () => 0, ...options })
  return { store, sent }
}

const of =
  (type: string) =>
  (
    body: string | ReadableStream | Uint8Array | null,
    init: { status?: number; headers?: Record<string, string> } = {},
  ) =>
  () =>
    new Response(body, { ...init, headers: { 'content-type': type, ...init.headers } })

export const json = of(exactJson)
export const rows = of(exactLines)
export const stream = of(eventStream)
export const html = of('text/html')
export const problem = (details: object, status: number, headers?: Record<string, string>) =>
  of(problemJson)(JSON.stringify(details), { status, ...(headers && { headers }) })
export const nothing = (status: number, headers?: Record<string, string>) => () =>
  new Response(null, { status, ...(headers && { headers }) })

/** What never ends, or breaks off after these parts. */
export function parts(
  texts: readonly string[],
  end: 'stalls' | 'breaks' | 'for ever' | 'ends' = 'ends',
): ReadableStream {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      const text = texts[end === 'for ever' ? at++ % texts.length : at++]
      if (text !== undefined) return controller.enqueue(new TextEncoder().encode(text))
      if (end === 'breaks') return controller.error(new TypeError('terminated'))
      if (end === 'ends') return controller.close()
      return new Promise<void>(() => {})
    },
  })
}

/** What a call comes to: a value, or the name of an error. */
export async function outcome(work: () => unknown): Promise<unknown> {
  try {
    return await work()
  } catch (error) {
    return (error as Error).name
  }
}

export async function listed<T>(items: AsyncIterable<T> | Iterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}
