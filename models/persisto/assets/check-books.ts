import type { Books } from './books.js'
import type { Account } from './page.js'
import type { Balance } from './types.js'

/** Adds the whole journal up, and compares it with all accounts. To be asked while nothing is written. */
export async function checkBooks({ state, entry, accounts, toDecimal }: Books): Promise<Balance> {
  const problems: string[] = []
  const { supply, entries } = await state()
  const sums = new Map<string, bigint>()
  for (let number = 1; number <= entries; number++) {
    const found = await entry(number)
    if (!found) problems.push(`entry ${number} is missing`)
    for (const { account, balance, amount } of found?.lines ?? []) {
      const place = `${account} ${balance}`
      sums.set(place, (sums.get(place) ?? 0n) + amount)
    }
    if (found?.lines.reduce((sum, { amount }) => sum + amount, 0n))
      problems.push(`entry ${number} does not add up to nothing`)
  }
  let [total, issued, count] = [0n, 0n, 0]
  for await (const account of accounts()) {
    count++
    for (const balance of ['available', 'locked'] as const) {
      const place = `${account.account} ${balance}`
      if (account[balance] !== (sums.get(place) ?? 0n))
        problems.push(`${place} is ${toDecimal(account[balance])}, by the journal ${toDecimal(sums.get(place) ?? 0n)}`)
      sums.delete(place)
    }
    if (isIssuer(account)) issued = -account.available
    else if (account.available < 0n || account.locked < 0n) problems.push(`${account.account} owes`)
    if (!isIssuer(account)) total += account.available + account.locked
  }
  for (const [place, sum] of sums)
    if (sum !== 0n) problems.push(`${place} has ${toDecimal(sum)} by the journal, and no account`)
  if (total !== supply) problems.push(`the accounts have ${toDecimal(total)}, of ${toDecimal(supply)} points`)
  if (issued !== supply) problems.push(`${toDecimal(issued)} points were issued, of ${toDecimal(supply)}`)
  return {
    balanced: problems.length === 0,
    supply: toDecimal(supply),
    total: toDecimal(total),
    entries,
    accounts: count,
    problems,
  }
}

const isIssuer = ({ account }: Account) => account === 'issued'
