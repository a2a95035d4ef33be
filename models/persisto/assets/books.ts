/**
 * The books: accounts, and a journal of double entries. What is asked for at the same time is done one after the other, in one
 * transaction, each whole or not at all; what it adds up to is checked before the commit.
 */
import { StoreError } from '../../../lib/errors.js'
import type { MaybePromise } from '../../../lib/store.js'
import { transaction } from '../../../lib/transaction.js'
import { groupCommit } from '../../../stores/table/group-commit.js'
import type { Logger } from '../log-event.js'
import type { Place } from '../strategy.js'
import { toDecimal, toUnits } from './amount.js'
import { logged } from './logged.js'
import { type Account, type Page, pages, type Reading } from './page.js'
import type { Entry } from './types.js'

export interface Books {
  /** Does the work on a page of its own: all that it changed there is kept, or nothing. Resolves when that lasts. */
  write<R>(work: (page: Page) => MaybePromise<R>): Promise<R>
  account(id: string): Promise<Account | undefined>
  accounts(): AsyncIterable<Account>
  entry(number: number): Promise<Entry | undefined>
  /** How many points there are, and how many entries. */
  state(): Promise<{ readonly supply: bigint; readonly entries: number }>
  toUnits(amount: unknown): bigint
  toDecimal(units: bigint): string
  close(): Promise<void>
}

export interface BooksOptions {
  readonly decimals: number
  readonly logger: Logger | undefined
  readonly now: () => number
}

/** How many are done in one transaction at most: they all wait for it. */
const most = 256

/** Opens the books in a store. Brings the logger up to the journal: what a crash has kept from it is recorded now. */
export async function books(store: Place, { decimals, logger, now }: BooksOptions): Promise<Books> {
  const reading: Reading = { get: id => store.get(id) }
  const begun = await settleDecimals(store, decimals)
  const log = await logged(logger, { begun, decimals, entry: number => entryOf(reading, number) })

  interface Piece {
    readonly work: (page: Page) => unknown
    outcome: { readonly result: unknown } | { readonly error: unknown }
    /** Resolves when what it has written into the journal is logged: others are written meanwhile. */
    logged?: Promise<void>
  }
  const commit = groupCommit<Piece>({
    async write(pieces) {
      for (let at = 0; at < pieces.length; at += most) {
        const some = pieces.slice(at, at + most)
        await writeAll(some).catch(error => {
          for (const piece of some) piece.outcome = { error }
        })
      }
    },
    landed() {},
    failed() {},
  })

  async function writeAll(pieces: readonly Piece[]): Promise<void> {
    const entries = await transaction(store, async tx => {
      const all = pages({ get: id => tx.get(id) }, now)
      for (const piece of pieces) {
        piece.outcome = await all.attempt(piece.work).then(
          result => ({ result }),
          error => ({ error }),
        )
      }
      const { changed, removed, entries } = all.settle()
      for (const object of changed) await tx.put(object)
      for (const id of removed) await tx.delete(id)
      return entries
    })
    if (entries.length === 0) return
    const logged = log(entries)
    logged.catch(() => {})
    for (const piece of pieces) piece.logged = logged
  }

  return {
    async write<R>(work: (page: Page) => MaybePromise<R>) {
      const piece: Piece = { work, outcome: { result: undefined } }
      await commit(piece)
      if ('error' in piece.outcome) throw piece.outcome.error
      await piece.logged
      return piece.outcome.result as R
    },
    account: async id => (await reading.get(`account:${id}`)) as Account | undefined,
    async *accounts() {
      for await (const object of store.query()) if (String(object.id).startsWith('account:')) yield object as never
    },
    entry: number => entryOf(reading, number),
    async state() {
      const { supply = 0n, entries = 0 } = ((await reading.get('books')) ?? {}) as { supply?: bigint; entries?: number }
      return { supply, entries }
    },
    toUnits: amount => toUnits(amount as never, decimals),
    toDecimal: units => toDecimal(units, decimals),
    async close() {
      await commit({ work: () => {}, outcome: { result: undefined } })
      await log([])
      await store.close?.()
    },
  }
}

async function entryOf({ get }: Reading, number: number): Promise<Entry | undefined> {
  const found = await get(`journal:${number}`)
  if (!found) return undefined
  const { id, ...entry } = found
  return entry as unknown as Entry
}

/** The smallest unit is what it was when the books were begun. Gives the number of entries that there are. */
async function settleDecimals(store: Place, decimals: number): Promise<number> {
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > 18) throw new TypeError('decimals are 0 to 18 digits')
  return transaction(store, async tx => {
    const begun = await tx.get('books')
    if (begun && begun.decimals !== decimals) {
      throw new StoreError('NotSupportedError', `the books were begun with ${begun.decimals} decimals, not ${decimals}`)
    }
    if (!begun) await tx.put({ id: 'books', decimals, supply: 0n, entries: 0 })
    return (begun?.entries ?? 0) as number
  })
}
