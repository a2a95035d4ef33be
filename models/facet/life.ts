/** How long a facet works, and how often: until it expires or is revoked, with all that was obtained through it. */
import { checkedAfter, checkRealm, checkRealmForReading, isIntact } from './realm.js'
import { refuse } from './refusal.js'
import type { Limits } from './rules.js'

export interface Life {
  /** To be called before anything is done for a holder, when what he gave has been taken. */
  enter(): void
  /** The same before one object is read, which takes less. */
  enterToRead(): void
  /** To be called before he is given anything that came later. */
  check(): void
  /** Does it work still, and what it was made from? */
  alive(): void
  /** Counts one call, here and in what it was made from. */
  count(): void
  /** Ends the facet, and what was obtained through it. */
  revoke(): void
  /** Does this when it is revoked, and where it is found expired if that is wanted. The function that it gives takes that back. */
  onEnd(work: () => void, expired?: boolean): () => void
}

export interface LifeOptions {
  readonly rate: Limits['rate'] | undefined
  readonly expires: Limits['expires'] | undefined
  readonly parent: Life | undefined
  readonly now: (() => number) | undefined
}

/** Whoever replaces that of `Date` later stops no clock here. */
const clock = Date.now

export function life({ parent, rate, expires, now: given }: LifeOptions): Life {
  const now = given ? checkedAfter(given) : clock
  const until = expires === undefined ? Infinity : Number(expires)
  const ends = new Set<() => void>()
  const endsExpired = new Set<() => void>()
  let revoked = false
  let expired = false
  let since = -Infinity
  let calls = 0

  function alive(): void {
    if (revoked) refuse('NotAllowedError', 'this facet has been revoked')
    if (until !== Infinity && now() >= until) {
      if (!expired) end(endsExpired)
      expired = true
      refuse('NotAllowedError', 'this facet has expired')
    }
    parent?.alive()
  }

  /** Nothing works from here on; what is open is ended where that is safe. */
  function end(works: ReadonlySet<() => void>): void {
    if (isIntact()) for (const work of [...works]) work()
  }

  function count(): void {
    if (rate) {
      const { max, ttl } = rate
      const time = now()
      if (time - since >= ttl || time < since) {
        since = time
        calls = 0
      }
      if (++calls > max) {
        const retryAfter = Math.ceil(since + ttl - time)
        refuse('QuotaExceededError', `there may be ${max} calls in ${ttl} ms`, undefined, { retryAfter })
      }
    }
    parent?.count()
  }

  return {
    alive,
    count,
    enterToRead() {
      checkRealmForReading()
      alive()
      count()
    },
    enter() {
      checkRealm()
      alive()
      count()
    },
    check() {
      checkRealm()
      alive()
    },
    revoke() {
      revoked = true
      end(ends)
    },
    onEnd(work, expired = false) {
      const stay = parent?.onEnd(work, expired)
      ends.add(work)
      if (expired) endsExpired.add(work)
      return () => {
        ends.delete(work)
        endsExpired.delete(work)
        stay?.()
      }
    },
  }
}
