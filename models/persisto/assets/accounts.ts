/** `createAgent getAgent updateAgent deleteAgent hasAgent getEveryAgent`, and `getAgentName setAgentName` of each property. */
import { isStoreError, StoreError } from '../../../lib/errors.js'
import type { Data } from '../../../lib/store.js'
import { schema } from '../../schema.js'
import type { AssetProperties } from '../config.js'
import type { Ground } from '../ground.js'
import { tries } from '../ids.js'
import { type Method, method } from '../method.js'
import { capital, checkName } from '../names.js'
import { propertyOf } from '../world.js'
import type { Books } from './books.js'
import { type Account, empty, issuer, type Page, system } from './page.js'

export interface AccountOptions {
  booked(): Promise<Books>
  newAccount(type: string): Promise<string>
  readonly tell: Ground['tell']
}

const ours = ['id', 'availableBalance', 'lockedBalance']

export function accountMethods(
  type: string,
  given: AssetProperties,
  { booked, newAccount, tell }: AccountOptions,
): Method[] {
  const name = capital(type)
  const properties = Object.fromEntries(
    Array.isArray(given)
      ? given.map((property: string) => [property, true])
      : Object.entries(given).map(([property, field]) => [property, propertyOf(field)]),
  )
  for (const property of Object.keys(properties)) {
    checkName('property of an asset', property)
    if (ours.includes(property)) throw new TypeError(`an asset has its own ${property}`)
  }
  const { validate } = schema({ properties, additionalProperties: false })

  function checked(values: unknown): Data {
    if (typeof values !== 'object' || values === null || Array.isArray(values)) {
      throw new TypeError(`the values of a ${type} must be an object`)
    }
    const { id, ...others } = values as Data
    const data = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined))
    const issues = validate(data)
    if (issues.length === 0) return data
    throw new StoreError('ValidationError', `this is no ${type}: ${issues[0]?.message}`, { issues })
  }

  /** An account of this type; one of another is not found here. */
  const ofType = (account: Account | undefined, id: string): Account => {
    if (account?.type === type) return account
    throw new StoreError('NotFoundError', `there is no ${type} ${String(id)}`, { id: String(id) })
  }
  const draft = async (page: Page, id: string) => ofType((await page.has(id)) ? await page.account(id) : undefined, id)
  const seen = ({ account, available, locked, values }: Omit<Account, 'id' | 'type'>, { toDecimal }: Books): Data => ({
    ...values,
    id: account,
    availableBalance: toDecimal(available),
    lockedBalance: toDecimal(locked),
  })
  async function get(id: string): Promise<Data> {
    const books = await booked()
    return seen(ofType(await books.account(String(id)), id), books)
  }
  async function has(id: string): Promise<boolean> {
    return (await (await booked()).account(String(id)))?.type === type
  }
  async function create(given: unknown = {}): Promise<Data> {
    const [books, values] = [await booked(), checked(given)]
    for (let left = tries; ; left--) {
      const account = await newAccount(type)
      if (account === system || account === issuer) throw new TypeError(`${account} is an account of the system`)
      try {
        await books.write(page => page.open({ ...empty(), account, type, values }))
        await tell({ type: 'CREATE_ASSET', data: { type, id: account } })
        return seen({ ...empty(), account, values }, books)
      } catch (error) {
        if (left === 0 || !isStoreError(error, 'ConstraintError')) throw error
      }
    }
  }
  async function update(id: string, given: unknown): Promise<Data> {
    const books = await booked()
    const changed = await books.write(async page => {
      const account = await draft(page, id)
      account.values = checked({ ...account.values, ...checked(given) })
      return { ...account }
    })
    await tell({ type: 'UPDATE_ASSET', data: { type, id } })
    return seen(changed, books)
  }
  async function remove(id: string): Promise<void> {
    await (await booked()).write(async page => page.close((await draft(page, id)).account))
    await tell({ type: 'DELETE_ASSET', data: { type, id } })
  }
  async function ids(): Promise<string[]> {
    const found: string[] = []
    for await (const account of (await booked()).accounts()) if (account.type === type) found.push(account.account)
    return found
  }

  const one = 'id: string'
  return [
    method(`create${name}`, `Opens an account for a new ${type}.`, 'values?: object', create),
    method(`get${name}`, `The ${type} of this id, with its balances.`, one, get),
    method(`update${name}`, `Changes properties of a ${type}.`, `${one}, values: object`, update),
    method(`delete${name}`, `Closes the account of a ${type}, on which nothing may be.`, one, remove),
    method(`has${name}`, `Is there such a ${type}?`, one, has),
    method(`getEvery${name}`, `The ids of all accounts of the type ${type}.`, '', ids),
    ...Object.keys(properties).flatMap(property => {
      const set = async (id: string, value: unknown) => void (await update(id, { [property]: value }))
      return [
        method(
          `get${name}${capital(property)}`,
          `What ${property} of a ${type} is.`,
          one,
          async id => (await get(id))[property],
        ),
        method(`set${name}${capital(property)}`, `Changes ${property} of a ${type}.`, `${one}, value: any`, set),
      ]
    }),
  ]
}
