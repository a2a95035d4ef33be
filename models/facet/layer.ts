/** What may be done by some rules with what is underneath. A facet of a facet is one layer more: it can only narrow. */
import { isStoreError, StoreError } from '../../lib/errors.js'
import { checkPrecondition } from '../../lib/etag.js'
import type { Data, Id, MaybePromise, Options } from '../../lib/store.js'
import { settle, when } from '../../lib/when.js'
import { own } from '../model/view.js'
import { assemble, checkWritten } from './assemble.js'
import { type Authority, abandoned, endsOf, type WriteOptions } from './authority.js'
import { changesOf } from './changes.js'
import type { Ground, Policy } from './policy.js'
import { questions } from './questions.js'
import { refuse } from './refusal.js'
import { see } from './see.js'

const hidden = 'the object would not be one of those that are here'

/** How often a write is tried again that others came before. */
const tries = 20

export function layer(inner: Authority, policy: Policy, ground: Ground): Authority {
  const { permits, actor } = policy
  const { idProperty } = ground
  const mayLook = inner.has('get')

  /** The whole object, if it is there for whoever asks. */
  function find(id: Id, options: Options): MaybePromise<Data | undefined> {
    checkMayLook()
    return when(inner.get(id, options), found => {
      if (!found) return undefined
      return when(permits(found), permitted => (permitted ? found : undefined))
    })
  }

  /** What is closed underneath is not looked at for whoever made this over it. */
  function checkMayLook(): void {
    if (!mayLook) refuse('NotAllowedError', 'an object cannot be looked at here')
  }

  function get(id: Id, options: Options): MaybePromise<Data | undefined> {
    return when(find(id, options), found => found && see(found, policy))
  }

  /** Who cannot see all objects must not learn of one by choosing its id. */
  function checkMayName(): void {
    if (policy.partial && !policy.reveals(idProperty)) {
      refuse(
        'NotAllowedError',
        'the id of a new object is not chosen here',
        `where objects are hidden, choosing ids needs reveals: ['${idProperty}']`,
      )
    }
  }

  /** Who never sees an object must not find out by guessing what is in it. */
  function checkCondition(current: Data | undefined, { ifMatch, ifNoneMatch }: WriteOptions, id: Id): void {
    if (policy.blind && ifMatch !== undefined) refuse('NotAllowedError', 'what is here is not compared')
    checkPrecondition(current && see(current, policy), { ifMatch, ifNoneMatch }, id)
  }

  /** What would be stored must be there for who stores it. */
  function checked(next: Data): MaybePromise<Data> {
    return when(permits({ ...next, ...(own(next, idProperty) === undefined && { [idProperty]: '' }) }), permitted => {
      if (!permitted)
        refuse('NotAllowedError', hidden, `${hidden}: it does not fulfil where, or allowed has not said true`)
      return next
    })
  }

  /** The same of what the model has made of it, where that is another; for those above, too. */
  function checking(current: Data | undefined, { check }: WriteOptions): WriteOptions['check'] {
    if (!check && !policy.where && !policy.gated && !policy.validate) return undefined
    return stored =>
      when(checked(stored), () => {
        checkWritten(stored, current, policy)
        return check?.(see(stored, policy))
      })
  }

  function put(given: Data, options: WriteOptions): MaybePromise<Data> {
    const id = options.id ?? (own(given, idProperty) as Id | undefined)
    if (id === undefined) {
      if (options.ifMatch !== undefined) checkPrecondition(undefined, { ifMatch: options.ifMatch }, 'a new object')
      return add(given, options)
    }
    return replace(id, given, options, tries)
  }

  function replace(id: Id, given: Data, options: WriteOptions, left: number): MaybePromise<Data> {
    const { signal, reason } = options
    if (policy.blind) checkMayName()
    return when(find(id, { signal }), current => {
      checkCondition(current, options, id)
      if (!current) checkMayName()
      const next = assemble({ ...given, [idProperty]: own(given, idProperty) ?? id }, current, policy)
      const condition = current ? { ifMatch: current } : { ifNoneMatch: '*' as const }
      const write = (to: Authority) =>
        to.put(next, { id, signal, reason, actor, check: checking(current, options), ...condition })
      return when(checked(next), () =>
        settle(
          () => (current ? write(inner) : withRoom(write)),
          stored => see(stored, policy),
          again(left, () => replace(id, given, options, left - 1)),
        ),
      )
    })
  }

  function again<R>(left: number, work: () => MaybePromise<R>): (error: unknown) => MaybePromise<R> {
    return error => {
      if (!isStoreError(error, 'PreconditionFailedError')) throw error
      if (left > 1) return work()
      throw new StoreError('ConstraintError', 'something else is stored there', { cause: error })
    }
  }

  function add(
    given: Data,
    { id = own(given, idProperty) as Id | undefined, signal, reason, ...options }: WriteOptions,
  ): MaybePromise<Data> {
    if (id !== undefined) checkMayName()
    return when(checked(assemble(given, undefined, policy)), next =>
      when(
        withRoom(to => to.add(next, { id, signal, reason, actor, check: checking(undefined, options) })),
        stored => see(stored, policy),
      ),
    )
  }

  /** Adds one more, if there may be one: others that do the same at once are waited for, where the store has transactions. */
  function withRoom(write: (to: Authority) => MaybePromise<Data>): MaybePromise<Data> {
    if (policy.max === Infinity) return write(inner)
    if (!inner.has('transaction')) return when(checkRoom(asking), () => write(inner))
    return when(inner.transaction({ actor }), tx =>
      settle(
        () => when(checkRoom(questions(tx, policy)), () => write(tx)),
        stored => when(tx.commit(), () => stored),
        error => abandoned(tx, error),
      ),
    )
  }

  function checkRoom({ countAll }: ReturnType<typeof questions>): MaybePromise<void> {
    return when(countAll(), count => {
      if (count >= policy.max) refuse('QuotaExceededError', `there may be ${policy.max} objects here`)
    })
  }

  function remove(id: Id, options: WriteOptions, left = tries): MaybePromise<boolean> {
    const { signal, reason, ifMatch } = options
    return when(find(id, { signal }), current => {
      checkCondition(current, { ifMatch }, id)
      if (!current) return false
      return settle(
        () => inner.delete(id, { signal, reason, actor, ifMatch: current }),
        done => done,
        again(left, () => remove(id, options, left - 1)),
      )
    })
  }

  const asking = questions(inner, policy)
  return {
    has: inner.has,
    names: inner.names,
    get,
    put,
    add,
    delete: remove,
    query: asking.query,
    count: asking.count,
    below: asking.below,
    subscribe: (query, options) => changesOf(inner, policy, query, options),
    transaction: options =>
      when(inner.transaction({ ...options, actor }), tx => ({
        ...layer(tx, policy, ground),
        ...endsOf(tx),
      })),
    callOn(id, method, args, admits) {
      checkMayLook()
      return inner.callOn(id, method, args, found =>
        when(permits(found), permitted => permitted && (admits?.(see(found, policy)) ?? true)),
      )
    },
    see: object =>
      when(
        inner.see(object),
        found => found && when(permits(found), permitted => (permitted ? see(found, policy) : undefined)),
      ),
    call: inner.call,
  }
}
