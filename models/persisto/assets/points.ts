/** `mintPoints rewardFounder rewardUser transferPoints lockPoints …`: each is one entry of the journal. */
import { StoreError } from '../../../lib/errors.js'
import { type Method, method } from '../method.js'
import type { Amount } from './amount.js'
import type { Books } from './books.js'
import { issuer, type Page, system } from './page.js'
import type { Done, Entry, Line, OperationOptions } from './types.js'

type Place = readonly [account: string, balance: Line['balance']]
const available = (account: string): Place => [account, 'available']
const locked = (account: string): Place => [account, 'locked']

interface Move extends OperationOptions {
  readonly type: string
  readonly amount: Amount
  readonly from: Place
  readonly to: Place
  readonly reason?: string | undefined
  /** What else is to hold, or to be noted, where it is not a repetition. */
  readonly also?: (page: Page, units: bigint) => Promise<void>
}

export function pointMethods(booked: () => Promise<Books>): Method[] {
  async function move({ type, amount, from, to, reason, operation, also }: Move): Promise<Done> {
    const { write, toUnits, toDecimal } = await booked()
    const units = toUnits(amount)
    if (units <= 0n) throw new RangeError(`an amount must be more than nothing, not ${String(amount)}`)
    if (reason !== undefined && typeof reason !== 'string') throw new TypeError('a reason is a text')
    for (const [account] of [from, to]) checkAccount(account, type)
    const lines = [line(from, -units), line(to, units)]
    const { entry, repeated } = await write(async page => {
      const posted = await page.post({ type, lines, reason, operation })
      if (!posted.repeated) await also?.(page, units)
      return posted
    })
    return { ...done(entry), amount: toDecimal(units), from: from[0], to: to[0], ...(repeated && { repeated }) }
  }

  async function mint(page: Page, units: bigint): Promise<void> {
    const books = await page.head()
    if (books.minted) throw new StoreError('ConstraintError', 'points are minted once, and were')
    books.minted = true
    books.supply += units
  }

  async function founder(page: Page, id: string): Promise<void> {
    const books = await page.head()
    if (books.founder !== undefined)
      throw new StoreError('ConstraintError', `the founder, ${books.founder}, was rewarded already`)
    books.founder = id
  }

  type Last = [reason?: string, options?: OperationOptions]
  const ofOne =
    (type: string, from: (id: string) => Place, to: (id: string) => Place, also?: typeof founder) =>
    (id: string, amount: Amount, ...[reason, options]: Last) =>
      move({
        type,
        amount,
        from: from(id),
        to: to(id),
        reason,
        ...options,
        ...(also && { also: page => also(page, id) }),
      })
  const ofTwo =
    (type: string, place: (id: string) => Place) =>
    (amount: Amount, from: string, to: string, ...[reason, options]: Last) =>
      move({ type, amount, from: place(from), to: place(to), reason, ...options })
  const ofSystem = () => available(system)

  const last = 'reason?: string, options?: object'
  const one = `id: string, amount: number | string | bigint, ${last}`
  const two = `amount: number | string | bigint, from: string, to: string, ${last}`
  return [
    method(
      'mintPoints',
      'Makes all points there will be, on the account system. Once.',
      `amount: number | string | bigint, ${last}`,
      (amount: Amount, ...[reason, options]: Last) =>
        move({ type: 'MINT', amount, from: available(issuer), to: ofSystem(), reason, ...options, also: mint }),
    ),
    method(
      'rewardFounder',
      'Gives points of the system to the founder. Once.',
      one,
      ofOne('REWARD_FOUNDER', ofSystem, available, founder),
    ),
    method('rewardUser', 'Gives points of the system.', one, ofOne('REWARD', ofSystem, available)),
    method('transferPoints', 'Transfers what is available.', two, ofTwo('TRANSFER', available)),
    method('lockPoints', 'Locks what is available.', one, ofOne('LOCK', available, locked)),
    method('unlockPoints', 'Makes what is locked available.', one, ofOne('UNLOCK', locked, available)),
    method('transferLockedPoints', 'Transfers what is locked, which stays so.', two, ofTwo('TRANSFER_LOCKED', locked)),
    method(
      'confiscateLockedPoints',
      'Gives what is locked back to the system.',
      one,
      ofOne('CONFISCATE_LOCKED', locked, ofSystem),
    ),
  ]
}

const line = ([account, balance]: Place, amount: bigint): Line => ({ account, balance, amount })

/** The issuer's account is nobody's to name. */
function checkAccount(account: unknown, type: string): void {
  if (typeof account !== 'string' || account === '')
    throw new TypeError(`an account is named by its id, not ${String(account)}`)
  if (account === issuer && type !== 'MINT')
    throw new StoreError('NotFoundError', `there is no account ${account}`, { id: account })
}

function done({ lines, ...entry }: Entry): Omit<Entry, 'lines'> {
  return entry
}
