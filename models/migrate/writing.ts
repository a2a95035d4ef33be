/** Writes what objects become: a batch in a transaction, or nowhere. */
import { type Issue, isStoreError } from '../../lib/errors.js'
import { keyOf } from '../../lib/query/key.js'
import { can, type Data, type Id, type Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import type { Target } from '../../lib/writes.js'
import type { Assessed } from './assess.js'
import type { Unique } from './unique.js'
import { innerName } from './version.js'

/** An object to be brought up. */
export interface Rising {
  readonly id: Id
  readonly assessed: Assessed & Required<Pick<Assessed, 'next'>>
}

/** What became of a write: nothing is wrong; or it could not be; or others wrote meanwhile, and it is to be done again. */
export type Written = readonly Issue[] | 'again'

/** Writes all of a batch, and says of each what became of it. */
export type WriteBatch = (batch: readonly Rising[]) => Promise<Written[]>

const refusals = ['ConstraintError', 'ValidationError', 'DataError', 'DataCloneError'] as const

/** Each object only over what it was made of. */
export function writingTo(store: Store<Data, Id>, { conflict }: Unique, signal?: AbortSignal): WriteBatch {
  async function write(target: Target<Data, Id>, { id, assessed }: Rising): Promise<Written> {
    const { next, stored } = assessed
    try {
      await target.put?.(next.stored, { id, ifMatch: stored })
      return []
    } catch (error) {
      if (isStoreError(error, 'PreconditionFailedError')) return 'again'
      if (!refusals.some(name => isStoreError(error, name))) throw error
      const name = await conflict(target, next.stored, id)
      return name === undefined ? [refused(error as Error)] : [notUnique(name)]
    }
  }

  async function writeAll(target: Target<Data, Id>, batch: readonly Rising[]): Promise<Written[]> {
    const written: Written[] = []
    for (const each of batch) {
      signal?.throwIfAborted()
      written.push(await write(target, each))
    }
    return written
  }

  return async batch => {
    if (batch.length === 0) return []
    if (!can(store, 'transaction')) return writeAll(store, batch)
    return transaction(store, tx => writeAll(tx as Target<Data, Id>, batch), { signal })
  }
}

const refused = ({ message }: Error): Issue => ({ path: [], keyword: 'constraint', message })

function notUnique(name: string): Issue {
  return { path: [name], keyword: 'unique', message: 'must be unique, and another object has the same' }
}

/** What unique values are held, by a store as it would be. */
export interface Ledger {
  /** Takes note of an object that is stored. */
  enter(stored: Data, isOfVersion: boolean): void
  readonly write: WriteBatch
}

/** Writes nothing; only remembers which unique values objects would have, in memory for each of them. */
export function writingNowhere(names: readonly string[], { isGuarded }: Unique): Ledger {
  const held = new Map(names.map(name => [innerName(name), new Set<unknown>()]))

  function valuesIn(object: Data): (readonly [string, unknown, Set<unknown>])[] {
    return [...held].flatMap(([name, values]) => {
      const value = object[name]
      return value === undefined || value === null ? [] : [[name, keyOf(value), values] as const]
    })
  }

  function write({ assessed: { stored, next } }: Rising): Written {
    const before = valuesIn(stored).filter(([name]) => !isGuarded(name))
    for (const [, key, values] of before) values.delete(key)
    const taken = valuesIn(next.stored).find(([, key, values]) => values.has(key))
    for (const [, key, values] of taken ? before : valuesIn(next.stored)) values.add(key)
    return taken ? [notUnique(taken[0])] : []
  }

  return {
    enter(stored, isOfVersion) {
      for (const [name, key, values] of valuesIn(stored)) if (isOfVersion || !isGuarded(name)) values.add(key)
    },
    write: async batch => batch.map(write),
  }
}
