/** Objects that a model does not see, or that are not valid, and how a person mends them. */
import { StoreError } from '../../lib/errors.js'
import type { Data, Id, MaybePromise, Options } from '../../lib/store.js'
import type { Assessed } from './assess.js'
import type { Found } from './report.js'
import { idsOf, type Migrating } from './run.js'

/** An object that is stored, and is not as the model wants it. */
export interface Quarantined<I extends object = object> extends Found {
  /** What is stored, as its version wrote it; without what the model blocks. */
  readonly object: Data
  /**
   * Puts an object of the model in its place, checked as `put` checks it. A `PreconditionFailedError` if others have changed
   * it; a `NotAllowedError` if a later version wrote it.
   */
  mend(object: object, options?: Options): Promise<I>
  /** Deletes it, if it is still so. */
  discard(options?: Options): Promise<boolean>
}

export interface Mending {
  /** Puts an object in place of what is stored. */
  replace(stored: Data, id: Id, object: object, options: Options): MaybePromise<object>
}

/** All that is not as the model wants it, in the order of the ids. Looks at every object, and runs the steps of earlier ones. */
export async function* quarantined(
  migrating: Migrating,
  { replace }: Mending,
  { signal }: Options = {},
): AsyncGenerator<Quarantined, undefined> {
  const { store, assess, version, names } = migrating
  for (const id of await idsOf(migrating, signal)) {
    signal?.throwIfAborted()
    const stored = await store.get?.(id, { signal })
    if (!stored) continue
    const found = await assess(stored)
    const issues = found.next ? [notYet(found)] : found.issues
    if (issues.length > 0) yield quarantine({ ...found, issues })
  }

  function quarantine({ stored, content, version: own, issues }: Assessed): Quarantined {
    const id = stored[migrating.idProperty] as Id
    const object = Object.fromEntries(Object.entries(content).filter(([name]) => !names.blocked.includes(name)))
    const check = () => {
      if (own <= version) return
      const message = `${id} is of version ${own}, later than ${version}: only the program that wrote it may change it`
      throw new StoreError('NotAllowedError', message, { id })
    }
    const methods = {
      async mend(object: object, options: Options = {}) {
        check()
        return replace(stored, id, object, options)
      },
      async discard({ signal }: Options = {}) {
        check()
        const { delete: remove } = store
        if (!remove) throw new StoreError('NotSupportedError', 'the store has no delete', { id })
        return remove(id, { ifMatch: stored, signal })
      },
    }
    // the methods do not show: what is listed is data
    const hidden = Object.fromEntries(Object.entries(methods).map(([name, value]) => [name, { value }]))
    return Object.defineProperties({ id, version: own, object, issues } as Quarantined, hidden)
  }
}

function notYet({ version }: Assessed) {
  return { path: [], keyword: 'version', message: `is of version ${version}, and can be brought up: call migrate()` }
}
