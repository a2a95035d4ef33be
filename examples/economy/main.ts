/**
 * A small economy: 1,000 accounts, 10,000 random transfers, 64 at once, on the default store; then the books are added up, and the
 * audit log is verified. `--once` is for tests: a tenth of it.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { persisto } from 'holdfast/models/persisto'
import { toUnits } from 'holdfast/models/persisto/assets'
import { audit } from 'holdfast/models/persisto/audit'
import { report } from './report.js'
import { settled } from './settled.js'

const size = process.argv.includes('--once') ? 100 : 1000
const folder = await mkdtemp(join(tmpdir(), 'holdfast-economy-'))
const supply = 1000 * size

try {
  const log = await audit({ path: join(folder, 'audit') })
  const db = await persisto({ path: join(folder, 'data'), logger: log, assets: { account: { owner: 'string' } } })

  await db.mintPoints(supply, 'all that there will ever be')
  const accounts = await Promise.all(
    Array.from({ length: size }, (_, at) => db.createAccount({ owner: `owner ${at}` })),
  )
  await Promise.all(accounts.map(({ id }) => db.rewardUser(id, 1000, 'a start')))

  const any = () => accounts[Math.floor(Math.random() * size)]?.id ?? 'system'
  const began = performance.now()
  const { done, refused } = await settled(10 * size, 64, () =>
    db.transferPoints((Math.random() * 500 + 0.01).toFixed(2), any(), any(), 'trade'),
  )
  const seconds = (performance.now() - began) / 1000

  const balances = await Promise.all(accounts.map(({ id }) => db.getBalance(id)))
  const books = await db.checkBooks()
  const checked = await log.verify()
  report({ accounts: size, done, refused, seconds, balances, books, checked })

  const sum = balances.reduce((sum, balance) => sum + toUnits(balance, 6), 0n)
  if (!books.balanced || !checked.ok || sum !== toUnits(supply, 6)) throw new Error('the books do not balance')
  await db.shutDown()
} finally {
  await rm(folder, { recursive: true, force: true })
}
