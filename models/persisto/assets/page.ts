/** What is being written into the books, in one transaction: drafts of accounts, and new entries of the journal. */
import { StoreError } from '../../../lib/errors.js'
import type { Data, MaybePromise } from '../../../lib/store.js'
import { checkedCopy, copy, equal } from '../../../lib/value.js'
import type { Entry, Line } from './types.js'

/** As it is stored. */
export interface Account {
  readonly id: string
  readonly account: string
  /** The type of the asset; of the system's own accounts, `system`. */
  readonly type: string
  available: bigint
  locked: bigint
  values: Data
  controllers: Record<string, string>
}

/** What is stored under `books`. */
interface Head {
  readonly id: string
  readonly decimals: number
  supply: bigint
  entries: number
  minted?: true
  founder?: string
}

export interface Reading {
  get(id: string): MaybePromise<Data | undefined>
}

export interface Posting {
  readonly type: string
  readonly lines: readonly Line[]
  readonly reason?: string | undefined
  readonly operation?: string | undefined
}

/** One piece of work's view of the page. */
export interface Page {
  head(): Promise<Head>
  /** The draft of an account. A `NotFoundError` if there is none. */
  account(id: string): Promise<Account>
  has(id: string): Promise<boolean>
  open(account: Omit<Account, 'id'>): Promise<void>
  /** Closes an account, on which nothing may be. */
  close(id: string): Promise<void>
  /** Writes an entry, and its lines into the accounts; `repeated` if the operation was done before, which must have been the same. */
  post(posting: Posting): Promise<{ readonly entry: Entry; readonly repeated: boolean }>
}

/** All that is written in one transaction, piece by piece. */
export interface Pages {
  /** Does a piece of work; if it throws, nothing of it stays. */
  attempt<R>(work: (page: Page) => MaybePromise<R>): Promise<R>
  /** What is to be stored, once it has been checked that no point was made, lost or owed. */
  settle(): Settled
}

export interface Settled {
  readonly changed: readonly Data[]
  readonly removed: readonly string[]
  readonly entries: readonly Entry[]
}

/** The account of the system. */
export const system = 'system'
/** The account from which all points come: it owes what the others have. Nobody but `MINT` touches it. */
export const issuer = 'issued'

