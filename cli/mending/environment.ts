import { createRequire } from 'node:module'
import { arch, platform, release } from 'node:os'
import { version } from '../version.js'
import type { Finding } from './finding.js'

/** What runs, and on what. */
export function* environment(): Generator<Finding> {
  yield { level: 'good', about: 'holdfast', text: version() }
  yield node(process.versions.node)
  yield { level: 'good', about: 'system', text: `${platform()} ${release()} ${arch()}` }
  yield driver()
}

function node(found: string): Finding {
  const [major = 0, minor = 0] = found.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return { level: 'good', about: 'node', text: found }
  return { level: 'bad', about: 'node', text: `${found} is too old`, remedy: 'install 20.19 or newer' }
}

/** The optional peer: it may be missing, but if it is there it should work. */
function driver(): Finding {
  const about = 'better-sqlite3'
  const load = createRequire(import.meta.url)
  try {
    const Database = load(about)
    const database = new Database(':memory:')
    const [[sqlite]] = database.prepare('SELECT sqlite_version()').raw().all()
    database.close()
    const { version: found } = load(`${about}/package.json`) as { version: string }
    if (/^12\./.test(found)) return { level: 'good', about, text: `${found}, with SQLite ${sqlite}` }
    return {
      level: 'note',
      about,
      text: `${found} is not the version that is tested`,
      remedy: 'npm i better-sqlite3@^12',
    }
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND'
    if (missing)
      return { level: 'note', about, text: 'is not installed', remedy: 'for sqlite: npm i better-sqlite3@^12' }
    return {
      level: 'bad',
      about,
      text: `does not load: ${(error as Error).message}`,
      remedy: 'npm rebuild better-sqlite3',
    }
  }
}
