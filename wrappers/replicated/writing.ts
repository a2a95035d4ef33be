/** Every write is committed together with what the log says of it: on this node by `begin`, from another by `apply`. */
import { derive, forward, hide } from '../../lib/derive.js'
import { isStoreError, StoreError } from '../../lib/errors.js'
import { checkId, toKey } from '../../lib/id.js'
import type { Id, MaybePromise, Store, Transaction, TransactionOptions } from '../../lib/store.js'
import type { Participant } from '../../lib/take-part.js'
import { beginTogether, type TransactionLog } from '../../lib/two-phase.js'
import { isPromise } from '../../lib/when.js'
import { writingBack } from '../../lib/write-back.js'
import { objectOf, type Refusing, type Resolve, refusedOf, shown, textOf } from './conflict.js'
import { type Ledger, putEntry, putNode, versionsOf } from './ledger.js'
import { show } from './show.js'
import { admit, merge, noVersions, type Versions, written } from './versions.js'

export interface WritingOptions<T extends object, K extends Id> {
  readonly primary: Store<T, K>
  readonly log: Store
  readonly ledger: Ledger
  readonly coordinator: TransactionLog | undefined
  readonly conflict: Resolve<T, K> | undefined
  readonly clock: () => number
  readonly idProperty: string
  /** Would a model write this object? */
  isValid(object: T): boolean
  /** The changes up to this one are committed. */
  committed(at: number): void
  /** Comes when enough replicas have the changes up to this one. */
  acknowledged(at: number): MaybePromise<void>
}

export interface Writing<T extends object, K extends Id> {
  /** A transaction on the primary, whose changes are numbered and written into the log when it commits. */
  begin(options?: TransactionOptions): Promise<Transaction<T, K>>
  /** Takes in the versions that another node knows. Gives the id of the object. */
  apply(given: object): Promise<K>
  /** Looks again at the versions that were refused. */
  reconsider(): Promise<void>
  /** Drops a version that lost; `false` if it is no longer there. */
  drop(id: K, stamp: string): Promise<boolean>
  /** Before the first write. If the node had no name before, every object that is there gets a version. */
  start(node: { readonly name: string; readonly before: string | undefined; readonly last: number }): Promise<void>
}

/** A transaction on the primary and one on the log, which end together. */
interface Pair<T extends object, K extends Id> extends Omit<Participant, 'txs'> {
  readonly primary: Transaction<T, K>
  readonly log: Transaction
}

