/** Brings what was changed to the store, together with the records of it. One commit at a time; what comes meanwhile is the next. */
import { isStoreError } from '../../lib/errors.js'
import { sameId } from '../../lib/id.js'
import { can, type Id, type MaybePromise, type Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { equal } from '../../lib/value.js'
import { look, merge } from './acts.js'
import type { Step } from './change.js'
import { toEntry } from './log.js'
import type { Root } from './root.js'
import type { Saved } from './setting.js'
import { fromStored, type Source, toStored } from './source.js'

export interface SavingOptions {
  readonly source: Source
  /** Somebody else has changed what the store has: takes that over. Gives whether there was anything. */
  absorb(root: Root): Promise<boolean>
  /** It could not be saved, and nobody waits for it. */
  report(error: unknown, root: Root): void
  /** Something is being saved. */
  stirred(): void
  /** The object that the store has under a key. */
  stored(key: Id): Root | undefined
}

/** What is to become of one object in the store. */
interface Plan {
  readonly root: Root
  readonly version: number
  readonly before: Saved | undefined
  readonly after: Saved | undefined
  readonly steps: readonly Step[]
  readonly dropped: readonly number[]
  /** What the store made of it. */
  stored?: Saved
}

/** How often it is tried if others write in between. */
const tries = 10

export function saving({ source, absorb, report, stirred, stored }: SavingOptions) {
  const { target, log, coordinator, isModel, inline } = source
  /** What is not in the store as it is here. */
  const dirty = new Set<Root>()
  /** What of that is to be saved. */
  const due = new Set<Root>()
  let scheduled = false
  let last: Promise<unknown> = Promise.resolve()

  /** Does the work when nothing is being saved. */
  function alone<R>(work: () => Promise<R>): Promise<R> {
    const done = last.then(work)
    last = done.catch(nothing)
    return done
  }

  function schedule(): void {
    if (scheduled) return
    scheduled = true
    queueMicrotask(() => {
      scheduled = false
      save(report).catch(nothing)
    })
  }

  /** Saves what is due now. Rejects with the first error, when all others are saved. */
  function save(tell: SavingOptions['report'] = nothing): Promise<void> {
    return alone(async () => {
      const batch = ready()
      for (const root of batch) undue(root)
      stirred()
      if (batch.length === 0) return
      try {
        await commit(batch)
      } catch (error) {
        const parts = apart(batch)
        const errors = parts.length > 1 ? await each(parts, tell) : [failed(batch, error, tell)]
        if (errors.length > 0) throw errors[0]
      }
    })
  }

  /** What is due, and waits for no transaction: itself, or because the store has its key for one that does. */
  function ready(): Root[] {
    const free = [...due].filter(({ holder }) => holder === undefined)
    const held = ({ alive, key }: Root) => alive && stored(key)?.holder !== undefined
    const waiting = new Set(free.filter(held))
    for (let before = -1; before < waiting.size; ) {
      before = waiting.size
      for (const root of free) if (root.alive && waiting.has(stored(root.key) as Root)) waiting.add(root)
    }
    return free.filter(root => !waiting.has(root))
  }

  async function each(parts: readonly (readonly Root[])[], tell: SavingOptions['report']): Promise<unknown[]> {
    const errors: unknown[] = []
    for (const part of parts) await commit(part).catch(error => errors.push(failed(part, error, tell)))
    return errors
  }

  function failed(roots: readonly Root[], error: unknown, tell: SavingOptions['report']): unknown {
    for (const root of roots) {
      root.problem = error
      tell(error, root)
    }
    return error
  }

  async function commit(batch: readonly Root[], left = tries): Promise<void> {
    for (const root of batch) look(root)
    const plans = batch.map(planOf)
    try {
      await within(plans.filter(isNeeded))
    } catch (error) {
      const conflict = isStoreError(error, 'PreconditionFailedError') || isStoreError(error, 'InvalidStateError')
      if (!conflict || left === 0) throw error
      let absorbed = false
      for (const root of batch) absorbed = (await absorb(root)) || absorbed
      if (!absorbed) throw error
      return commit(batch, left - 1)
    }
    for (const { root, after, stored = after, steps, dropped, version } of plans) {
      root.saved = stored
      root.past.logged(steps, dropped)
      root.problem = undefined
      if (root.version === version) settled(root)
      // a model may have changed what it stored
      if (root.alive && after && stored && stored !== after) merge(root, after.data, stored.data)
    }
  }

  function settled(root: Root): void {
    stirred()
    root.isDirty = false
    dirty.delete(root)
    undue(root)
  }

  function undue(root: Root): void {
    root.isDue = false
    due.delete(root)
  }

  function put(root: Root): void {
    root.isDue = true
    due.add(root)
  }

  function within(plans: readonly Plan[]): MaybePromise<void> {
    if (plans.length === 0) return
    if (log) {
      return transaction([target, log], ([tx, logTx]) => write(plans, tx as Store, logTx as Store), {
        log: coordinator as never,
      })
    }
    if (plans.length === 1 || !can(target, 'transaction')) return write(plans, target)
    return transaction(target, tx => write(plans, tx as Store))
  }

  async function write(plans: readonly Plan[], tx: Store, logTx?: Store): Promise<void> {
    // first what makes room
    for (const { before, after } of plans) {
      if (before && !(after && sameId(before.key, after.key))) {
        await tx.delete?.(before.key, { ifMatch: toStored(source, before) })
      }
    }
    for (const plan of plans) {
      const { root, before, after } = plan
      if (after && !(unchanged(plan) && (!inline || plan.steps.length === 0))) {
        const moved = before && !sameId(before.key, after.key)
        const only = before && !moved ? { ifMatch: toStored(source, before) } : ({ ifNoneMatch: '*' } as const)
        const stored = toStored(source, after)
        inline?.write(after.key, root.past.steps)
        const put = await tx.put?.(stored, { id: after.key, ...only })
        if (isModel) plan.stored = fromStored(source, { ...put })
      }
    }
    if (!logTx) return
    for (const { root, steps, dropped } of plans) {
      for (const step of steps) await logTx.put?.(toEntry(step, root.origin as number))
      for (const sequence of dropped) await logTx.delete?.(sequence)
    }
  }

  return {
    dirty: dirty as ReadonlySet<Root>,
    alone,
    save,
    touch(root: Root): void {
      root.isDirty = true
      dirty.add(root)
    },
    /** To be saved soon. */
    soon(root: Root): void {
      put(root)
      schedule()
    },
    due: put,
    settled,
    /** A transaction has ended for which others have waited. */
    released(): void {
      if (due.size > 0) schedule()
    },
    get waiting(): boolean {
      return ready().length > 0
    },
  }
}

function planOf(root: Root): Plan {
  return {
    root,
    version: root.version,
    before: root.saved,
    after: root.alive ? { key: root.key, data: root.data() } : undefined,
    steps: root.past.unlogged.slice(),
    dropped: root.past.dropped.slice(),
  }
}

function unchanged({ before, after }: Plan): boolean {
  return before !== undefined && after !== undefined && sameId(before.key, after.key) && equal(before.data, after.data)
}

function isNeeded(plan: Plan): boolean {
  const { before, after, steps, dropped } = plan
  return steps.length > 0 || dropped.length > 0 || !((!before && !after) || unchanged(plan))
}

/** What need not be saved together: objects that no transaction has changed with others. */
function apart(roots: readonly Root[]): Root[][] {
  const parts: { roots: Root[]; transactions: Set<number> }[] = []
  for (const root of roots) {
    const transactions = new Set(root.past.unlogged.map(each => each.transaction).filter(each => each !== undefined))
    const touching = parts.filter(part => [...transactions].some(each => part.transactions.has(each)))
    const joined = { roots: [root], transactions }
    for (const part of touching) {
      parts.splice(parts.indexOf(part), 1)
      joined.roots.push(...part.roots)
      for (const each of part.transactions) joined.transactions.add(each)
    }
    parts.push(joined)
  }
  return parts.map(({ roots }) => roots)
}

function nothing(): void {}
