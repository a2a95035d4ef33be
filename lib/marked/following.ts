import { together } from '../feed.js'
import { node } from '../query/expression.js'
import { match } from '../query/match.js'
import { plan } from '../query/plan.js'
import type { Change, Id, Query, Store, SubscribeOptions } from '../store.js'
import { type Meaning, seenOf } from './meaning.js'
import { divided } from './question.js'
import { others } from './reading.js'

/**
 * The changes of what is seen. Where it is replaced by what is not, that is a delete here; the other way round it is new.
 * Of what fades, the end is told when it is removed, without it.
 */
export function following<T extends object, K extends Id>(inner: Store<T, K>, meaning: Meaning<T, K>) {
  const { mark, fades = false } = meaning
  return (query?: Query, options: SubscribeOptions = {}): AsyncIterable<Change<T, K>> => {
    const { condition, stages } = plan(query, options)
    const matches = match(condition)
    const asked = node('and', [...divided(mark, condition).inside, ...stages])
    const subscribe = inner.subscribe as NonNullable<typeof inner.subscribe>
    const changes = subscribe.call(inner, asked, others(options))

    function own({ object: now, previous: before, type: _, ...rest }: Change<T, K>): Change<T, K> | undefined {
      const [object, previous] = [seenOf(now, meaning), seenOf(before, meaning)]
      // it faded before this could be told: what is told is its end
      if (fades && now && !object) return undefined
      const last = fades && before ? mark.seen(before) : previous
      if (!(object && matches(object)) && !(last && matches(last))) return undefined
      return { type: object ? 'put' : 'delete', ...rest, ...(object && { object }), ...(previous && { previous }) }
    }

    return { [Symbol.asyncIterator]: () => chosen(changes[Symbol.asyncIterator](), own) }
  }
}

/** What `choose` makes of the changes, in their order; without those of which it makes nothing. A commit stays together. */
function chosen<C extends Change>(changes: AsyncIterator<C>, choose: (change: C) => C | undefined): AsyncIterator<C> {
  let last: Promise<unknown> = Promise.resolve()
  /** Of one commit, read as a whole. */
  let ready: C[] = []

  async function next(): Promise<IteratorResult<C>> {
    const commit: C[] = []
    while (ready.length === 0) {
      const { value, done } = await changes.next()
      if (done) return { value: undefined, done }
      const choice = choose(value)
      if (choice !== undefined) commit.push(choice)
      if (!value.more) ready = [...together(commit)]
    }
    return { value: ready.shift() as C, done: false }
  }

  return {
    next() {
      const following = last.then(next, next)
      last = following
      return following
    },
    // does not wait for its turn: whoever waits for the next is to learn that there is none
    async return() {
      ready = []
      await changes.return?.()
      return { value: undefined, done: true }
    },
  }
}
