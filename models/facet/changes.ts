/** Changes as they are seen through a layer: what changes only in what is hidden has not changed. */
import { type Expression, node } from '../../lib/query/expression.js'
import { match } from '../../lib/query/match.js'
import { plan } from '../../lib/query/plan.js'
import type { Change, Data, Id, SubscribeOptions } from '../../lib/store.js'
import { equal } from '../../lib/value.js'
import type { Authority } from './authority.js'
import type { Policy } from './policy.js'
import { refuse } from './refusal.js'
import { see } from './see.js'
import { vet } from './vet.js'

type Seen = Change<Data, Id>

export function changesOf(
  inner: Authority,
  policy: Policy,
  query: Expression,
  { signal, since }: SubscribeOptions,
): AsyncIterator<Seen> {
  vet(query, policy)
  const { condition, stages } = plan(query)
  if (stages.length > 0) refuse('NotSupportedError', `changes cannot be followed through ${stages[0]?.name}`)
  const matches = match(condition)
  const whole = !policy.partial && !policy.hides
  const numbered = whole || policy.reveals('sequence')
  if (since !== undefined && !numbered) {
    refuse(
      'NotSupportedError',
      'since is not possible here',
      "how many changes are hidden shows in their numbers: reveals: ['sequence'] allows it",
    )
  }
  const changes = inner.subscribe(node('and', []), { signal, since })

  async function side(object: Data | undefined): Promise<Data | undefined> {
    return object && (await policy.permits(object)) ? see(object, policy) : undefined
  }

  async function own({ type: _, id, object: now, previous: before, sequence }: Seen): Promise<Seen | undefined> {
    const [object, previous] = [await side(now), await side(before)]
    if (!(object && matches(object)) && !(previous && matches(previous))) return undefined
    if ((policy.hides || policy.getters.size > 0) && object && previous && equal(object, previous)) return undefined
    return {
      type: object ? 'put' : 'delete',
      id,
      ...(object && { object }),
      ...(previous && { previous }),
      ...(numbered && sequence !== undefined && { sequence }),
    }
  }

  const ready: Seen[] = []
  /** Seen, and it is not known yet whether another of the same commit is. */
  let waiting: Seen | undefined

  async function take(change: Seen): Promise<void> {
    const seen = await own(change)
    if (seen) {
      if (waiting) ready.push({ ...waiting, more: true })
      waiting = seen
    }
    if (change.more || !waiting) return
    ready.push(waiting)
    waiting = undefined
  }

  return {
    async next() {
      while (ready.length === 0) {
        const { value, done } = await changes.next()
        if (done) return { value: undefined, done: true }
        await take(value)
      }
      return { value: ready.shift() as Seen, done: false }
    },
    async return() {
      await changes.return?.()
      return { value: undefined, done: true }
    },
  }
}
