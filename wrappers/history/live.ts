import type { Feed } from '../../lib/feed.js'
import type { Change, Id } from '../../lib/store.js'
import type { Draft, Entry } from './record.js'

/** What has become of an object. */
export interface Written<T extends object, K extends Id> {
  readonly id: K
  readonly object: T | undefined
  readonly previous: T | undefined
}

interface Place<T extends object, K extends Id> {
  readonly drafts: readonly Draft<T, K>[]
  readonly entries: readonly Entry[]
  committed: boolean | undefined
}

/**
 * Tells a feed what is committed, in the order of the sequences: who waits for a commit may go on after who waits for the
 * next. To be called in that order; gives what is to be called when it is known whether these changes are committed.
 */
export function live<T extends object, K extends Id>(feed: Feed<T, K>) {
  const line: Place<T, K>[] = []
  return (drafts: Place<T, K>['drafts'], entries: Place<T, K>['entries']) => {
    const place: Place<T, K> = { drafts, entries, committed: undefined }
    line.push(place)
    return (committed: boolean) => {
      place.committed = committed
      while (line[0]?.committed !== undefined) {
        const { drafts, entries, committed } = line.shift() as Place<T, K>
        if (committed && feed.followed) feed.publish(drafts.map((draft, at) => toChange(draft, entries[at] as Entry)))
      }
    }
  }
}

export function toChange<T extends object, K extends Id>(
  { id, object, previous }: Written<T, K>,
  { id: sequence }: Entry,
): Change<T, K> {
  return { type: object ? 'put' : 'delete', id, ...(object && { object }), ...(previous && { previous }), sequence }
}
