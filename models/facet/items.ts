/** What a question finds, at once where the store answers at once. */
export type Items<T = unknown> = Iterable<T> | AsyncIterable<T>

export function mapped<T, R>(items: Items<T>, change: (item: T) => R): Items<R> {
  return Symbol.iterator in items ? mapNow(items, change) : mapLater(items, change)
}

function* mapNow<T, R>(items: Iterable<T>, change: (item: T) => R): Generator<R, undefined> {
  for (const item of items) yield change(item)
}

async function* mapLater<T, R>(items: AsyncIterable<T>, change: (item: T) => R): AsyncGenerator<R, undefined> {
  for await (const item of items) yield change(item)
}
