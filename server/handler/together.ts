/** Work on several facets, and on a store beside them, in one transaction. */
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
  const stores = facets.map(({ begin }) => ({ transaction: begin }) as Store)
  const { txs, commit, abort } = await begun(beside ? [...stores, beside] : stores, { signal })
  try {
    const within = facets.map((served, at) => [served.name, { ...served, methods: methodsOf(txs[at]) }] as const)
    const result = await work(new Map(within), beside && txs.at(-1))
    signal?.throwIfAborted()
    await commit()
    return result
  } catch (error) {
    await settled(abort)
    throw error
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
