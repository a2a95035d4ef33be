import type { Id } from '../../lib/store.js'
import { type RegisterCall, type State, step, tells } from './register.js'

export interface Verdict {
  readonly verdict: 'right' | 'wrong' | 'undecided'
  /** What is wrong, and with what. */
  readonly reason?: string
}

/** Calls and returns in the order of time. `next` and `previous` leave out the calls that have found their place. */
interface Event {
  readonly call: RegisterCall
  /** The position of the call among all. */
  readonly position: number
  /** The event of the return, for a call that has returned. */
  readonly returned?: Event | undefined
  readonly isCall: boolean
  next?: Event | undefined
  previous?: Event | undefined
}

/**
 * Is there an order of the calls, each between its call and its return, in which every one gives what it gave? Objects are
 * looked at one by one (Herlihy and Wing 1990: linearizability is local), by the search of Wing and Gong (1993) that
 * remembers where it has been (Lowe 2017). An unknown call may take effect at any time after it was made, or never.
 * After `steps` steps the verdict is `undecided`.
 */
export function linearizable(calls: readonly RegisterCall[], { steps = 1_000_000 } = {}): Verdict {
  for (const [id, some] of byObject(calls.filter(tells))) {
    const found = search(some, id, steps)
    if (found.verdict !== 'right') return found
  }
  return { verdict: 'right' }
}

function byObject(calls: readonly RegisterCall[]): ReadonlyMap<string, readonly RegisterCall[]> {
  const objects = new Map<string, RegisterCall[]>()
  for (const call of calls) {
    const id = String(call.request.id)
    const some = objects.get(id)
    if (some) some.push(call)
    else objects.set(id, [call])
  }
  return objects
}

function search(calls: readonly RegisterCall[], id: Id, steps: number): Verdict {
  const head = eventsOf(calls)
  /** One bit for each call that has found its place. */
  const placed = new Uint32Array(Math.ceil(calls.length / 32))
  const seen = new Set<string>()
  const stack: { event: Event; before: State }[] = []
  let state: State = null
  let left = calls.filter(({ outcome }) => outcome !== 'unknown').length
  let event = head.next
  let furthest: Event | undefined

  while (left > 0 && event) {
    if (steps-- <= 0) return { verdict: 'undecided', reason: `the calls on ${id} take too many steps to check` }
    const after: State | undefined = event.isCall ? step(state, event.call) : undefined
    if (after !== undefined) {
      flip(placed, event.position)
      const place = `${after},${placed}`
      if (seen.has(place)) flip(placed, event.position)
      else {
        seen.add(place)
        stack.push({ event, before: state })
        state = after
        left -= lift(event)
        event = head.next
        continue
      }
    }
    if (event.isCall) event = event.next
    else {
      if (!furthest || event.call.returned > furthest.call.returned) furthest = event
      const last = stack.pop()
      if (!last) return { verdict: 'wrong', reason: explain(id, calls, furthest.call) }
      flip(placed, last.event.position)
      state = last.before
      left += unlift(last.event)
      event = last.event.next
    }
  }
  return { verdict: 'right' }
}

function eventsOf(calls: readonly RegisterCall[]): { next?: Event | undefined } {
  const events = calls.flatMap((call, position): Event[] => {
    if (call.outcome === 'unknown') return [{ call, position, isCall: true }]
    const returned: Event = { call, position, isCall: false }
    return [{ call, position, isCall: true, returned }, returned]
  })
  const head: { next?: Event | undefined } = {}
  let last = head
  for (const each of events.sort((a, b) => timeOf(a) - timeOf(b))) {
    last.next = each
    each.previous = last as Event
    last = each
  }
  return head
}

const timeOf = ({ isCall, call }: Event) => (isCall ? call.called : call.returned)

function flip(bits: Uint32Array, position: number): void {
  const word = position >> 5
  bits[word] = (bits[word] as number) ^ (1 << (position & 31))
}

/** Takes a call and its return out. Gives how many calls that must find a place have found it. */
function lift(event: Event): number {
  unlink(event)
  if (event.returned) unlink(event.returned)
  return event.returned ? 1 : 0
}

/** Puts back what was taken out last. */
function unlift(event: Event): number {
  if (event.returned) link(event.returned)
  link(event)
  return event.returned ? 1 : 0
}

function unlink({ next, previous }: Event): void {
  if (previous) previous.next = next
  if (next) next.previous = previous
}

function link(event: Event): void {
  if (event.previous) event.previous.next = event
  if (event.next) event.next.previous = event
}

function explain(id: Id, calls: readonly RegisterCall[], stuck: RegisterCall): string {
  const near = calls.filter(({ called, returned }) => called <= stuck.returned && returned >= stuck.called - 50)
  return `no order of the calls on ${id} explains ${print(stuck)}\n  ${near.map(print).join('\n  ')}`
}

function print({ request: { id: _, ...request }, called, returned, outcome, result, error }: RegisterCall): string {
  return `${called}–${returned} ${JSON.stringify(request)}: ${error ?? (outcome === 'ok' ? JSON.stringify(result) : outcome)}`
}
