import { StoreError } from '../../lib/errors.js'
import type { Feed } from '../../lib/feed.js'
import { lock } from '../../lib/lock.js'
import type { Change, Id, Options, Store } from '../../lib/store.js'
import { alone, reading } from './in-turn.js'
import type { Layout } from './layout.js'
import type { Read } from './one-state.js'
import { type Failure, type Target, type Writing, writing } from './writing.js'

export interface Loose {
  readonly read: Read
  write<R>(work: (write: Writing) => Promise<R>, options: Options): Promise<R>
}

/** Reads and writes without transactions: who uses this aggregate sees no write half done, unless it stays so. */
export function onePartAfterTheOther(layout: Layout, stores: readonly Store[], feed: Feed<object, Id>): Loose {
  const targets = stores as readonly Target[]
  const turn = lock()
  const plain = writing(layout, targets, fail)

  const followed = async <C extends Change | undefined>(asked: Promise<C>): Promise<C> => {
    const change = await asked
    if (change && feed.followed) feed.publish([change])
    return change
  }
  const write: Writing = {
    put: (...given) => followed(plain.put(...given)),
    delete: (...given) => followed(plain.delete(...given)),
  }

  return {
    read: (work, options) => reading(turn, () => work(targets), options),
    write: async (work, options) => alone(turn, () => work(write), options),
  }
}

async function fail({ id, error: cause, done, notDone }: Failure): Promise<never> {
  if (done.length === 0) throw cause
  const message = `${id} is half written: the parts ${done} have done it, ${notDone} have not`
  throw new StoreError('PartialWriteError', message, { id, done, notDone, cause })
}
