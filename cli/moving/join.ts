import { StoreError } from '../../lib/errors.js'
import { compareKeys, toKey } from '../../lib/id.js'
import type { Data, Id } from '../../lib/store.js'
import type { Opened } from '../places/open.js'

/** What two stores hold under one id: both, or one of them. */
export interface Pair {
  readonly from?: Data
  readonly to?: Data
}

/** Goes through two stores at the same time, in the order of the ids, with one object of each in memory. */
export async function* join(from: Opened, to: Opened): AsyncGenerator<Pair, undefined> {
  const left = keyed(from)
  const right = keyed(to)
  try {
    let a = await left.next()
    let b = await right.next()
    while (!a.done || !b.done) {
      const order = a.done ? 1 : b.done ? -1 : compareKeys(a.value.key, b.value.key)
      const pair = {
        ...(order <= 0 && !a.done && { from: a.value.object }),
        ...(order >= 0 && !b.done && { to: b.value.object }),
      }
      if (order <= 0) a = await left.next()
      if (order >= 0) b = await right.next()
      yield pair
    }
  } finally {
    await left.return(undefined)
    await right.return(undefined)
  }
}

async function* keyed({ all, idProperty }: Opened): AsyncGenerator<{ key: Id; object: Data }, undefined> {
  let last: Id | undefined
  for await (const object of all()) {
    const key = toKey(object[idProperty] as Id)
    if (key === undefined)
      throw new StoreError('DataError', `an object has no ${idProperty}: --id-property names its id`)
    if (last !== undefined && compareKeys(last, key) >= 0) {
      throw new StoreError(
        'NotSupportedError',
        `the store does not give its objects in the order of their ids: ${key} after ${last}`,
      )
    }
    last = key
    yield { key, object }
  }
}
