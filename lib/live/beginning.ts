import type { Expression } from '../query/expression.js'
import { type Change, can, type MaybePromise, type Options, type Store } from '../store.js'
import { settle, when } from '../when.js'

/** What can be asked and followed. */
export type Source = Required<Pick<Store, 'query' | 'subscribe'>> & Pick<Store, 'transaction'>

/** All that matches, in one state, and what is changed from then on. */
export interface Beginning {
  readonly objects: readonly object[]
  readonly changes: AsyncIterator<Change>
}

/**
 * Asks in a transaction where there are some: nothing can be committed between what is read and what is told first, and what
 * was begun before is told as a whole. Synchronous where the store is.
 */
export function beginning(source: Source, condition: Expression, options: Options): MaybePromise<Beginning> {
  if (!can(source, 'transaction')) return read(source, source, condition, options)
  return when(source.transaction(options), tx =>
    settle(
      () => read(source, tx, condition, options),
      begun => when(tx.abort(), () => begun),
      error =>
        when(tx.abort(), () => {
          throw error
        }),
    ),
  )
}

function read(
  source: Source,
  target: Pick<Store, 'query'>,
  condition: Expression,
  options: Options,
): MaybePromise<Beginning> {
  const changes = source.subscribe(condition, options)[Symbol.asyncIterator]()
  const { query } = target as Source
  return settle(
    () => arrayOf(query.call(target, condition, options) as Iterable<object> | AsyncIterable<object>),
    objects => ({ objects, changes }),
    error => {
      changes.return?.()
      throw error
    },
  )
}

function arrayOf<T>(items: Iterable<T> | AsyncIterable<T>): MaybePromise<T[]> {
  return Symbol.iterator in items ? [...items] : collected(items)
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}
