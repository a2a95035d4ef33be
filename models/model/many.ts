/** Many objects at once: got, put and deleted, within what is there already. */
import { StoreError } from '../../lib/errors.js'
import { toExpression } from '../../lib/query/operators.js'
import type { Data, Id, Options, Query } from '../../lib/store.js'
import { describe } from '../../lib/value.js'
import type { Target } from '../../lib/writes.js'
import type { Access, Class } from './access.js'
import { type BulkOptions, type BulkPutOptions, type Many, onAll } from './bulk.js'
import type { Instance } from './instance.js'
import { checkQuery, givesObjects } from './view.js'
import type { Setup } from './writer.js'

type ClassOf = (self: unknown) => Class

/** How many are asked for at once. */
const atOnce = 100

/** Gets at once are one question to a store that is far away, if it is `batched`; to others they cost less than a query. */
export function getAll(over: Access, classOf: ClassOf) {
  return async function getAll(this: unknown, ids: Many<Id>, options?: Options) {
    const model = classOf(this)
    const found: (Instance | undefined)[] = []
    let asked: Id[] = []
    const answered = async () => {
      options?.signal?.throwIfAborted()
      found.push(...(await Promise.all(asked.map(async id => over.get(model, id, options)))))
      asked = []
    }
    for await (const id of many(ids)) {
      if (asked.push(id) === atOnce) await answered()
    }
    await answered()
    return found
  }
}

export function putAll(over: Access, classOf: ClassOf) {
  return async function putAll(this: unknown, objects: Many<object>, options: BulkPutOptions = {}) {
    const model = classOf(this)
    const { actor, reason, ifNoneMatch } = options
    const ids: Id[] = []
    await onAll(many(objects), options, async object => {
      ids.push(await over.keep(model, object, { actor, reason, ifNoneMatch }))
    })
    return ids
  }
}

export function deleteAll(target: Target<Data, Id>, { idProperty, schema }: Setup, over: Access, classOf: ClassOf) {
  /** The ids of what matches. */
  async function matching(query: Query, { signal }: BulkOptions): Promise<Id[]> {
    const expression = toExpression(query)
    checkQuery(expression, schema.rules.blocked)
    if (!givesObjects(expression)) throw new StoreError('DataError', 'the query gives no objects that could be deleted')
    if (!target.query) throw new StoreError('NotSupportedError', 'the store has no query to find what is to be deleted')
    const ids: Id[] = []
    for await (const object of target.query(expression, { signal })) ids.push(object[idProperty] as Id)
    return ids
  }

  return async function deleteAll(this: unknown, which: Many<Id> | Query, options: BulkOptions = {}) {
    const model = classOf(this)
    const { actor, reason } = options
    const ids = isQuery(which) ? await matching(which, options) : many(which)
    let deleted = 0
    await onAll(ids, options, async id => {
      if (await over.erase(model, id, { actor, reason })) deleted++
    })
    return deleted
  }
}

function isQuery(which: unknown): which is Query {
  return typeof which === 'string' || (typeof which === 'object' && which !== null && !isMany(which))
}

function many<I>(items: Many<I>): Many<I> {
  if (typeof items !== 'object' || !isMany(items))
    throw new TypeError(`something iterable is expected, not ${describe(items)}`)
  return items
}

const isMany = (items: object | null) => items !== null && (Symbol.iterator in items || Symbol.asyncIterator in items)
