/** A store on a server, over HTTP: the same contract, in browsers and on Node. */
import { StoreError } from '../lib/errors.js'
import { introduce } from '../lib/explain.js'
import { holding, lock } from '../lib/lock.js'
import type {
  Change,
  CountOptions,
  Data,
  DeleteOptions,
  Id,
  Options,
  PutOptions,
  Query,
  QueryOptions,
  SubscribeOptions,
  Transaction,
  TransactionOptions,
} from '../lib/store.js'
import { when } from '../lib/when.js'
import { address } from './remote/address.js'
import { following } from './remote/following.js'
import { type RemoteOptions, settings as settingsOf } from './remote/options.js'
import { reading } from './remote/reading.js'
import { type OpenTransaction, openTransaction } from './remote/transaction.js'
import { transport as transportOf } from './remote/transport.js'
import { type Ready, writing } from './remote/writing.js'

export type { Fetch, Received, RemoteOptions, Schedule, Sent } from './remote/options.js'

/** What is stored on the server: everything comes later. What the objects are like is told to the server, not here. */
export interface RemoteStore<T extends object, K extends Id> {
  get(id: K, options?: Options): Promise<T | undefined>
  put(object: T, options?: PutOptions<K>): Promise<K>
  add(object: T, options?: PutOptions<K>): Promise<K>
  delete(id: K, options?: DeleteOptions): Promise<boolean>
  query(query?: Query, options?: QueryOptions): AsyncIterable<T>
  count(query?: Query, options?: CountOptions): Promise<number>
  subscribe(query?: Query, options?: SubscribeOptions): AsyncIterable<Change<T, K>>
  transaction(options?: TransactionOptions): Promise<Transaction<T, K>>
  close(): Promise<void>
}

/** How long a write waits for a transaction of this store to end, in milliseconds. */
const writeTimeout = 5000

/**
 * The store at an address such as `https://host/users`, as a server of this library serves it. A call costs a round trip. What
 * the server may not do is refused by it with the error that the store there gives. A call that was not done is an error that
 * says so; where a write was sent and no answer came, so that nobody knows, it is an `OutcomeUnknownError`. By itself it sends again
 * only what can do no harm twice: what reads, writes under a condition, and what the server knows again by a key. Nothing that a
 * server sends is believed before it is checked.
 *
 * A transaction reads from the server as it goes and is sent as one request at the commit, with the condition that all is as it
 * was read: if others have changed that it is a `PreconditionFailedError`, nothing is written, and the work can be done again.
 */
export function remote<T extends object = Data, K extends Id = Id>(
  url: string | URL,
  options: RemoteOptions = {},
): RemoteStore<T, K> {
  const settings = settingsOf(options)
  const to = address(url)
  const transport = transportOf(settings)
  const { subscribe, ready, close: unfollow } = following({ to, transport, settings })
  const { get, query, count } = reading({ to, transport, settings, check, ready })
  const { put, add, delete: remove } = writing({ to, transport, settings })
  /** Writes by themselves, or one transaction. */
  const gate = lock()
  const transactions = new Set<OpenTransaction>()
  let closing: Promise<void> | undefined

  function check({ signal }: Options = {}): void {
    if (closing) throw new StoreError('InvalidStateError', 'the store is closed')
    signal?.throwIfAborted()
  }

  async function write<R>(prepared: Ready<R>, { signal }: Options): Promise<R> {
    return await holding(gate.read({ signal, timeout: writeTimeout }), async () => {
      await ready()
      check({ signal })
      return prepared()
    })
  }

  async function begin({ signal, timeout = writeTimeout, group }: TransactionOptions = {}): Promise<Transaction> {
    check({ signal })
    return await when(gate.write({ signal, timeout }), release => {
      if (closing || signal?.aborted) release()
      check({ signal })
      const ended = () => {
        transactions.delete(opened)
        release()
      }
      const parts = { reading: { get, query, count }, to, transport, settings, check }
      const opened = openTransaction(parts, () => group?.landed?.(), ended)
      transactions.add(opened)
      return opened.tx
    })
  }

  async function end(): Promise<void> {
    unfollow()
    for (const each of [...transactions]) each.leave()
    transport.close(new StoreError('InvalidStateError', 'the store is closed'))
    // what is being written is written, or given up in time
    await holding(gate.write(), () => {})
  }

  const store = {
    get,
    async put(object: object, options: PutOptions = {}) {
      check(options)
      return write(put(object, options), options)
    },
    async add(object: object, options: PutOptions = {}) {
      check(options)
      return write(add(object, options), options)
    },
    async delete(id: Id, options: DeleteOptions = {}) {
      check(options)
      return write(remove(id, options), options)
    },
    query,
    count,
    subscribe(query?: Query, options: SubscribeOptions = {}) {
      check()
      return subscribe(query, options)
    },
    transaction: begin,
    close() {
      closing ??= end()
      return closing
    },
  }
  return introduce(Object.freeze(store) as unknown as RemoteStore<T, K>, {
    name: 'remote',
    options: { url: to.root + to.path },
    bypassed: true,
    numbers: () => ({ ...transport.numbers }),
  })
}
