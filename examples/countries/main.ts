/** Links on real data: 250 countries, their languages and 135,000 cities in one SQLite file. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { heading, report } from '../cities/report.js'
import { world } from './countries.js'
import { worldDatabase } from './database.js'
import { load } from './load.js'
import { questions } from './questions.js'

const folder = await mkdtemp(join(tmpdir(), 'holdfast-countries-'))
const stopped = new AbortController()
process.once('SIGINT', () => stopped.abort(new Error('stopped by Ctrl-C; nothing of the transaction is kept')))

try {
  heading('SQLite: countries, languages and cities in one transaction')
  const db = worldDatabase(join(folder, 'world.db'))
  await load(db, world(), { signal: stopped.signal })

  heading('Questions about what belongs together')
  report(await questions(db))
  await db.close()
} catch (error) {
  console.error(`\n${(error as Error).message}`)
  process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}
