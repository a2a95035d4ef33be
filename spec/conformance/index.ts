/**
 * The laws of a store as a suite for any store. It needs a `describe` and an `it`, global as in mocha, jest and vitest, or
 * given. Each law runs directly, then through a wrapper that forwards everything, then inside a transaction.
 */
import assert from 'node:assert/strict'
import { type Decisions, derive, forward } from '../../lib/derive.js'
import { type Id, type MaybePromise, methods, type Store } from '../../lib/store.js'
import type { Case, Law, Offer, Subject, Thing } from './case.js'
import { closing } from './laws/closing.js'
import { conditions } from './laws/conditions.js'
import { copies } from './laws/copies.js'
import { following } from './laws/following.js'
import { hostileIds, identities } from './laws/ids.js'
import { lasting } from './laws/lasting.js'
import { nothing } from './laws/nothing.js'
import { options } from './laws/options.js'
import { order } from './laws/order.js'
import { queries } from './laws/queries.js'
import { results } from './laws/results.js'
import { snapshots } from './laws/snapshots.js'
import { transactions } from './laws/transactions.js'
import { uniqueKeys } from './laws/unique-keys.js'
import { refusedValues, values } from './laws/values.js'

export type { Offer } from './case.js'

export interface Conforming {
  /** Opens a new, empty store. */
  open(): MaybePromise<Store>
  /** What the store can do. It must be exactly that. */
  readonly offers: readonly Offer[]
  /** Opens again what was closed: only for a store that offers to be `lasting`. */
  reopen?(): MaybePromise<Store>
  /** Called after each case, when its store is closed. */
  clean?(): MaybePromise<void>
  /**
   * The forms in which each case meets the store. By default all of them, or those that the environment variable `CONFORMANCE` names,
   * as in `CONFORMANCE='directly inside'`, where time is short.
   */
  readonly ways?: readonly ('directly' | 'wrapped' | 'inside')[] | undefined
}

/** The functions of the test runner. */
export interface Runner {
  describe(title: string, body: () => void): unknown
  it(title: string, body: () => Promise<void>): unknown
}

/** What a full store offers: everything but lasting, and earlier changes. */
export const everything: readonly Offer[] = [...methods, 'unique']

const laws: readonly Law[] = [
  copies,
  nothing,
  identities,
  hostileIds,
  conditions,
  values,
  refusedValues,
  order,
  queries,
  results,
  snapshots,
  transactions,
  uniqueKeys,
  options,
  following,
  lasting,
  closing,
]

const { process } = globalThis as { process?: { env: Readonly<Record<string, string | undefined>> } }
const usual = (process?.env.CONFORMANCE ?? 'directly wrapped inside').split(' ')

/** Runs the laws on a store: those for what it offers. */
export function conforms(name: string, conforming: Conforming, runner: Runner = globalThis as never): void {
  const { describe, it } = runner
  const { ways = usual } = conforming
  const offers = new Set(conforming.offers)
  const chosen = laws
    .map(each => ({ ...each, cases: each.cases.filter(({ needs }) => needs.every(offer => offers.has(offer))) }))
    .filter(({ cases }) => cases.length > 0)

  function run(way: Way, laws: readonly Law[]): void {
    for (const { title, cases } of laws) {
      describe(title, () => {
        for (const each of cases) it(each.title, () => way(conforming, each))
      })
    }
  }

  describe(name, () => {
    it('offers what it says, no more and no less', () => offersExactly(conforming))
    if (ways.includes('directly')) run(directly, chosen)
    if (ways.includes('wrapped')) describe('through a wrapper that forwards everything', () => run(wrapped, chosen))
    if (!ways.includes('inside') || !offers.has('transaction')) return
    describe('inside a transaction', () => run(inside, chosen.filter(each => each.inside).map(withinReach)))
  })
}

/** The cases that a transaction has the methods for. */
function withinReach({ cases, ...rest }: Law): Law {
  return { ...rest, cases: cases.filter(({ needs }) => !needs.some(offer => wholeStore.has(offer))) }
}

const wholeStore = new Set<Offer>(['subscribe', 'transaction', 'setSchema', 'close', 'unique', 'lasting', 'since'])

/** The forms in which a case meets the store. */
type Way = (conforming: Conforming, each: Case) => Promise<void>

const directly: Way = (conforming, each) => withStore(conforming, store => store, each)

const wrapped: Way = (conforming, each) => withStore(conforming, transparent, each)

const inside: Way = (conforming, { title, needs, run }) =>
  withStore(conforming, store => store, {
    title,
    needs,
    async run({ store, reopen }) {
      const tx = await store.transaction()
      try {
        await run({ store: tx as unknown as Subject['store'], reopen })
      } finally {
        await tx.abort()
      }
    },
  })

async function withStore(conforming: Conforming, view: (store: Store) => Store, { run }: Case): Promise<void> {
  let store = view(await conforming.open())
  try {
    await run({
      store: store as Subject['store'],
      async reopen() {
        await store.close?.()
        if (!conforming.reopen) throw new TypeError('a lasting store needs `reopen`')
        store = view(await conforming.reopen())
        return store as Subject['store']
      },
    })
  } finally {
    await store.close?.()
    await conforming.clean?.()
  }
}

function transparent(store: Store<Thing, Id>): Store<Thing, Id> {
  const decisions = Object.fromEntries(methods.map(method => [method, forward]))
  return derive(store, decisions as unknown as Decisions<Store<Thing, Id>>)
}

async function offersExactly({ open, offers, clean }: Conforming): Promise<void> {
  const store = await open()
  try {
    for (const method of methods) {
      assert.equal(typeof store[method] === 'function', offers.includes(method), `${method} is not as offered`)
    }
  } finally {
    await store.close?.()
    await clean?.()
  }
}
