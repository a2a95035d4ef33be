import { isStoreError } from '../errors.js'
import { type Expression, node } from '../query/expression.js'
import type { Change } from '../store.js'
import { settle, when } from '../when.js'
import { type Beginning, beginning, type Source } from './beginning.js'
import { type Held, type HeldOptions, held, type Sight } from './held.js'

/** The window as it is now, and how often it was read as a whole. */
export interface Present extends Sight {
  readonly round: number
}

/** A set that is kept up to date, until it is stopped or fails, or the source ends. */
export interface Following {
  /** Absent before the first set is there. */
  readonly present: Present | undefined
  readonly over: boolean
  readonly error: unknown
  stop(): void
}

/** Begins to keep a set up to date. `told` is called whenever there is news, but not before this has returned. */
export function following(source: Source, options: HeldOptions, told: () => void): Following {
  const condition: Expression = node('and', options.shape.condition ? [options.shape.condition] : [])
  const ending = new AbortController()
  const { signal } = ending
  /** The set that is shown, and the one that is to be. */
  let shown: Held | undefined
  let newest: Held | undefined
  let round = 0
  let over = false
  let error: unknown

  function begin(): void {
    let waited = false
    settle(
      () => when(beginning(source, condition, { signal }), begun => take(begun, waited)),
      () => {},
      end,
    )
    waited = true
  }

  function take({ objects, changes }: Beginning, waited: boolean): void {
    const set = held(options)
    newest = set
    set.fill(objects)
    void follow(changes, set).catch(end)
    if (!waited) show(set)
    // what was committed before the set was read may be told only now: it is not shown without that
    else setTimeout(() => show(set))
  }

  function show(set: Held): void {
    if (over || set !== newest) return
    shown = set
    round++
    tell()
  }

  async function follow(changes: AsyncIterator<Change>, set: Held): Promise<void> {
    let commit: Change[] = []
    try {
      while (!over) {
        const { value, done } = await changes.next()
        if (done) return end()
        commit.push(value)
        if (value.more) continue
        if (set.apply(commit) && set === shown) tell()
        commit = []
      }
      await changes.return?.()
    } catch (failure) {
      if (!isStoreError(failure, 'QuotaExceededError')) throw failure
      if (!over) begin()
    }
  }

  function end(failure?: unknown): void {
    if (over) return
    over = true
    error = failure
    ending.abort()
    tell()
  }

  function tell(): void {
    if (returned) told()
  }

  let returned = false
  begin()
  returned = true
  return {
    get present() {
      return shown && { round, ...shown.sight() }
    },
    get over() {
      return over
    },
    get error() {
      return error
    },
    stop() {
      over = true
      shown = undefined
      newest = undefined
      ending.abort()
    },
  }
}
