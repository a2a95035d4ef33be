import { derive, forward, hide, provide, type Wrapped } from '../lib/derive.js'
import { StoreError } from '../lib/errors.js'
import { explain, introduce, some } from '../lib/explain.js'
import { idPropertyOf } from '../lib/id-property.js'
import type { IdentityOptions } from '../lib/identity.js'
import { checkStore } from '../lib/need.js'
import { over } from '../lib/overlay.js'
import { uniqueKeys } from '../lib/overlay-unique.js'
import { identifying, overlayWrites } from '../lib/overlay-writes.js'
import { can, type Id, type MaybePromise, type Options, type PutOptions, type Store } from '../lib/store.js'
import { checkedCopy } from '../lib/value.js'
import { isPromise, settle } from '../lib/when.js'
import { atExit } from './write-behind/at-exit.js'
import { type Flushing, flushing, type Later, type Problem } from './write-behind/flushing.js'
import { queue } from './write-behind/queue.js'
import { turns } from './write-behind/turns.js'

export type { Later, Problem } from './write-behind/flushing.js'

export interface WriteBehindOptions extends IdentityOptions {
  /** How long a write is pending at most, in milliseconds, as long as the inner store takes it: 1000 by default. */
  readonly every?: number | undefined
  /** How many writes are pending at most: at so many they are flushed, and one more waits for that. 1000 by default. */
  readonly max?: number | undefined
  /** Is told of each flush that failed. What is pending stays so, and is tried again. */
  readonly onError?: ((problem: Problem) => void) | undefined
  /** Calls back after so many milliseconds: by default a timer that does not keep the process alive. */
  readonly later?: Later | undefined
}

interface Behind {
  /** Brings what is pending to the inner store, or throws what prevents it. The signal ends the waiting, not the flush. */
  flush(options?: Options): MaybePromise<void>
  /** What prevents the last flush, until one succeeds. */
  problems(): Problem[]
  /** Gives up a pending write, which the inner store does not take; `false` if there is none of this id. */
  discard(id: Id): boolean
}
/** Writes that are acknowledged when they are pending: lost if the process dies before they are flushed. */
type Early<S> = {
  readonly [M in Extract<keyof S, 'put' | 'add' | 'delete'>]: S[M] extends (...args: infer A) => infer R
    ? (...args: A) => MaybePromise<Awaited<R>>
    : S[M]
}

/**
 * Acknowledges writes before the inner store has them. **What was acknowledged and not yet flushed is lost if the process
 * dies**: it is for what may be lost, or can be had again. Pending writes are kept in memory, the last one of each id (all, once
 * there are unique keys), and flushed in the order in which these were made: after `every` milliseconds, at `max` of them, by `flush`, `close`, `transaction`
 * and when the process has nothing else to do; in one transaction where the inner store has them.
 *
 * Reads see them. A put costs a copy, an `add`, a delete or a condition also a get; a query while something is pending reads what
 * fulfils its conditions. Nobody else may write to the inner store. One that counts revisions is refused: what is stale would
 * be acknowledged. `subscribe` tells of what is flushed. A transaction is none of this: it flushes first, and is the inner
 * store's own.
 */
