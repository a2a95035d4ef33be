/**
 * The main job on real data: 135,000 cities into an SQLite-backed model, questions to it, and the same on a JSON file. Then the
 * cities are served, read-only, until Ctrl-C; `--once` stops before.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jsonFile } from 'holdfast/stores/json-file'
import { sqlite } from 'holdfast/stores/sqlite'
import { cities } from './cities.js'
import { load } from './load.js'
import { cityModel } from './model.js'
import { questions } from './questions.js'
import { heading, report } from './report.js'
import { serveCities } from './serve.js'
import { tenLines } from './ten-lines.js'

const folder = await mkdtemp(join(tmpdir(), 'holdfast-cities-'))
const stopped = new AbortController()
process.once('SIGINT', () => stopped.abort(new Error('stopped by Ctrl-C; nothing of the transaction is kept')))

try {
  heading('SQLite: all cities in one transaction')
  const City = cityModel(sqlite({ path: join(folder, 'cities.db'), table: 'cities' }))
  await load(City, cities(), { signal: stopped.signal })

  heading('Questions, in RQL')
  report(await questions(City))

  heading('The same ten lines against a JSON file')
  const file = await jsonFile({ path: join(folder, 'cities.json') })
  report(await tenLines(file))
  await file.close()

  if (!process.argv.includes('--once')) await serveCities(City, stopped.signal)
  await City.close()
} catch (error) {
  console.error(`\n${(error as Error).message}`)
  process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}
