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
  /** What nobody else may change until it has ended. */
  readonly held: Set<Root>
  /** What has outlived it is no part of it. */
  ended: boolean
  /** Why a transaction within this one has failed, and so this one does. */
  failure: { readonly error: unknown } | undefined
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
  /** A transaction has ended. */
  released(): void
  /** A change was made for good, or those of one object that belong together. */
  tell(root: Root, steps: readonly Step[]): void
}

export function changing({ keeps, listened, stirred, touched, released, tell }: ChangingOptions) {
  const context = new AsyncLocalStorage<Group>()
  /** How many transactions are open. */
  let open = 0
  /** Of work that is done at once. */
  let group: Group | undefined

  function current(): Group | undefined {
    const own = group ?? (open > 0 ? context.getStore() : undefined)
    return own?.ended ? undefined : own
  }

  function together<R>(work: () => R): R {
    const outer = current()
    if (outer) return within(outer, work)
    const own = begun()
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
      withdraw(own.made)
      throw error
    }
  }

  function within<R>({ made }: Group, work: () => R): R {
    const before = made.length
    try {
      return work()
    } catch (error) {
      withdraw(made.splice(before))
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
        if (own !== group) {
          root.holder = own
          own.held.add(root)
        }
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
    /** Does the work, then `end` with what it changed; takes all back if either throws, or a transaction in it has failed. */
    transaction<R>(work: () => MaybePromise<R>, end: (roots: Root[]) => MaybePromise<void>): MaybePromise<R> {
      const outer = current()
      if (outer) {
        return settle(
          work,
          result => result,
          error => {
            outer.failure ??= { error }
            throw error
          },
        )
      }
      const own = begun()
      open++
      stirred()
      const leave = () => {
        open--
        // as long as it may be asked, Node 20 makes every promise of the process cost several times as much
        if (open === 0) context.disable()
        own.ended = true
        for (const root of own.held) root.holder = undefined
        released()
      }
      return settle(
        () => context.run(own, work),
        result => {
          leave()
          if (own.failure) {
            withdraw(own.made)
            throw own.failure.error
          }
          for (const [root, steps] of byRoot(own.made)) tell(root, steps)
          const versions = new Map([...own.held].map(root => [root, root.version]))
          return settle(
            () => end([...own.held]),
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
          withdraw(own.made)
          throw error
        },
      )
    },
  }

  /** What was told is taken back in the same way. */
  function retract({ made }: Group): void {
    withdraw(made)
    for (const [root, steps] of byRoot(made)) tell(root, steps.map(inverse).reverse())
  }

  function withdraw(made: readonly Made[]): void {
    for (const { root, step } of made.toReversed()) root.withdraw(step)
    for (const [root, steps] of byRoot(made)) {
      if (keeps) root.past.forget(steps.length)
      root.problem = undefined
      touched(root)
    }
  }
}

function begun(): Group {
  return { made: [], held: new Set(), ended: false, failure: undefined }
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
