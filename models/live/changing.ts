/** What is changed together, by work that is done at once or in its time, and who is told of it. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { isStoreError, StoreError } from '../../lib/errors.js'
import type { MaybePromise } from '../../lib/store.js'
import { settle } from '../../lib/when.js'
import { Step } from './change.js'
import type { Root } from './root.js'

interface Made {
  readonly root: Root
  readonly step: Step
}

/** Changes that belong together. */
interface Group {
  readonly made: Made[]
}

interface ChangingOptions {
  /** Is what happened kept, so that it can be undone? */
  readonly keeps: boolean
  /** Is somebody told? */
  listened(): boolean
  /** What was known about who may be told has changed. */
  stirred(): void
  /** To be saved, some time. */
  touched(root: Root): void
  /** A change was made for good, or those of one object that belong together. */
  tell(root: Root, steps: readonly Step[]): void
}

export function changing({ keeps, listened, stirred, touched, tell }: ChangingOptions) {
  const context = new AsyncLocalStorage<Group>()
  /** How many transactions are open. */
  let open = 0
  /** Of work that is done at once. */
  let group: Group | undefined

  function current(): Group | undefined {
    return group ?? (open > 0 ? context.getStore() : undefined)
  }

  function together<R>(work: () => R): R {
    if (current()) return work()
    const own: Group = { made: [] }
    group = own
    stirred()
    try {
      const result = work()
      group = undefined
      for (const [root, steps] of byRoot(own.made)) tell(root, steps)
      return result
    } catch (error) {
      // who is told does not throw
      group = undefined
      withdraw(own)
      throw error
    }
  }

  return {
    together,
    unseen(root: Root): boolean {
      if (keeps || listened() || group || open > 0) return false
      touched(root)
      return true
    },
    made(root: Root, step: Step): void {
      const own = current()
      if (own) {
        own.made.push({ root, step })
        const first = own.made[0]?.step as Step
        if (step !== first) {
          first.transaction = first.sequence
          step.transaction = first.sequence
        }
        if (own !== group) root.holder = own
      }
      if (keeps) root.past.add(step)
      touched(root)
      if (!own) tell(root, [step])
    },
    admit({ holder, key }: Root): void {
      if (holder === undefined || holder === current()) return
      const message = `${key} is being changed in a transaction, which has to end before`
      throw new StoreError('InvalidStateError', message, { id: key })
    },
    /** Does the work, then `end` with what it changed; takes all back if either throws. */
    transaction<R>(work: () => MaybePromise<R>, end: (roots: Root[]) => MaybePromise<void>): MaybePromise<R> {
      if (current()) return work()
      const own: Group = { made: [] }
      open++
      stirred()
      const leave = () => {
        open--
        // as long as it may be asked, Node 20 makes every promise of the process cost several times as much
        if (open === 0) context.disable()
        for (const { root } of own.made) root.holder = undefined
      }
      return settle(
        () => context.run(own, work),
        result => {
          leave()
          const roots = byRoot(own.made)
          for (const [root, steps] of roots) tell(root, steps)
          const versions = new Map([...roots.keys()].map(root => [root, root.version]))
          return settle(
            () => end([...roots.keys()]),
            () => result,
            error => {
              // what was changed since stands on it
              const isKnown = !isStoreError(error, 'OutcomeUnknownError')
              if (isKnown && [...versions].every(([root, version]) => root.version === version)) retract(own)
              throw error
            },
          )
        },
        error => {
          leave()
          withdraw(own)
          throw error
        },
      )
    },
  }

  /** What was told is taken back in the same way. */
  function retract(own: Group): void {
    withdraw(own)
    for (const [root, steps] of byRoot(own.made)) tell(root, steps.map(inverse).reverse())
  }

  function withdraw({ made }: Group): void {
    for (const { root, step } of made.toReversed()) root.withdraw(step)
    for (const [root, steps] of byRoot(made)) {
      if (keeps) root.past.forget(steps.length)
      root.problem = undefined
      touched(root)
    }
  }
}

function byRoot(made: readonly Made[]): Map<Root, Step[]> {
  const steps = new Map<Root, Step[]>()
  for (const { root, step } of made) {
    const own = steps.get(root)
    if (own) own.push(step)
    else steps.set(root, [step])
  }
  return steps
}

function inverse(step: Step): Step {
  const { sequence, kind, key, path, previous, next, moment } = step
  const turned = { add: 'delete', update: 'update', delete: 'add' } as const
  return new Step(sequence, turned[kind], key, path, next, previous, moment, { undoes: sequence })
}
