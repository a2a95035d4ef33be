/** The methods that all assets have: balances, the journal, and who may do what. */
import { StoreError } from '../../../lib/errors.js'
import { type Method, method } from '../method.js'
import type { Books } from './books.js'
import { checkBooks } from './check-books.js'
import { system } from './page.js'
import { pointMethods } from './points.js'
import type { Entry } from './types.js'

export function assetMethods(booked: () => Promise<Books>): Method[] {
  const account = async (id: string) => {
    const found = await (await booked()).account(String(id))
    if (found || id === system) return found
    throw new StoreError('NotFoundError', `there is no account ${String(id)}`, { id: String(id) })
  }
  const balance = (of: 'available' | 'locked') => async (id: string) =>
    (await booked()).toDecimal((await account(id))?.[of] ?? 0n)
  const controllers = async (id: string) => ({ ...(await account(id))?.controllers })

  async function addController(id: string, who: string, role: string): Promise<void> {
    for (const text of [who, role])
      if (typeof text !== 'string' || text === '') throw new TypeError('who and role are texts')
    await (await booked()).write(async page => {
      const { controllers } = await page.account(id)
      const owner = ownerIn(controllers)
      if (role === 'owner' && owner !== undefined && owner !== who) {
        throw new StoreError('ConstraintError', `${id} has an owner already: ${owner}`, { id })
      }
      Object.defineProperty(controllers, who, { value: role, enumerable: true, configurable: true, writable: true })
    })
  }
  async function deleteController(id: string, who: string): Promise<boolean> {
    return (await booked()).write(async page => {
      const { controllers } = await page.account(id)
      return Object.hasOwn(controllers, who) && delete controllers[who]
    })
  }
  async function journal({
    account: of,
    from = 1,
    to = Number.POSITIVE_INFINITY,
  }: {
    account?: string
    from?: number
    to?: number
  } = {}): Promise<Entry[]> {
    const { state, entry } = await booked()
    const { entries } = await state()
    const found: Entry[] = []
    for (let number = Math.max(from, 1); number < to && number <= entries; number++) {
      const each = await entry(number)
      if (each && (of === undefined || each.lines.some(line => line.account === of))) found.push(each)
    }
    return found
  }

  const one = 'id: string'
  return [
    ...pointMethods(booked),
    method('getBalance', 'What is available on an account, as a decimal.', one, balance('available')),
    method('getLockedBalance', 'What is locked on an account, as a decimal.', one, balance('locked')),
    method('getJournal', 'The entries of the journal.', 'options?: object', journal),
    method('checkBooks', 'Adds the journal up, and compares it with all accounts.', '', async () =>
      checkBooks(await booked()),
    ),
    method('addController', 'Gives somebody a role.', `${one}, who: string, role: string`, addController),
    method('deleteController', 'Takes a role away.', `${one}, who: string`, deleteController),
    method('getControllers', 'Who has which role.', one, controllers),
    method('hasRole', 'Has somebody this role?', `${one}, who: string, role: string`, async (id, who, role) => {
      const all: Record<string, string> = await controllers(id)
      return Object.hasOwn(all, who) && all[who] === role
    }),
    method('getOwner', 'Who is the owner.', one, async id => ownerIn(await controllers(id))),
  ]
}

function ownerIn(controllers: Record<string, string>): string | undefined {
  return Object.entries(controllers).find(([, role]) => role === 'owner')?.[0]
}