export function writeBehind<S extends Store>(
  inner: S,
  options?: WriteBehindOptions,
): Wrapped<S, never, Early<S> & Behind>
export function writeBehind(
  inner: Store,
  {
    every = 1000,
    max = 1000,
    onError = () => {},
    later = unreferenced,
    idProperty: said,
    generateId,
  }: WriteBehindOptions = {},
): Store & Behind {
  check({ every, max })
  const target = checked(inner)
  const idProperty = idPropertyOf(inner, said)
  const unique = uniqueKeys(idProperty)
  const waiting = queue(() => unique.any)
  const { pending } = waiting
  const exit = atExit(() => flushes.attempt())
  const flushes: Flushing = flushing({ inner, queue: waiting, every, onError, later, done: exit.leave })
  let open = true
  let closing: MaybePromise<void>

  function checkOpen({ signal }: Options = {}): void {
    if (!open) throw new StoreError('InvalidStateError', 'the store is closed')
    signal?.throwIfAborted()
  }

  const turn = turns({ inner, check: checkOpen, flush: flushes.flush })
  const reads = over(inner, pending, { idProperty, check: checkOpen })
  const writes = overlayWrites({
    inner: target,
    pending,
    reads,
    unique,
    identify: identifying({ idProperty, generateId }),
    check: checkOpen,
    room: key => (waiting.size < max || waiting.replaces(key) ? undefined : flushes.flush()),
    write(write) {
      waiting.add(write)
      exit.needed()
      flushes.due()
      if (waiting.size >= max && !flushes.problem) flushes.attempt()
    },
  })

  const put =
    (method: 'put' | 'add') =>
    (object: object, options?: PutOptions): MaybePromise<Id> => {
      // it may have to wait
      const own = checkedCopy(object)
      return turn.write(() => writes[method](own, options), options)
    }

  function close(): MaybePromise<void> {
    if (!open) return closing
    open = false
    turn.leave()
    closing = settle(
      // after the writes that have begun
      () => writes.after(flushes.flush),
      () => {
        flushes.stop()
        exit.leave()
        return inner.close?.()
      },
      error => {
        open = true
        throw error
      },
    )
    return closing
  }

  const wrapped = derive(inner, {
    get: reads.get,
    put: put('put'),
    add: put('add'),
    delete: (id, options) => turn.write(() => writes.delete(id, options), options),
    query: reads.query,
    count: can(inner, 'query') ? reads.count : hide,
    subscribe: forward,
    transaction: turn.begin,
    setSchema(schema) {
      const isUnique = Object.values(schema.properties ?? {}).some(property => property.unique)
      // the inner store must know of all objects to say whether they are
      if (isUnique && isPromise(flushes.flush())) throw unflushed()
      inner.setSchema?.(schema)
      if (can(inner, 'query')) unique.tell(schema)
    },
    close: provide(close),
  })
  const behind: Behind = {
    flush: (options = {}) => {
      checkOpen(options)
      return until(flushes.flush(), options)
    },
    problems: () => (flushes.problem ? [flushes.problem] : []),
    discard: waiting.discard,
  }
  return introduce<Store & Behind>(Object.freeze(Object.assign(Object.create(null), wrapped, behind)), {
    name: 'writeBehind',
    options: { every, max },
    late: true,
    inner: [inner],
    numbers: () => ({ pending: waiting.size, flushes: flushes.flushes, tries: flushes.problem?.tries ?? 0 }),
  })
}

const unreferenced: Later = (work, ms) => {
  const timer = setTimeout(work, Math.min(ms, 2 ** 31 - 1))
  timer.unref()
  return () => clearTimeout(timer)
}

/** What is waited for, unless the signal comes first. */
function until<R>(coming: MaybePromise<R>, { signal }: Options): MaybePromise<R> {
  if (!signal || !isPromise(coming)) return coming
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason)
    signal.addEventListener('abort', aborted, { once: true })
    coming.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted))
  })
}

function checked(inner: Store): Required<Pick<Store, 'get' | 'put' | 'delete'>> {
  checkStore(inner)
  if (some(explain(inner), ({ counts = false }) => counts)) {
    const hint = 'put revisions around writeBehind'
    throw new StoreError('NotSupportedError', `a stale write would be acknowledged, and refused by the flush: ${hint}`)
  }
  if (can(inner, 'get') && can(inner, 'put') && can(inner, 'delete')) return inner
  throw new StoreError('NotSupportedError', 'only a store that can get, put and delete can be written to later')
}

function check(numbers: { readonly every: number; readonly max: number }): void {
  const { every, max } = numbers
  if (!(every > 0)) throw new TypeError(`every is a number of milliseconds above 0, not ${every}`)
  if (!Number.isSafeInteger(max) || max < 1) throw new TypeError(`max is an integer above 0, not ${max}`)
}

function unflushed(): StoreError {
  return new StoreError(
    'InvalidStateError',
    'writes are pending that unique keys must be checked against: await flush()',
  )
}
