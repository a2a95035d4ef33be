/** Writes whole objects, piece by piece. */
import { StoreError } from '../../lib/errors.js'
import { checkPrecondition } from '../../lib/etag.js'
import { checkId } from '../../lib/id.js'
import type { Identified } from '../../lib/identity.js'
import type { Change, DeleteOptions, Id, PutOptions, Transaction } from '../../lib/store.js'
import type { Layout, Piece } from './layout.js'
import type { Source } from './one-state.js'
import { together } from './together.js'

/** A part as it is written to: its store, or a transaction on it. */
export type Target = Source & Required<Pick<Transaction, 'put' | 'delete'>>

/** A write that a part has refused, after others had done theirs. */
export interface Failure {
  readonly id: Id
  readonly error: unknown
  /** The positions of the parts that have done theirs, and of those that have not. */
  readonly done: readonly number[]
  readonly notDone: readonly number[]
  /** Puts what was there before into the parts that have done theirs. */
  undo(): Promise<void>
}

/** Answers a failure, at least by an error. */
export type Fail = (failure: Failure) => Promise<never>

export interface Writing {
  put(method: 'put' | 'add', identified: Identified<object>, options: PutOptions): Promise<Change>
  /** `undefined` if there was nothing to delete. */
  delete(id: Id, options: DeleteOptions): Promise<Change | undefined>
}

/** One write at a time: who calls sees to that. */
export function writing(layout: Layout, targets: readonly Target[], fail: Fail): Writing {
  const piecesOf = async (id: Id): Promise<readonly Piece[]> =>
    together<Piece>(targets.map(target => () => target.get(id)))

  async function replace(id: Id, before: readonly Piece[], after: readonly Piece[]): Promise<void> {
    const others = targets.map((_, at) => at).slice(1)
    // the first part says whether there is an object: it begins when all is there, and ends before anything is gone
    const order = (after[0] ? [...others, 0] : [0, ...others]).filter(at => before[at] || after[at])
    let done = 0
    try {
      for (const at of order) {
        await place(targets[at] as Target, id, after[at])
        done++
      }
    } catch (error) {
      const undo = async () => {
        for (const at of order.slice(0, done).reverse()) await place(targets[at] as Target, id, before[at])
      }
      await fail({ id, error, done: order.slice(0, done), notDone: order.slice(done), undo })
    }
  }

  return {
    async put(method, { id, object, generated }, options) {
      const after = layout.split(object)
      const before = await piecesOf(id)
      const previous = layout.merge(before)
      if (previous && (method === 'add' || generated)) {
        throw new StoreError('ConstraintError', `something is already stored under ${id}`, { method, id })
      }
      checkPrecondition(previous, options, id)
      await replace(id, before, after)
      return { type: 'put', id, object: layout.merge(after) as object, ...(previous && { previous }) }
    },
    async delete(id, options) {
      const before = await piecesOf(checkId(id))
      const previous = layout.merge(before)
      checkPrecondition(previous, options, id)
      await replace(id, before, [])
      return previous && { type: 'delete', id, previous }
    },
  }
}

async function place(target: Target, id: Id, piece: Piece): Promise<void> {
  if (piece) await target.put(piece, { id })
  else await target.delete(id)
}
