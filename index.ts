import { transactionWith } from './lib/transaction.js'
import { modelWith } from './models/model.js'
import { memory } from './stores/memory.js'

/** One object-store interface; any storage under it, any composition over it; typed models and object capabilities on top. */
export { Cursor, cursor } from './lib/cursor.js'
export { type Decisions, derive, forward, hide, type Provided, provide, type Wrapped } from './lib/derive.js'
export { type ErrorDetails, type ErrorName, type Issue, isStoreError, type Problem, StoreError } from './lib/errors.js'
export { checkPrecondition, etag } from './lib/etag.js'
export { type Explanation, explain, type Introduction, introduce, some } from './lib/explain.js'
export { type Feed, type FeedOptions, feed } from './lib/feed.js'
export { checkId, compareKeys, sameId, toKey } from './lib/id.js'
export { type IdentityOptions, identity } from './lib/identity.js'
export * as json from './lib/json.js'
export { type Live, type LiveChange, type LiveItem, type LiveOptions, live } from './lib/live.js'
export { holding, type Lock, lock, type Release } from './lib/lock.js'
export { need } from './lib/need.js'
export { compare } from './lib/order.js'
export { type Access, accesses } from './lib/query/access.js'
export { type Expression, expression, isExpression, type Path } from './lib/query/expression.js'
export { type Glob, glob } from './lib/query/glob.js'
export { match } from './lib/query/match.js'
export { toExpression } from './lib/query/operators.js'
export { type ParseOptions, parse, queryLimits } from './lib/query/parse.js'
export { type Plan, plan } from './lib/query/plan.js'
export { print } from './lib/query/print.js'
export { counted, run } from './lib/query/run.js'
export type { PropertySchema, Schema } from './lib/schema.js'
export {
  type Change,
  type Coordinator,
  type CountOptions,
  can,
  type Data,
  type DeleteOptions,
  type Id,
  type MaybePromise,
  type Method,
  methods,
  type Options,
  type Precondition,
  type PutOptions,
  type Query,
  type QueryOptions,
  type Store,
  type SubscribeOptions,
  type Transaction,
  type TransactionGroup,
  type TransactionOptions,
} from './lib/store.js'
export type { Participant } from './lib/take-part.js'
export type { Transact, TransactOptions, Within } from './lib/transaction.js'
export { beginTogether, type Decision, type TogetherOptions, type TransactionLog } from './lib/two-phase.js'
export { checkedCopy, copy, equal, limits, type PlainObject, type Value } from './lib/value.js'
export { isPromise, onEach, settle, when } from './lib/when.js'
export { perform, type Reading, type Target, type Unit, type Write, type WriteHandler, writes } from './lib/writes.js'
export {
  type DataOf,
  type Definition,
  type IdOf,
  type Inner,
  type InputOf,
  type InstanceOf,
  type Link,
  type MigrateOptions,
  type MigrationReport,
  type ModelClass,
  type PatchOptions,
  type Property,
  type PropertyDefinition,
  type Quarantined,
  type SaveOptions,
  type SchemaValue,
  schemaOf,
  type TransactionOf,
  type UpdateOptions,
  type Whole,
} from './models/model.js'
export { type MemoryOptions, type MemoryStore, memory, type ReadonlyMemoryStore } from './stores/memory.js'
export { readonly } from './wrappers/readonly.js'

/** A class of the objects in a store, which is a store itself; without a store, in memory. See `holdfast/models/model`. */
export const Model = /* #__PURE__ */ modelWith(() => memory())

/** See `Transact`. The log may be the path of a file: it is opened by `holdfast/stores/transaction-log`. */
export const transaction = /* #__PURE__ */ transactionWith(async path => {
  const { transactionLog } = await import('./stores/transaction-log.js')
  return transactionLog({ path })
})