export function writing<T extends object, K extends Id>(options: WritingOptions<T, K>): Writing<T, K> {
  const { primary, log, ledger, coordinator, conflict, clock, idProperty, isValid, committed, acknowledged } = options
  const back = writingBack(primary)
  let node = ''
  let last = 0

  async function pairUp(options: TransactionOptions): Promise<Pair<T, K>> {
    try {
      const { txs, ...ends } = await beginTogether([primary, log], { ...options, log: coordinator })
      return { ...ends, primary: txs[0] as Transaction<T, K>, log: txs[1] as Transaction }
    } catch (error) {
      if (!isStoreError(error, 'NotSupportedError')) throw error
      const hint = 'where both last, keep them in one database, or give a coordinator: transactionLog({ path })'
      const message = `the primary and the log cannot commit together; ${hint}. ${error.message}`
      throw new StoreError('NotSupportedError', message, { cause: error })
    }
  }

  async function save(
    { log }: Pair<T, K>,
    key: Id,
    { heads, seen, refused = [] }: Versions & Refusing,
  ): Promise<number> {
    const at = ++last
    const left = refused.filter(stamp => heads.some(head => head.stamp === stamp))
    const conflicted = left.length > 0 || (!conflict && heads.length > 1)
    await putEntry(log, {
      ...{ key, at, heads, seen },
      ...(conflicted && { conflicted }),
      ...(left.length > 0 && { refused: left }),
    })
    return at
  }

  /** What has become of an object that was written to in the transaction: the number of the change, if it is one. */
  async function record(pair: Pair<T, K>, id: K): Promise<number | undefined> {
    const versions = await versionsOf(pair.log, id)
    const text = textOf(await pair.primary.get?.(id))
    const before = shown(versions, id, conflict)
    if (text === undefined && before.text === undefined && !versions.refused) return undefined
    const { refused } = versions
    return save(pair, id, { ...written(versions, { text, now: clock(), node, replaces: before.versions }), refused })
  }

  /** Objects from before get a version that is older than every write: what another node says of them wins. */
  async function recordThere(pair: Pair<T, K>): Promise<number | undefined> {
    let at: number | undefined
    for await (const object of pair.primary.query?.() ?? []) {
      const id = checkId(object[idProperty as never] as K)
      at = await save(pair, id, written(noVersions, { text: textOf(object), now: 0, node, replaces: [] }))
    }
    return at
  }

  async function begin(options: TransactionOptions = {}): Promise<Transaction<T, K>> {
    const pair = await pairUp(options)
    const ids = new Map<Id, K>()
    const writes: Promise<void>[] = []
    let at: number | undefined
    let recorded = false
    let committing = false

    /** Takes down which objects are written to. */
    const noting =
      <A extends readonly unknown[], R>(
        write: ((...given: A) => MaybePromise<R>) | undefined,
        idOf: (result: R, ...given: A) => K | undefined,
      ) =>
      (...given: A): MaybePromise<R> => {
        if (recorded) throw inactive()
        const result = (write as NonNullable<typeof write>)(...given)
        const note = (result: R) => {
          const id = idOf(result, ...given)
          if (id !== undefined) ids.set(toKey(id), id)
        }
        if (isPromise(result)) writes.push(result.then(note, () => {}))
        else note(result)
        return result
      }

    async function recordAll(): Promise<void> {
      recorded = true
      await Promise.all(writes)
      for (const id of ids.values()) at = (await record(pair, id)) ?? at
    }

    async function prepare(): Promise<void> {
      await recordAll()
      await pair.prepare?.()
    }

    const { put, add, delete: remove } = pair.primary
    return derive(pair.primary, {
      get: forward,
      query: forward,
      count: forward,
      put: noting(put, id => id),
      add: noting(add, id => id),
      delete: noting(remove, (was, id) => (was ? id : undefined)),
      prepare: pair.prepare ? prepare : hide,
      async commit() {
        // a second one would overtake what the first has to record
        if (committing) throw inactive()
        committing = true
        try {
          // prepared, it must be seen at once
          if (!recorded) await recordAll()
          await pair.commit()
        } catch (error) {
          await pair.abort()
          throw error
        }
        if (at === undefined) return
        committed(at)
        await acknowledged(at)
      },
      abort: pair.abort,
    })
  }

  /** Does work that changes the log and the primary alike, and gives the number of the change, if there is one. */
  async function alone(work: (pair: Pair<T, K>) => Promise<number | undefined>): Promise<boolean> {
    const pair = await pairUp({})
    let at: number | undefined
    try {
      at = await work(pair)
      await pair.commit()
    } catch (error) {
      await pair.abort()
      throw error
    }
    if (at !== undefined) committed(at)
    return at !== undefined
  }

  /** Takes in what is known of an object now, as far as it is valid. */
  async function take(pair: Pair<T, K>, id: K, ours: Versions & Refusing, merged: Versions): Promise<number> {
    const before = shown(ours, id, conflict)
    const refused = refusedOf(merged, id, conflict, isValid)
    const after = shown({ ...merged, refused }, id, conflict)
    const known = before.versions.length > 0 || ours.heads.length === 0
    const stays = after.versions.length === 0 && merged.heads.length > 0
    if (!stays && !(known && after.text === before.text)) await show(pair.primary, id, back(objectOf<T>(after.text)))
    return save(pair, id, { ...merged, refused })
  }

  return {
    begin,
    async apply(given) {
      const { key, ...theirs } = admit(given)
      const id = key as K
      // what is known already, as most of what a peer sends back, costs no transaction
      const known = await ledger.versions(id)
      if (merge(known, theirs) === known) return id
      await alone(async pair => {
        const ours = await versionsOf(pair.log, id)
        const merged = merge(ours, theirs)
        return merged === ours ? undefined : take(pair, id, ours, merged)
      })
      return id
    },
    async reconsider() {
      for (const { key, refused } of await ledger.conflicted()) {
        if (!refused) continue
        await alone(async pair => {
          const ours = await versionsOf(pair.log, key)
          const again = refusedOf(ours, key as K, conflict, isValid)
          const same = ours.refused?.length === again.length && again.every(stamp => ours.refused?.includes(stamp))
          return same ? undefined : take(pair, key as K, ours, { heads: ours.heads, seen: ours.seen })
        })
      }
    },
    drop: (id, stamp) =>
      alone(async pair => {
        const versions = await versionsOf(pair.log, id)
        const { heads, seen, refused } = versions
        const { versions: kept } = shown(versions, id, conflict)
        const lost = heads.filter(head => head.stamp === stamp && !kept.includes(head))
        if (lost.length === 0) return undefined
        const rest = heads.filter(head => !lost.includes(head))
        if (rest.length > 0) return save(pair, id, { heads: rest, seen, refused })
        // nothing else is known of it: what it is here now is what it is to be elsewhere
        const text = textOf(await pair.primary.get?.(id))
        return save(pair, id, written(versions, { text, now: clock(), node, replaces: lost }))
      }),
    async start({ name, before, last: at }) {
      node = name
      last = at
      if (name === before) return
      await alone(async pair => {
        await putNode(pair.log, name)
        return before === undefined ? recordThere(pair) : undefined
      })
    },
  }
}

function inactive(): StoreError {
  return new StoreError('TransactionInactiveError', 'the transaction is being committed, or has ended')
}
