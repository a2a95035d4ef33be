/**
 * What a holder has in hand: a frozen object of functions, and the objects that they give. All of it is made here, and nothing of
 * what is underneath leaves: not in results, errors, promises or iterators, nor in what those lead to.
 */
import type { Data, MaybePromise, TransactionOptions } from '../../lib/store.js'
import { equal } from '../../lib/value.js'
import { settle, when } from '../../lib/when.js'
import type { Admits, Authority, AuthorityTransaction } from './authority.js'
import { holder, seenOf, show, twin } from './held.js'
import type { Life } from './life.js'
import { isBulk, needs, storeMethods } from './opening.js'
import { isIntact } from './realm.js'
import type { About } from './refusal.js'
import { bulk } from './shell/bulk.js'
import { fresh } from './shell/fresh.js'
import { guard } from './shell/guard.js'
import { addInstanceMethods } from './shell/instances.js'
import { reading } from './shell/reading.js'
import { writing } from './shell/writing.js'
import { take, takeObject, takeOptions } from './take.js'

/** A method that the store has not: it is given what holds the objects, what it is called on, and copies of the arguments. */
export type OwnMethod = (shell: Shell, self: object, args: readonly unknown[], admits?: Admits) => unknown

export interface ShellOptions {
  readonly life: Life
  readonly about: Omit<About, 'method'>
  readonly idProperty: string
  /** Is the method of the store open? */
  open(method: string): boolean
  /** Is it an object of the model that the facet is over? */
  ours(instance: object): boolean
  readonly own: Readonly<Record<string, OwnMethod>>
  readonly prototype: Readonly<Record<string, OwnMethod>>
}

export type Begin = (options: TransactionOptions) => Promise<object>

export interface Shell {
  readonly facet: Readonly<Record<string, unknown>>
  /** That of its objects. */
  readonly prototype: object
  readonly authority: Authority
  /** What its objects are known by, as objects of its own. */
  readonly source: object
  hold(data: Data): object
  /** Begins a transaction on what is open here; whoever serves the facet may have it end with others. */
  readonly begin: Begin
  /** What a method has given, as a holder may have it. */
  fresh(result: unknown): MaybePromise<unknown>
}

export function shell(authority: Authority, options: ShellOptions): Shell {
  const { life, about, idProperty, ours } = options
  const open = (method: string) => options.open(method) && authority.has(method)
  const source = {}
  const prototype = {}
  const hold = holder(prototype, source)
  const watch = guard(life, about)
  // who may not read learns no more than the id of what he has written
  const written = open('get') ? hold : (data: Data) => hold({ [idProperty]: data[idProperty] })
  const mayCount = open('count')
  const ways: Readonly<Record<string, () => unknown>> = {
    ...reading(authority, watch, { hold, mayCount }),
    ...writing(authority, watch, { idProperty, written, hold }),
    ...bulk(authority, watch, { idProperty, hold, mayQuery: open('query') }),
    transaction: begin,
  }
  const inOne = 'commit' in authority || authority.has('transaction')
  /** Is it open, and all by means of which it is done? */
  const derived = (method: string, by: readonly string[]) =>
    options.open(method) && by.every(open) && (!isBulk(method) || inOne || authority.has(method))
  const facet: Record<string, unknown> = { __proto__: null }
  for (const name of storeMethods) {
    const by = needs[name]
    if (by ? derived(name, by) : open(name)) facet[name] = ways[name]?.()
  }
  const give = (result: unknown) => fresh(result, { authority, ours, hold })
  const self: Shell = { facet, prototype, authority, source, hold, begin: beginIn(), fresh: give }

  /** A method of the rules, or of the model, whose result is looked at. */
  function further(name: string, call: OwnMethod, on: (self: unknown) => On) {
    const method = watch.method(name, (given: unknown, args: readonly unknown[]) => {
      const { receiver, after } = on(given)
      const copies = args.map(take)
      return () => after(() => give(call(self, receiver, copies)))
    })
    return { [name]: (given: unknown, args: readonly unknown[]) => method(given as never, args as never) }[name] as Call
  }

  for (const [name, call] of Object.entries(options.own)) {
    const method = further(name, call, () => ({ receiver: facet, after: work => work() }))
    facet[name] = Object.freeze((...args: unknown[]) => method(undefined, args))
  }
  for (const [name, call] of Object.entries(options.prototype)) {
    const method = further(name, call, on)
    const value = Object.freeze(
      {
        [name]: function (this: unknown, ...args: unknown[]) {
          return method(this, args)
        },
      }[name],
    )
    Object.defineProperty(prototype, name, { value })
  }
  addInstanceMethods(prototype, authority, watch, { idProperty, source, open })
  Object.freeze(prototype)
  Object.freeze(facet)
  return self

  /** Code of the owner's runs on a twin, so that nothing of the holder's runs within; what it changes is changed for him. */
  function on(object: unknown): On {
    const seen = seenOf(object, source)
    const { data } = seen
    const given = takeObject(object)
    const own = { ...seen }
    const receiver = twin(own, prototype, given)
    const back = () => {
      if (!isIntact()) return
      if (own.data !== data) seen.data = own.data
      if (!equal({ ...receiver }, given)) show(object as object, { ...receiver })
    }
    const fail = (error: unknown) => {
      back()
      throw error
    }
    const give = (result: unknown) => {
      back()
      return result === receiver ? object : result
    }
    return { receiver, after: work => settle(work, give, fail) }
  }

  function begin() {
    return watch.method(
      'transaction',
      (given: unknown) => {
        const asked = takeOptions(given, ['timeout', 'signal', 'reason']) as TransactionOptions
        return () => authority.transaction(asked)
      },
      transactionOf,
    )
  }

  function beginIn() {
    const ask = (options: TransactionOptions) => () => authority.transaction(options)
    return watch.method('transaction', ask, participantOf) as Begin
  }

  function transactionOf(tx: AuthorityTransaction): object {
    return Object.freeze(opened(tx).within)
  }

  function opened(tx: AuthorityTransaction) {
    const { facet } = shell(tx, options)
    const { subscribe, transaction, ...open } = facet
    const leave = life.onEnd(() => void settled(tx.abort), true)
    const commit = watch.method('commit', () => () => when(tx.commit(), leave))
    // to drop what was done is no call that counts: who has made too many must not keep the others waiting
    const abort = watch.method('abort', () => () => when(tx.abort(), leave), undefined, life.check)
    return { within: { __proto__: null, ...open, commit, abort }, leave }
  }

  /** For whoever serves it: what is prepared ends as the others do, whatever becomes of the facet meanwhile. */
  function participantOf(tx: AuthorityTransaction): object {
    const { within, leave } = opened(tx)
    let prepared = false
    const prepare = () =>
      when(tx.prepare?.(), () => {
        prepared = true
        leave()
      })
    return Object.freeze({
      ...within,
      __proto__: null,
      ...(tx.prepare && { prepare: watch.method('prepare', () => prepare) }),
      commit: () => (prepared ? tx.commit() : within.commit()),
      abort: () => (prepared ? tx.abort() : within.abort()),
    })
  }
}

/** What a method is called on, and what is done when it has ended. */
interface On {
  readonly receiver: object
  after(work: () => unknown): unknown
}

type Call = (given: unknown, args: readonly unknown[]) => Promise<unknown>

async function settled(work: () => MaybePromise<unknown>): Promise<void> {
  try {
    await work()
  } catch {
    // it had ended already
  }
}
