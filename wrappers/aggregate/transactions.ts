/** A transaction on the whole: one on each part, that end together. */
import type { Feed } from '../../lib/feed.js'
import { toKey } from '../../lib/id.js'
import type { Identified } from '../../lib/identity.js'
import { lock } from '../../lib/lock.js'
import type { Change, Id, PutOptions, Transaction } from '../../lib/store.js'
import type { Participant } from '../../lib/take-part.js'
import { when } from '../../lib/when.js'
import { answers } from './answer.js'
import { alone, reading } from './in-turn.js'
import type { Layout } from './layout.js'
import { type Failure, type Target, type Writing, writing } from './writing.js'

export interface OpenTransaction {
  readonly tx: Transaction
  readonly write: Writing
}

export interface TransactionParts {
  readonly layout: Layout
  /** It can prepare where it takes part in a larger transaction. */
  readonly together: Participant
  readonly feed: Feed<object, Id>
  identify(object: object, options?: PutOptions): Identified<object>
}

export function openTransaction({ layout, together, feed, identify }: TransactionParts): OpenTransaction {
  const targets = together.txs as readonly Target[]
  const turn = lock()
  /** The net change of each key: what was there before the transaction, what is there now. */
  const net = new Map<Id, Change<object, Id>>()

  /** What a part refuses leaves the others as they were. */
  async function fail({ error, undo }: Failure): Promise<never> {
    // who cannot go back must not go on
    await undo().catch(() => together.abort())
    throw error
  }

  function note(change: Change<object, Id>): void {
    const key = toKey(change.id)
    const { previous: now, ...rest } = change
    const known = net.get(key)
    const previous = known ? known.previous : now
    if (rest.object || previous) net.set(key, { ...rest, ...(previous && { previous }) })
    else net.delete(key)
  }

  const plain = writing(layout, targets, fail)
  const noted = async <C extends Change | undefined>(asked: Promise<C>): Promise<C> => {
    const change = await asked
    if (change) note(change)
    return change
  }
  const write: Writing = {
    put: async (method, identified, options) =>
      alone(turn, () => noted(plain.put(method, identified, options)), options),
    delete: async (id, options) => alone(turn, () => noted(plain.delete(id, options)), options),
  }

  const put =
    (method: 'put' | 'add') =>
    async (object: object, options: PutOptions = {}) =>
      (await write.put(method, identify(object, options), options)).id

  const { prepare } = together
  const tx: Transaction = {
    ...answers(layout, (work, options) => reading(turn, () => work(targets), options)),
    put: put('put'),
    add: put('add'),
    delete: async (id, options = {}) => (await write.delete(id, options)) !== undefined,
    ...(prepare && { prepare: () => alone(turn, prepare) }),
    commit: () =>
      alone(turn, () => when(together.commit(), () => void (feed.followed && feed.publish([...net.values()])))),
    abort: () => together.abort(),
  }
  return { tx: Object.freeze(tx), write }
}
