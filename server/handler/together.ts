/** Work on several facets, and on a store beside them, in one transaction. */
import { isStoreError, StoreError } from '../../lib/errors.js'
import { rank } from '../../lib/rank.js'
import type { MaybePromise, Options, Store, Transaction } from '../../lib/store.js'
import { beginTogether } from '../../lib/two-phase.js'
import type { Methods, Served } from './served.js'

/** What the work is done in: each facet by its name. */
export type Within = ReadonlyMap<string, Served>

/**
 * Commits when the work is done, aborts when it throws. Where the stores are several that outlast the process and not in one
 * database, it is a `NotSupportedError`, before anything is done.
 */
export async function together<R>(
  facets: readonly Served[],
  { signal }: Options,
  work: (within: Within, beside: Transaction | undefined) => Promise<R>,
  beside?: Store,
): Promise<R> {
  // those that are made for each request, in the order of their models: two requests must not wait for each other
  const inOrder = [...facets].sort((a, b) => rank(a.schema) - rank(b.schema))
  const stores = inOrder.map((served, at) => ({ transaction: beginning(served, inOrder[at - 1]) }) as Store)
  // last, for everybody
  if (beside) stores.push({ transaction: options => beside.transaction?.(options) as Transaction })
  const { txs, commit, abort } = await begun(stores, { signal })
  try {
    const within = inOrder.map((served, at) => [served.name, { ...served, methods: methodsOf(txs[at]) }] as const)
    const result = await work(new Map(within), beside && txs.at(-1))
    signal?.throwIfAborted()
    await commit()
    return result
  } catch (error) {
    await settled(abort)
    throw error
  }
}

/** Two facets of one model share its transaction where the store can: else the second would wait for the first for ever. */
function beginning({ name, schema, begin }: Served, before: Served | undefined): Served['begin'] {
  if (!begin || before?.schema !== schema) return begin
  return async options => {
    try {
      return await begin({ ...options, timeout: 1 })
    } catch (error) {
      if (!isStoreError(error, 'TimeoutError')) throw error
      throw new StoreError(
        'NotSupportedError',
        `${before.name} and ${name} cannot take part together: their store is one`,
      )
    }
  }
}

interface Begun {
  readonly txs: readonly Transaction[]
  commit(): MaybePromise<void>
  abort(): MaybePromise<void>
}

/** One alone needs no group. */
async function begun(stores: readonly Store[], options: Options): Promise<Begun> {
  const [only, ...others] = stores
  if (!only || others.length > 0) return beginTogether(stores, options)
  const tx = (await only.transaction?.(options)) as Transaction
  return { txs: [tx], commit: () => tx.commit(), abort: () => tx.abort() }
}

const methodsOf = (tx: object | undefined) => tx as unknown as Methods

/** What fails here must not hide the first error. */
async function settled(work: () => MaybePromise<unknown>): Promise<void> {
  try {
    await work()
  } catch {}
}