/** Pages over what is stored. */
export function pages({ get }: Reading, now: () => number): Pages {
  /** What was stored, as it was read; what it is to be; and what the piece of work that is being done makes of that. */
  const stored = new Map<string, Data | undefined>()
  const drafts = new Map<string, Data | undefined>()
  const own = new Map<string, Data | undefined>()
  const entries: Entry[] = []

  async function draft(id: string): Promise<Data | undefined> {
    if (own.has(id)) return own.get(id)
    if (!stored.has(id)) stored.set(id, await get(id))
    const found = copy(drafts.has(id) ? drafts.get(id) : stored.get(id))
    own.set(id, found)
    return found
  }

  const key = (account: string) => `account:${account}`

  async function account(id: string): Promise<Account> {
    const found = typeof id === 'string' && (await draft(key(id)))
    if (found) return found as unknown as Account
    if (id === system || id === issuer) return open({ account: id, type: system, ...empty() })
    throw new StoreError('NotFoundError', `there is no account ${String(id)}`, { id: String(id) })
  }

  async function open(given: Omit<Account, 'id'>): Promise<Account> {
    const id = key(given.account)
    if (await draft(id)) throw new StoreError('ConstraintError', `there is an account ${given.account} already`, { id })
    const opened: Account = { id, ...given }
    own.set(id, opened as unknown as Data)
    return opened
  }

  const head = async () => (await draft('books')) as unknown as Head

  async function before({ operation, type, lines }: Posting): Promise<Entry | undefined> {
    if (operation === undefined) return undefined
    if (typeof operation !== 'string' || operation === '') throw new TypeError('an operation is named by a text')
    const done = await draft(`operation:${operation}`)
    if (!done) return undefined
    const { id, ...entry } = (entries.find(({ number }) => number === done.entry) ??
      (await get(`journal:${done.entry}`))) as Data
    if (entry.type === type && equal(entry.lines, lines)) return entry as unknown as Entry
    throw new StoreError('ConstraintError', `the operation ${operation} was another one: ${String(entry.type)}`)
  }

  const page: Page = {
    head,
    account,
    has: async id => (await draft(key(id))) !== undefined,
    open: async given => void (await open(given)),
    async close(id) {
      const { available, locked } = await account(id)
      if (available !== 0n || locked !== 0n) {
        throw new StoreError('ConstraintError', `${id} cannot be deleted: there is something on the account`, { id })
      }
      own.set(key(id), undefined)
    },
    async post(posting) {
      const { type, lines, reason, operation } = posting
      const done = await before(posting)
      if (done) return { entry: done, repeated: true }
      for (const { account: id, balance, amount } of lines) {
        const changed = await account(id)
        changed[balance] += amount
        if (changed[balance] < 0n && type !== 'MINT') {
          throw new StoreError('ConstraintError', `${type} rejected: ${id} has not so much ${balance}`, { id })
        }
      }
      const books = await head()
      books.entries++
      const optional = { ...(reason !== undefined && { reason }), ...(operation !== undefined && { operation }) }
      const entry: Entry = { number: books.entries, type, at: new Date(now()), lines, ...optional }
      entries.push(entry)
      if (operation !== undefined) {
        own.set(`operation:${operation}`, { id: `operation:${operation}`, entry: entry.number })
      }
      return { entry, repeated: false }
    },
  }

  return {
    async attempt(work) {
      const count = entries.length
      try {
        const result = await work(page)
        // what cannot be stored is refused here: at the commit, it would be so with all that share it
        for (const object of [...own.values(), ...entries.slice(count).map(toStored)]) if (object) checkedCopy(object)
        for (const [id, object] of own) drafts.set(id, object)
        return result
      } catch (error) {
        entries.length = count
        throw error
      } finally {
        own.clear()
      }
    },
    settle() {
      const changed = [...drafts].filter(([id, object]) => !equal(object, stored.get(id)))
      checkConserved(changed, stored, entries)
      return {
        changed: [
          ...changed.map(([, object]) => object).filter(object => object !== undefined),
          ...entries.map(toStored),
        ],
        removed: changed.filter(([, object]) => !object).map(([id]) => id),
        entries,
      }
    },
  }
}

const toStored = (entry: Entry): Data => ({ id: `journal:${entry.number}`, ...entry })

export const empty = () => ({ available: 0n, locked: 0n, values: {}, controllers: {} })

/** Every entry adds up to nothing; all accounts together have what they had; and each has what the entries say. */
function checkConserved(
  changed: readonly (readonly [string, Data | undefined])[],
  stored: ReadonlyMap<string, Data | undefined>,
  entries: readonly Entry[],
): void {
  const owed = new Map<string, bigint>()
  for (const { number, lines } of entries) {
    if (lines.reduce((sum, { amount }) => sum + amount, 0n) !== 0n) wrong(`entry ${number} does not add up to nothing`)
    for (const { account, balance, amount } of lines) {
      const place = `account:${account} ${balance}`
      owed.set(place, (owed.get(place) ?? 0n) + amount)
    }
  }
  for (const [id, object] of changed) {
    if (!id.startsWith('account:')) continue
    const before = stored.get(id)
    for (const balance of ['available', 'locked'] as const) {
      const more = ((object?.[balance] ?? 0n) as bigint) - ((before?.[balance] ?? 0n) as bigint)
      if (more !== (owed.get(`${id} ${balance}`) ?? 0n)) wrong(`${id} has ${more} ${balance} that no entry gives it`)
      owed.delete(`${id} ${balance}`)
    }
  }
  for (const [place, amount] of owed) if (amount !== 0n) wrong(`${place} has not got what the entries give it`)
}

function wrong(message: string): never {
  throw new StoreError('CorruptError', `nothing was written, as the books would not balance: ${message}`)
}
