/** What a crash has left behind: journals, transactions in doubt, temporary files. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Coordinator } from '../../lib/store.js'
import { folder } from '../../stores/directory/folder.js'
import { readIntent } from '../../stores/directory/intent.js'
import { isTemporary } from '../../stores/files/durable-replace.js'
import { holderOf } from '../../stores/files/exclusive-now.js'
import { nodeFileSystem } from '../../stores/files/file-system.js'
import { readJournal } from '../../stores/json-file/read-journal.js'
import { readLogFile } from '../../stores/transaction-log/open-log.js'
import type { Place } from '../places/place.js'
import type { Finding } from './finding.js'

const next = 'the next program that opens it to write finishes that by itself'

export async function* leftIn(path: string, place: Place): AsyncGenerator<Finding> {
  if (!existsSync(path) && !existsSync(`${path}.journal`)) {
    yield { level: 'bad', about: 'store', text: `there is nothing at ${path}`, remedy: 'check the path' }
    return
  }
  try {
    if (place.kind === 'file') yield* besideFile(path)
    else if (place.kind === 'dir') yield* inFolder(path)
    else if (place.kind === 'sqlite') yield* inDatabase(path)
    yield* strays(place.kind === 'dir' ? path : dirname(path), place.kind === 'dir' ? '' : basename(path))
  } catch (error) {
    yield { level: 'bad', about: 'store', text: (error as Error).message, remedy: 'holdfast check says more' }
  }
}

async function* besideFile(path: string): AsyncGenerator<Finding> {
  const name = `${path}.journal`
  if (!existsSync(name)) return yield { level: 'good', about: 'store', text: `${path} is as it was closed` }
  const { sets, inDoubt } = readJournal(readFileSync(name), name)
  const remedy = holderOf(path) === undefined ? next : 'that is usual while it is open'
  const text = `${name} holds ${sets.length} changes that are not in the file yet`
  yield { level: 'note', about: 'journal', text, remedy: `never delete it: ${remedy}` }
  if (inDoubt) yield await doubt(path, inDoubt.coordinator)
}

async function* inFolder(path: string): AsyncGenerator<Finding> {
  const intent = await readIntent(folder({ fileSystem: nodeFileSystem, path, idProperty: 'id', maxFile: 2 ** 29 - 24 }))
  if (!intent) return yield { level: 'good', about: 'store', text: `${path} is as it was closed` }
  const text = `a transaction over ${intent.fates.length} objects of ${path} was begun`
  yield { level: 'note', about: 'journal', text, remedy: next }
  if (intent.coordinator) yield await doubt(path, intent.coordinator)
}

async function* inDatabase(path: string): AsyncGenerator<Finding> {
  const { connect } = await import('../../stores/sqlite/connection.js')
  const connection = connect(path, { readonly: true })
  let found: [id: string, log: string][] = []
  try {
    const table = connection.get(`SELECT 1 FROM sqlite_schema WHERE name = 'holdfast_in_doubt'`)
    if (table !== undefined) found = connection.all('SELECT id, log FROM holdfast_in_doubt') as [string, string][]
  } finally {
    connection.close()
  }
  if (found.length === 0) yield { level: 'good', about: 'store', text: `${path} has nothing in doubt` }
  for (const [id, log] of found) yield await doubt(path, { id, log })
}

/** A transaction over several stores: the log knows how it ended. */
async function doubt(path: string, { id, log }: Coordinator): Promise<Finding> {
  const about = 'in doubt'
  const text = `transaction ${id} in ${path}`
  if (holderOf(log) !== undefined) return { level: 'note', about, text: `${text} is under way`, remedy: 'wait for it' }
  if (!existsSync(log)) {
    return {
      level: 'bad',
      about,
      text: `${text}: its log ${log} is not there`,
      remedy: 'put it back: only it says what was decided',
    }
  }
  const { committed } = await readLogFile(nodeFileSystem, log, true)
  return {
    level: 'note',
    about,
    text: `${text} is to ${committed.has(id) ? 'commit' : 'be undone'}, says ${log}`,
    remedy: next,
  }
}

function* strays(place: string, start: string): Generator<Finding> {
  const found = readdirSync(place).filter(name => isTemporary(name) && name.includes(start))
  if (found.length === 0) return
  const size = found.reduce((sum, name) => sum + (statSync(join(place, name), { throwIfNoEntry: false })?.size ?? 0), 0)
  yield {
    level: 'note',
    about: 'temporary',
    text: `${found.length} files of ${size} bytes in ${place} were left by a crash`,
    remedy: next,
  }
}
