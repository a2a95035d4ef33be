/** Unique keys of a store that has an overlay on it: what it would refuse later is refused now. */
import { StoreError } from './errors.js'
import { sameId } from './id.js'
import { node } from './query/expression.js'
import type { Schema } from './schema.js'
import type { Id, MaybePromise, Options, Store } from './store.js'
import { when } from './when.js'

export interface UniqueKeys {
  /** Are there any? */
  readonly any: boolean
  /** Takes note of the unique keys of a schema. */
  tell(schema: Schema): void
  /** A `ConstraintError` if another object has the value of a unique key; costs a query for each key. */
  check(id: Id, object: object, reads: Pick<Store, 'query'>, options: Options): MaybePromise<void>
}

export function uniqueKeys(idProperty = 'id'): UniqueKeys {
  const names = new Set<string>()

  function checkAll(
    [name, ...others]: readonly string[],
    id: Id,
    object: object,
    reads: Pick<Store, 'query'>,
    { signal }: Options,
  ): MaybePromise<void> {
    if (name === undefined) return
    const value: unknown = Object.hasOwn(object, name) ? object[name as never] : undefined
    const next = () => checkAll(others, id, object, reads, { signal })
    if (value === undefined || value === null) return next()
    const found = (reads.query as NonNullable<Store['query']>)(node('eq', [name, value]), { signal })
    const taken = (holder: object) => {
      if (!sameId(holder[idProperty as never], id)) throw notUnique(name, value, id)
    }
    return when(Symbol.iterator in found ? each(found, taken) : eachLater(found, taken), next)
  }

  return {
    get any() {
      return names.size > 0
    },
    tell({ properties = {} }) {
      for (const [name, { unique }] of Object.entries(properties)) if (unique) names.add(name)
    },
    check(id, object, reads, options) {
      if (names.size > 0) return checkAll([...names], id, object, reads, options)
    },
  }
}

function each(found: Iterable<object>, work: (object: object) => void): void {
  for (const object of found) work(object)
}

async function eachLater(found: AsyncIterable<object>, work: (object: object) => void): Promise<void> {
  for await (const object of found) work(object)
}

function notUnique(name: string, value: unknown, id: Id): StoreError {
  const shown = typeof value === 'object' ? 'the same value' : String(value).slice(0, 64)
  return new StoreError('ConstraintError', `${name} must be unique, and ${shown} is taken`, { id })
}
