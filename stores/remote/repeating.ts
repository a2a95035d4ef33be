/** Sends a request until there is an answer that counts, as often as that can do no harm. */
import { isStoreError } from '../../lib/errors.js'
import type { Allowance } from './allowance.js'
import type { Answer } from './answer.js'
import { failure, invalid, Lost } from './lost.js'
import type { Received, Settings } from './options.js'
import { errorOf, problemOf } from './problem.js'
import { type Outgoing, send } from './sending.js'

export interface Attempts {
  readonly settings: Settings
  readonly own: Allowance
  /** The caller's own signal: its reason is thrown as it is. */
  readonly signal: AbortSignal | undefined
  readonly numbers: Numbers
}

export interface Numbers {
  requests: number
  repeated: number
  /** Calls without an answer that counts. */
  lost: number
}

/** `take` makes something of an answer, or throws `Lost` if it is none; `doubt` says whether an attempt before may have arrived. */
export async function repeating<R>(
  request: Outgoing,
  { settings, own, signal, numbers }: Attempts,
  take: (received: Received, doubt: boolean) => Promise<R>,
): Promise<R> {
  const { what, changes = false, repeatable = !changes } = request
  let doubt = false
  for (let repeats = 0; ; repeats++) {
    const lost = await attempt()
    if (!(lost instanceof Lost)) return lost
    doubt ||= lost.sent
    const again = repeatable && lost.again && repeats < settings.retry && !own.signal.aborted
    const pause = again ? pauseOf(repeats, lost) : Infinity
    if (pause > settings.timeout || !(await pausing(pause))) throw ending(lost)
    numbers.repeated++
  }

  async function attempt(): Promise<R | Lost> {
    numbers.requests++
    try {
      return await take(await send(request, own, settings), doubt)
    } catch (error) {
      if (error instanceof Lost) return error
      if (own.signal.aborted) return new Lost(messageOf(own.signal.reason), { sent: true, cause: own.signal.reason })
      if (doubt && changes && !isStoreError(error)) return new Lost(messageOf(error), { sent: true, cause: error })
      throw error
    }
  }

  function pauseOf(repeats: number, { after = 0 }: Lost): number {
    // not all at once, when what was down is back
    return Math.max(after, Math.min(longestPause, firstPause * 2 ** repeats) * (0.5 + settings.random() / 2))
  }

  /** `false` if the call had to end meanwhile. */
  function pausing(milliseconds: number): Promise<boolean> {
    let cancel = () => {}
    const pause = new Promise<boolean>(resolve => {
      cancel = settings.schedule(() => resolve(true), milliseconds)
    })
    return own.wait(pause).catch(() => {
      cancel()
      return false
    })
  }

  function ending(lost: Lost): unknown {
    const { aborted, reason } = own.signal
    if (aborted && signal?.aborted && signal.reason === reason) return reason
    numbers.lost++
    if (aborted && !changes) return reason
    return failure(lost, what, { changes, sent: lost.sent || doubt })
  }
}

const firstPause = 100
const longestPause = 5000

/** Throws `Lost` if the answer says that it has not been tried, or if nobody knows what it is about. */
export function counting(answer: Answer, { changes = false }: Outgoing, doubt: boolean): Answer {
  const { status, header } = answer
  if (status < 400 || header('idempotency-key') !== undefined) return answer
  const after = pauseAsked(header('retry-after'))
  const told = problemOf(answer)
  if (after !== undefined && (status === 409 || status === 429 || status === 503)) {
    const error = told && errorOf(told)
    // a store that says so has not done it, unless it does not know either
    const sent = told === undefined ? status === 503 : error?.name === 'OutcomeUnknownError'
    throw new Lost(error?.message ?? `the server answered ${status}`, { sent, again: true, after, told: error })
  }
  if (status >= 502 && !(told && errorOf(told))) {
    throw new Lost(`the server answered ${status}`, { sent: true, again: true })
  }
  // it may be about what an attempt before has done
  if (doubt && changes) throw invalid(`an answer was lost, and asked again the server answered ${status}`)
  return answer
}

/** In milliseconds. */
function pauseAsked(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  const seconds = Number(header)
  const milliseconds = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1000
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
