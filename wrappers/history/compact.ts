import type { Progress } from '../../lib/derived/read-all.js'
import type { MaybePromise, Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { firstWith, type Ledger, type LogTransaction } from './ledger.js'
import { checkPoint, type Point } from './record.js'

export interface CompactOptions extends Progress {
  /** What has a lower sequence, or is older, is dropped; but the last record always stays. */
  readonly before: Point
}

/** How many records one transaction drops. */
const atOnce = 1000

/** Drops the oldest records, the oldest first, so that what is left is whole wherever it ends. Gives how many. */
export async function compact(
  log: Store,
  ledger: Ledger,
  { before, signal, onProgress }: CompactOptions,
): Promise<number> {
  checkPoint(before)
  const within = <R>(work: (tx: LogTransaction) => MaybePromise<R>) =>
    transaction(log as Required<Store>, tx => work(tx as LogTransaction), { signal })

  const { start, end } = await within(async tx => {
    const { first, last } = await ledger.bounds(tx)
    const end = before instanceof Date ? await firstWith(tx, { first, last }, date => date >= before) : before
    return { start: first, end: Math.min(end, last) }
  })
  for (let from = start; from < end; from += atOnce) {
    onProgress?.(from - start, end - start)
    try {
      await within(tx => ledger.drop(tx, Math.min(from + atOnce, end)))
    } catch (error) {
      ledger.forget()
      throw error
    }
  }
  const dropped = Math.max(0, end - start)
  onProgress?.(dropped, dropped)
  return dropped
}
