import { isStoreError, StoreError } from '../../lib/errors.js'
import type { Coordinator } from '../../lib/store.js'
import type { Prepared } from '../table/transaction.js'
import type { Decided } from '../table/write.js'
import type { Compaction } from './compaction.js'
import type { Journal, Printed } from './journal.js'

export interface PersistenceOptions {
  readonly journal: Journal
  readonly compaction: Compaction
  /** The journal may grow to this many bytes, or to the size of the file if that is more. */
  readonly compactAt: number
  /** The most bytes of file and journal together, so that what is stored can be opened again. */
  readonly maxFile: number
}

/** Makes change sets last: in the journal, and from time to time in the file. */
export interface Persistence<T extends object> {
  persist(sets: readonly (readonly Decided<T>[])[]): Promise<void>
  /** Writes a change set down, which is made to last or dropped by what this gives. Nothing else is written until then. */
  prepare(set: readonly Decided<T>[], coordinator: Coordinator): Promise<Prepared>
  /** Brings the file up to date and removes the journal. */
  end(): Promise<void>
}

/**
 * One write at a time. The file is written when a change set arrives and the journal is long, so nothing goes on in the
 * background; each byte of the journal pays for one of the file.
 */
export function persistence<T extends object>(options: PersistenceOptions): Persistence<T> {
  const { journal, compaction, compactAt, maxFile } = options
  let nextAt = 0
  /** The file is not ours any more. */
  let lost: StoreError | undefined
  /** A set is prepared, and nobody has said yet whether it is to last: the journal is left for whoever opens it next. */
  let inDoubt = false

  async function compact(): Promise<void> {
    try {
      await compaction.run()
    } catch (error) {
      if (isStoreError(error, 'InvalidStateError')) lost = error
      throw error
    } finally {
      nextAt = journal.length + Math.max(compactAt, compaction.size)
    }
  }

  /** What is to be appended, when there is room for it. */
  async function fitting(print: () => Printed, sets: readonly (readonly Decided<T>[])[]): Promise<Printed> {
    if (lost) throw lost
    if (journal.length > Math.max(compactAt, compaction.size, nextAt)) {
      // what fails here is no failure of the change: the journal has all, and goes on
      await compact().catch(() => {})
      if (lost) throw lost
    }
    const room = () => maxFile - compaction.size - journal.length
    let printed = print()
    if (printed.bytes.length > room() && journal.sets > 0) {
      await compact()
      printed = print()
    }
    if (printed.bytes.length > room() && sets.some(adds)) throw full(maxFile)
    return printed
  }

  async function decide(commit: boolean): Promise<void> {
    inDoubt = false
    await journal.decide(commit)
  }

  return {
    async persist(sets) {
      await journal.append(await fitting(() => journal.print(sets), sets))
    },
    async prepare(set, coordinator) {
      await journal.append(await fitting(() => journal.printPrepared(set, coordinator), [set]))
      inDoubt = true
      return { commit: () => decide(true), abort: () => decide(false) }
    },
    async end() {
      try {
        if (inDoubt) return
        if (journal.sets > 0) await compaction.run()
        await journal.remove()
      } finally {
        await journal.close()
      }
    },
  }
}

function adds(set: readonly Decided<object>[]): boolean {
  return set.some(({ type }) => type === 'put')
}

function full(maxFile: number): StoreError {
  return new StoreError(
    'QuotaExceededError',
    `the file would be larger than ${maxFile} bytes and could not be opened again`,
  )
}
