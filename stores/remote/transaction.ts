import { derive, hide, provide } from '../../lib/derive.js'
import { StoreError } from '../../lib/errors.js'
import { encode } from '../../lib/json.js'
import { over, overlay, type Pending } from '../../lib/overlay.js'
import { uniqueKeys } from '../../lib/overlay-unique.js'
import { identifying, overlayWrites } from '../../lib/overlay-writes.js'
import type { Id, Options, Transaction } from '../../lib/store.js'
import type { Address } from './address.js'
import { invalid } from './lost.js'
import { exactJson } from './media-types.js'
import type { Settings } from './options.js'
import { contentOf, type Reading } from './reading.js'
import { type Entry, seen } from './seen.js'
import type { Transport } from './transport.js'
import { isData } from './trust.js'

export interface TransactionParts {
  readonly reading: Reading
  readonly to: Address
  readonly transport: Transport
  readonly settings: Settings
  /** Throws if the store is closed, or the signal aborted. */
  check(options?: Options): void
}

/** A transaction as its store has it. */
export interface OpenTransaction {
  readonly tx: Transaction
  /** Drops the writes, unless they are being committed. */
  leave(): void
}

/**
 * A transaction whose writes are kept here until it commits: then they are sent all together, under the condition that everything
 * is as it was read. `landed` is called when they are done, `ended` when others may write.
 */
export function openTransaction(parts: TransactionParts, landed: () => void, ended: () => void): OpenTransaction {
  const { to, transport, settings } = parts
  const { idProperty } = settings
  const known = seen(parts.reading, to)
  const pending = overlay<object>()
  const log: Pending[] = []
  let active = true

  function check(options?: Options): void {
    parts.check(options)
    if (!active) throw new StoreError('TransactionInactiveError', 'the transaction has ended')
  }

  const reads = over(known.reads, pending, { idProperty, check })
  const { after, ...writing } = overlayWrites({
    inner: known.reads,
    pending,
    reads,
    unique: uniqueKeys(idProperty),
    identify: identifying({ idProperty }),
    check,
    write(write) {
      pending.write(write)
      log.push(write)
    },
  })

  async function commit(): Promise<void> {
    const conditions = known.conditions()
    // one thing alone is always seen in one state
    if (log.length === 0 && conditions.length < 2) return
    await sendBatch([...conditions, ...log.map(entryOf)])
  }

  /** In their order: a value may be free for one object only after another has given it up. */
  function entryOf({ id, object }: Pending): Entry {
    const path = to.object(id)
    const headers = { prefer: 'return=minimal' }
    return object ? { method: 'PUT', path, headers, body: encode(object) } : { method: 'DELETE', path, headers }
  }

  async function sendBatch(entries: readonly Entry[]): Promise<void> {
    const request = {
      method: 'POST',
      url: `${to.root}/$batch`,
      headers: { accept: exactJson, 'content-type': exactJson },
      body: JSON.stringify(entries),
      what: 'commit',
      changes: true,
      repeatable: true,
    } as const
    await transport.exchange(request, {}, answer => {
      const done = contentOf(answer)
      const complete = Array.isArray(done) && done.length === entries.length && done.every(isDone)
      if (!complete) throw invalid('the answer does not say that all was done')
    })
  }

  /** Ends it when the work is done, however that goes. */
  async function end(work: () => Promise<void>): Promise<void> {
    active = false
    try {
      await work()
    } finally {
      ended()
    }
  }

  const tx = derive<object, Id>({} as Transaction, {
    get: provide(async (id, options) => reads.get(id, options)),
    put: provide(async (object, options) => writing.put(object, options)),
    add: provide(async (object, options) => writing.add(object, options)),
    delete: provide(async (id, options) => writing.delete(id, options)),
    query: provide(reads.query),
    count: provide(async (query, options) => reads.count(query, options)),
    prepare: hide,
    commit: provide(async () => {
      check()
      await after(async () => {
        check()
        await end(commit)
        landed()
      })
    }),
    abort: provide(async () => {
      if (active) await end(async () => {})
    }),
  })

  return {
    tx,
    leave() {
      if (!active) return
      active = false
      ended()
    },
  }
}

function isDone(entry: unknown): boolean {
  return isData(entry) && typeof entry.status === 'number' && entry.status >= 200 && entry.status < 400
}
