import type { Feed } from '../../lib/feed.js'
import type { Change, Id, MaybePromise } from '../../lib/store.js'
import { Absent } from './absent.js'
import { groupCommit } from './group-commit.js'
import { Layer } from './layer.js'
import type { Table, View } from './table.js'
import { type Decided, make } from './write.js'

/** Decides about a change against what a view holds: `undefined` if there is nothing to do, an error if it is refused. */
export type Decide<T extends object> = (view: View<T>) => Decided<T> | undefined

export interface WriterOptions<T extends object> {
  readonly table: Table<T>
  readonly feed: Feed<T, Id>
  /** Makes change sets last, each of them whole or not at all. Without it, changes are kept in memory only. */
  readonly persist?: ((sets: readonly (readonly Decided<T>[])[]) => Promise<void>) | undefined
}

/** How changes come into a table: when they last, if they are to last, so that nobody reads what may still fail. */
export interface Writer<T extends object> {
  /** Makes a change by itself, if it is allowed. */
  change(decide: Decide<T>): MaybePromise<Decided<T> | undefined>
  /** Makes a set of changes that were decided, whole or not at all. `landed` is called at the moment when others see them. */
  commit(set: readonly Decided<T>[], landed?: () => void): MaybePromise<void>
  /** Lets others see a set that lasts already. */
  land(set: readonly Decided<T>[]): void
}

interface Landing<T extends object> {
  readonly set: readonly Decided<T>[]
  readonly landed?: (() => void) | undefined
}

export function writer<T extends object>({ table, feed, persist }: WriterOptions<T>): Writer<T> {
  return persist ? lastingWriter(table, feed, persist) : plainWriter(table, feed)
}

function plainWriter<T extends object>(table: Table<T>, feed: Feed<T, Id>): Writer<T> {
  function land(set: readonly Decided<T>[]): void {
    for (const change of set) make(table, change)
    if (feed.followed) feed.publish(set as readonly Change<T, Id>[])
  }
  return {
    land,
    change(decide) {
      const decided = decide(table)
      if (decided) land([decided])
      return decided
    },
    commit(set, landed) {
      land(set)
      landed?.()
    },
  }
}

function lastingWriter<T extends object>(
  table: Table<T>,
  feed: Feed<T, Id>,
  persist: NonNullable<WriterOptions<T>['persist']>,
): Writer<T> {
  /** What is decided, lasting or not yet: what the next write is checked against. */
  let latest = new Layer(table)
  /** The last change of each key that is in there. */
  const underWay = new Map<Id, Decided<T>>()

  const last = groupCommit<Landing<T>>({
    write: async items => {
      const some = items.map(({ set }) => set).filter(set => set.length > 0)
      if (some.length > 0) await persist(some)
    },
    landed: items => {
      for (const { set, landed } of items) {
        land(set)
        landed?.()
      }
    },
    failed: () => {
      latest = new Layer(table)
      underWay.clear()
    },
  })

  function land(set: readonly Decided<T>[]): void {
    for (const change of set) {
      make(table, change)
      if (underWay.get(change.key) !== change) continue
      underWay.delete(change.key)
      latest.forget(change.key)
    }
    if (feed.followed) feed.publish(set as readonly Change<T, Id>[])
  }

  function change(decide: Decide<T>): MaybePromise<Decided<T> | undefined> {
    const pending = !latest.isEmpty
    const decided = pending ? allowed(decide, latest) : decide(latest)
    if (decided) {
      make(latest, decided)
      underWay.set(decided.key, decided)
      return last({ set: [decided] }).then(() => decided)
    }
    // what refuses it does not last yet: it may still fail, and who reads does not see it. Wait, and ask again
    const again = () => change(decide)
    if (pending && allowed(decide, table)) return last({ set: [] }).then(again, again)
    return decide(table)
  }

  return { land, change, commit: (set, landed) => last({ set, landed }) }
}

/** The change, if it is allowed and there is something to do. */
function allowed<T extends object>(decide: Decide<T>, view: View<T>): Decided<T> | undefined {
  try {
    return decide(view)
  } catch (error) {
    if (error instanceof Absent) throw error
    return undefined
  }
}
