/** Random operations on points, many at once, and a program that does them until it is killed: `economy.ts folder round`. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Audit, audit } from '../../../models/persisto/audit.js'
import { directories, type Persisto, persisto, type Strategy } from '../../../models/persisto.js'
import { type Random, random } from '../../oracle/random.js'

const config = { assets: { agent: ['name'] } } as const
export type Economy = Persisto<typeof config>

export const supply = 1_000_000

interface Opened {
  readonly db: Economy
  readonly log: Audit
}

/** An economy in a folder, with its audit log beside it. */
export async function economyIn(
  path: string,
  strategy: Strategy = directories({ path: join(path, 'data') }),
): Promise<Opened> {
  const log = await audit({ path: join(path, 'audit') })
  const db = await persisto({ ...config, strategy, log: join(path, 'log'), logger: log })
  return { db, log }
}

/** Opens accounts and gives each the same. */
export async function begin(db: Economy, count: number): Promise<string[]> {
  await db.mintPoints(supply, 'all there is', { operation: 'mint' })
  const agents = await Promise.all(Array.from({ length: count }, (_, at) => db.createAgent({ name: `agent ${at}` })))
  await Promise.all(
    agents.map(({ id }) => db.rewardUser(id, supply / count / 2, 'a start', { operation: `start ${id}` })),
  )
  return agents.map(({ id }) => id)
}

/** One operation, which is often more than there is. */
export function operation(
  db: Economy,
  agents: readonly string[],
  { pick, below, next }: Random,
): (id: string) => Promise<unknown> {
  const [from, to] = [pick(agents), pick(agents)]
  const amount = (next() * 500 + 0.000001).toFixed(6)
  const kind = below(12)
  return operation => {
    const last = ['at random', { operation }] as const
    if (kind < 6) return db.transferPoints(amount, from, to, ...last)
    if (kind === 6) return db.lockPoints(from, amount, ...last)
    if (kind === 7) return db.unlockPoints(from, amount, ...last)
    if (kind === 8) return db.transferLockedPoints(amount, from, to, ...last)
    if (kind === 9) return db.confiscateLockedPoints(from, amount, ...last)
    if (kind === 10) return db.rewardUser(to, amount, ...last)
    return db.transferPoints(amount, from, 'nobody', ...last)
  }
}

/** Does the work so many times, `width` at once. */
export async function atOnce(count: number, width: number, work: (at: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: width }, worker))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , path, round] = process.argv as unknown as [string, string, string, string]
  const { db } = await economyIn(path)
  const known = await db.getEveryAgent()
  const agents = known.length > 0 ? known : await begin(db, 20)
  const chance = random(Number(round) + 1)
  process.stdout.write('begun\n')
  await atOnce(Number.POSITIVE_INFINITY, 32, async at => {
    const id = `${round} ${at}`
    const done = await operation(
      db,
      agents,
      chance,
    )(id).then(
      () => 'done',
      () => 'refused',
    )
    process.stdout.write(`${done} ${id}\n`)
  })
}
