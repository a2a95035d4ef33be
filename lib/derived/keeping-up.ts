/** An index over a store: read at the start, then kept up with what is written through its wrapper and behind it. */
import type { FeedOptions } from '../feed.js'
import { toKey } from '../id.js'
import type { Change, Id, Store } from '../store.js'
import { when } from '../when.js'
import type { Derivation } from './derivation.js'
import type { Sight } from './one-state.js'
import { type Progress, readAll } from './read-all.js'
import { type Unsettled, unsettled } from './unsettled.js'

export interface KeptUp<H> {
  readonly unsettled: Unsettled<H>
  /** What can be relied on outside transactions. */
  readonly sight: Sight
  /** Reads everything again; `read` gives what is to be held, as the derivation's own by default. */
  rebuild(progress: Progress, read?: (object: object) => H): Promise<void>
}

/**
 * Reads everything; `first` takes in each object, by `read` and `apply` by default. Objects that others write meanwhile are read
 * again, if the store tells.
 */
export async function keepingUp<H>(
  inner: Store,
  derivation: Derivation<H>,
  progress: Progress,
  first?: (object: object) => void,
): Promise<KeptUp<H>> {
  const { read, apply, holds, idProperty } = derivation
  /** Has the store stopped to tell what others write? Then nothing can be trusted until all has been read again. */
  let lost = false
  /** For each reading of everything, what has been written since it began: what it reads of these is old. */
  const readings = new Set<Set<Id>>()

  function keyOf(object: object): Id {
    return toKey(object[idProperty as never] as Id)
  }

  const writes = unsettled<H>(
    key => when(inner.get?.(key), object => (object ? read(object) : undefined)),
    (key, held) => {
      for (const newer of readings) newer.add(key)
      apply(key, held)
    },
  )

  async function rebuild(progress: Progress, readEach = read): Promise<void> {
    const newer = new Set<Id>()
    readings.add(newer)
    const isOld = (key: Id) => newer.has(key) || writes.has(key)
    try {
      const gone = new Set(derivation.keys())
      await readAll(inner, progress, object => {
        const key = keyOf(object)
        gone.delete(key)
        if (!isOld(key)) apply(key, readEach(object))
      })
      for (const key of gone) if (!isOld(key)) apply(key, undefined)
      await writes.settle()
    } finally {
      readings.delete(newer)
    }
  }

  function changed({ id, object }: Change): void {
    const key = toKey(id)
    // mostly it is the echo of a write through the wrapper
    if (!holds(key, object)) writes.touch(key)
  }

  /** `again` if nothing was told by the feed before, either. */
  async function follow(changes: AsyncIterable<Change>, again = false): Promise<void> {
    let told = false
    try {
      for await (const change of changes) {
        told = true
        changed(change)
      }
    } catch {
      // what it could not tell is found by reading all
    }
    lost = true
    if (again && !told) return
    const next = inner.subscribe?.('', patient) as AsyncIterable<Change>
    await rebuild({})
    lost = false
    await follow(next, !told)
  }

  const changes = inner.subscribe?.('', patient)
  await readAll(inner, progress, first ?? (object => apply(keyOf(object), read(object))))
  // a store that tells no more is asked for everything from then on, or is closed
  if (changes) follow(changes).catch(() => {})
  return {
    unsettled: writes,
    sight: {
      version: () => writes.version,
      doubt() {
        if (lost) return 'all'
        writes.settleNow()
        return writes.keys()
      },
    },
    rebuild,
  }
}

/** Many may be written before we have our turn: what we lose costs a look at everything. */
const patient: FeedOptions = { max: 1_000_000 }
