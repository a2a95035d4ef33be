import type { Balance } from 'holdfast/models/persisto/assets'
import type { AuditReport } from 'holdfast/models/persisto/audit'

export interface Result {
  readonly accounts: number
  readonly done: number
  readonly refused: number
  readonly seconds: number
  /** As decimals. */
  readonly balances: readonly string[]
  readonly books: Balance
  readonly checked: AuditReport
}

export function report({ accounts, done, refused, seconds, balances, books, checked }: Result): void {
  const sorted = balances.map(Number).sort((a, b) => a - b)
  const rows = [
    ['accounts', `${accounts}`],
    ['transfers', `${done} done, ${refused} refused, as there was not so much`],
    ['a second', `${Math.round((done + refused) / seconds)}, each lasting before it is acknowledged`],
    ['richest, poorest', `${sorted.at(-1)}, ${sorted[0]}`],
    ['journal', `${books.entries} entries`],
    [
      'points',
      `${books.total} of ${books.supply}: ${books.balanced ? 'the books balance' : books.problems.join('; ')}`,
    ],
    ['audit log', `${checked.lines} lines, ${checked.ok ? 'verified' : `${checked.problems.length} problems`}`],
  ]
  for (const [name = '', value] of rows) console.log(name.padEnd(18), value)
}
