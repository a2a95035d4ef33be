/** What an index does not know for certain: the objects that are being written, and those that it has not looked at since. */
import { isStoreError } from '../errors.js'
import type { Id, MaybePromise } from '../store.js'
import { isPromise, settle } from '../when.js'

/** `H` is what the index holds of one object. */
export interface Unsettled<H> {
  /** Goes up whenever a write begins: what was asked before may be no longer so. */
  readonly version: number
  /** The objects that are to be looked at themselves. */
  keys(): ReadonlySet<Id>
  has(key: Id): boolean
  /** Somebody begins to write it. */
  begin(key: Id): void
  /** It has been written: this is to be held now. */
  written(key: Id, held: H | undefined): void
  /** The same for a write that was over as soon as it began. */
  wrote(key: Id, held: H | undefined): void
  /** It has ended so that only the store can tell what is stored now. */
  unknown(key: Id): void
  /** It may have been written: is looked at when that matters, or soon. */
  touch(key: Id): void
  /** Looks at those that nobody writes, as far as the store answers at once. */
  settleNow(): void
  /** Looks at all of them. Where the store does not answer, they stay as they are. */
  settle(): Promise<void>
}

interface Doubt {
  /** How many are at it. */
  busy: number
  /** Two at once, or an end that nobody knows: then the last does not decide, but the store is asked. */
  contested: boolean
}

/** How long to wait for more before the store is asked, and how long to ask before others have their turn, in milliseconds. */
const pause = 10
const slice = 5

/** `read` gives what is to be held of what is stored; `apply` is told what the index is to hold. */
export function unsettled<H>(
  read: (key: Id) => MaybePromise<H | undefined>,
  apply: (key: Id, held: H | undefined) => void,
): Unsettled<H> {
  const doubts = new Map<Id, Doubt>()
  let version = 0
  let waiting = false

  function begin(key: Id): void {
    version++
    const doubt = doubts.get(key)
    if (doubt) {
      doubt.busy++
      doubt.contested = true
    } else {
      doubts.set(key, { busy: 1, contested: false })
    }
  }

  function written(key: Id, held: H | undefined): void {
    const doubt = doubts.get(key) as Doubt
    if (--doubt.busy > 0) return
    if (doubt.contested) {
      later()
      return
    }
    doubts.delete(key)
    apply(key, held)
  }

  function unknown(key: Id): void {
    const doubt = doubts.get(key) as Doubt
    doubt.contested = true
    doubt.busy--
    later()
  }

  function touch(key: Id): void {
    version++
    const doubt = doubts.get(key)
    if (doubt) doubt.contested = true
    else doubts.set(key, { busy: 0, contested: true })
    later()
  }

  /**
   * Asks the store, unless somebody is at it. If it does not answer, the object stays in doubt. `false` if it answers nobody:
   * it is closed.
   */
  function ask(key: Id): MaybePromise<boolean> {
    const doubt = doubts.get(key)
    if (!doubt || doubt.busy > 0) return true
    doubt.busy = 1
    doubt.contested = false
    return settle(
      () => read(key),
      held => {
        written(key, held)
        return true
      },
      error => {
        doubt.busy--
        doubt.contested = true
        return !isStoreError(error, 'InvalidStateError')
      },
    )
  }

  function later(): void {
    if (waiting) return
    waiting = true
    wait(async () => {
      waiting = false
      const since = performance.now()
      for (const key of doubts.keys()) {
        const asked = ask(key)
        if (!(isPromise(asked) ? await asked : asked)) return
        if (performance.now() - since > slice) {
          later()
          return
        }
      }
    })
  }

  return {
    get version() {
      return version
    },
    keys: () => new Set(doubts.keys()),
    has: key => doubts.has(key),
    begin,
    written,
    wrote(key, held) {
      if (doubts.has(key)) {
        begin(key)
        written(key, held)
        return
      }
      version++
      apply(key, held)
    },
    unknown,
    touch,
    settleNow() {
      // a promise is an answer that comes later
      for (const key of doubts.keys()) if (ask(key) !== true) return
    },
    async settle() {
      for (const key of [...doubts.keys()]) if (!(await ask(key))) return
    },
  }
}

/** Nothing here keeps a process alive: there is no need to know what nobody asks for. */
function wait(work: () => Promise<void>): void {
  const timer: { unref?(): void } = setTimeout(work, pause) as never
  timer.unref?.()
}
