import { setImmediate } from 'node:timers/promises'

/** The same, one after the other, so that a signal is heard also where nothing has to be waited for. */
export async function* alive<T>(
  source: AsyncIterable<T> | Iterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, undefined> {
  let heard = performance.now()
  for await (const each of source) {
    if (performance.now() - heard > 20) {
      await setImmediate()
      heard = performance.now()
    }
    signal.throwIfAborted()
    yield each
  }
}
