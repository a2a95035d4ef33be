/** A program that makes objects beside others: `creator.ts folder kind count`. */
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { directories, persisto } from '../../../models/persisto.js'
import { sqlite } from '../../../stores/sqlite.js'

export type Kind = 'directories' | 'sqlite'

/** A Persisto that several processes may open. */
export async function shared(path: string, kind: Kind) {
  const strategy =
    kind === 'sqlite'
      ? (name: string) => sqlite({ path: join(path, 'app.db'), table: name, shared: true, durability: 'relaxed' })
      : directories({ path: join(path, 'data'), shared: true, durability: 'relaxed' })
  return persisto({
    strategy,
    log: join(path, 'log'),
    types: { user: { email: 'string' } },
    indexes: { user: ['email'] },
    assets: { agent: ['name'] },
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , path, kind, count] = process.argv as unknown as [string, string, string, Kind, string]
  const db = await shared(path, kind)
  const [first, second] = (await db.getEveryAgent()) as [string, string]
  for (let at = 0; at < Number(count); at++) {
    const { id } = await db.createUser({ email: `${process.pid}.${at}` })
    const taken = await db.createUser({ email: `taken ${at}` }).then(
      () => 'made',
      () => 'refused',
    )
    await db.transferPoints(1, first, second)
    writeSync(1, `${id} ${taken}\n`)
  }
  await db.shutDown()
}
