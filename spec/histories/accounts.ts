import type { Store } from '../../lib/store.js'
import { transaction, type Within } from '../../lib/transaction.js'
import type { Random } from '../oracle/random.js'
import type { Verdict } from './linearizable.js'
import { drain, pause } from './pause.js'
import { recorder } from './recorder.js'
import { type Workload, work } from './workload.js'

type Account = { readonly id: string; readonly kind: 'account'; readonly amount: number }
type Bank = Required<Store<Account, string>>

const number = 6
const total = number * 100
const changedMind = new Error('the client has changed its mind')

/**
 * Transactions that move amounts between accounts, and accounts to other ids, while all are added up and counted, by queries
 * of different kinds: there are always as many, and they always have as much together.
 */
export const accounts: Workload = async (given, shape, chance) => {
  const store = given as Bank
  const { record } = recorder<string>()
  const wrong: string[] = []
  let ids = 0

  const open = (amount: number): Account => ({ id: `account ${ids++}`, kind: 'account', amount })

  /** Adds up and counts, where some may be on the way. */
  async function audit(bank: Pick<Bank, 'query' | 'count'>, onTheWay = { amount: 0, accounts: 0 }): Promise<void> {
    const expected = number - onTheWay.accounts
    if (chance.chance(0.3)) {
      const counted = await bank.count(chance.pick(questions))
      if (counted !== expected) wrong.push(`counted ${counted} accounts, not ${expected}`)
      return
    }
    const found = await drain(bank.query(chance.pick(questions)), chance)
    const sum = found.reduce((amount, account) => amount + account.amount, 0)
    if (found.length === expected && sum === total - onTheWay.amount) return
    wrong.push(`found ${JSON.stringify(found)}, together ${sum}, not ${expected} with ${total - onTheWay.amount}`)
  }

  async function transfer(tx: Within<Bank>): Promise<void> {
    const [from, to] = await two(tx, chance)
    const amount = chance.below(from.amount + 1)
    await tx.put({ ...from, amount: from.amount - amount })
    await pause(chance)
    if (chance.chance(0.3)) await audit(tx, { amount, accounts: 0 })
    await tx.put({ ...to, amount: to.amount + amount })
  }

  async function rename(tx: Within<Bank>): Promise<void> {
    const [{ id, amount }] = await two(tx, chance)
    await tx.delete(id)
    await pause(chance)
    if (chance.chance(0.3)) await audit(tx, { amount, accounts: 1 })
    await tx.add(open(amount))
  }

  await transaction(store, async tx => {
    for (let left = number; left > 0; left--) await tx.put(open(100))
  })
  await work(shape, chance, () => async () => {
    const kind = chance.next()
    if (kind < 0.4) return record('audit', () => audit(store))
    const change = kind < 0.8 ? transfer : rename
    await record(change.name, () => transaction(store, tx => unlessRegretted(change(tx), chance)), changedMind)
  })
  await audit(store)
  return verdictOf(wrong)
}

/** All of these find all accounts, each by another way. */
const questions = ['', 'kind=account', 'amount>=0', 'kind=account&sort(-amount)', 'amount>=0|kind=account']

async function two(tx: Within<Bank>, chance: Random): Promise<[Account, Account]> {
  const all = (await drain(tx.query(), chance)).map(({ id, kind, amount }): Account => ({ id, kind, amount }))
  const from = chance.below(all.length)
  return [all[from] as Account, all[(from + 1 + chance.below(all.length - 1)) % all.length] as Account]
}

async function unlessRegretted(change: Promise<void>, chance: Random): Promise<void> {
  await change
  await pause(chance)
  if (chance.chance(0.07)) throw changedMind
}

function verdictOf([reason]: readonly string[]): Verdict {
  return reason === undefined ? { verdict: 'right' } : { verdict: 'wrong', reason }
}
