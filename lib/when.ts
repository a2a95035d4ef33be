import type { MaybePromise } from './store.js'

/** Is the value still to come? Looks at the value, never at the function that gave it. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}

/** Goes on with the value now if it is here, later if it is a promise: a synchronous path stays synchronous. */
export function when<T, R>(value: MaybePromise<T>, then: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return isPromise(value) ? value.then(then) : then(value)
}

/** Like `try … catch … finally` around work that may be synchronous: `failed` on an error, `done` on success. */
export function settle<T, R>(
  work: () => MaybePromise<T>,
  done: (value: T) => MaybePromise<R>,
  failed: (error: unknown) => MaybePromise<R>,
): MaybePromise<R> {
  let value: MaybePromise<T>
  try {
    value = work()
  } catch (error) {
    return failed(error)
  }
  return isPromise(value) ? value.then(done, failed) : done(value)
}

/** Does the work on each, now; waits for those that take longer, and then throws the first error, if there was one. */
export function onEach<I>(items: Iterable<I>, work: (item: I) => MaybePromise<void>): MaybePromise<void> {
  const errors: { error: unknown }[] = []
  const fail = (error: unknown) => void errors.push({ error })
  const coming: Promise<void>[] = []
  for (const item of items) {
    const end = settle(() => work(item), nothing, fail)
    if (isPromise(end)) coming.push(end)
  }
  const finish = () => {
    if (errors[0]) throw errors[0].error
  }
  return coming.length > 0 ? Promise.all(coming).then(finish) : finish()
}

function nothing(): void {}
