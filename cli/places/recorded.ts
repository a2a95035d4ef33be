/** The history of a store that the command writes to: a log beside it. Where there is one, all that the command writes is recorded. */
import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import type { Store } from '../../lib/store.js'
import type { History } from '../../wrappers/history.js'
import type { Given } from '../command.js'
import { Failure } from '../failure.js'
import type { World } from '../world.js'
import { type Opened, type OpenOptions, open } from './open.js'
import { addressOf, type Place, placeOf } from './place.js'

export interface Recorded extends Opened {
  /** There if the store has a log. */
  readonly past: Pick<History<Record<string, unknown>, string | number>, 'undo' | 'redo'> | undefined
}

/** Where the log of a store lies, if it has one: what was said, or beside it. */
export function logPlaceOf(world: World, place: Place, { log }: Given['options'] = {}): Place | undefined {
  if (typeof log === 'string') return placeOf(world, log)
  switch (place.kind) {
    case 'dir':
      return { kind: 'dir', path: `${place.path}.history` }
    case 'file':
      return { kind: 'file', path: `${place.path.replace(/\.json$/, '')}.history.json` }
    case 'sqlite':
      return { ...place, table: `${place.table}_history` }
    default:
      return undefined
  }
}

export async function isKept(log: Place | undefined): Promise<boolean> {
  if (!log || !('path' in log)) return false
  if (!existsSync(log.path)) return log.kind === 'file' && existsSync(`${log.path}.journal`)
  if (log.kind !== 'sqlite') return true
  const { tablesIn } = await import('./table.js')
  return tablesIn(log.path).includes(log.table as string)
}

/** Opens a store to write to it, within its history if it has one or is to have one. */
export async function openRecorded(world: World, address: string, options: OpenOptions = {}): Promise<Recorded> {
  const opened = await open(world, address, { ...options, write: true })
  try {
    const log = logPlaceOf(world, opened.place, options.options)
    const wanted = options.options?.log !== undefined || options.options?.history === true
    if (!log && wanted) throw new Failure(2, `${address} can have no history here`, 'name a log with --log')
    if (!log || !(wanted || (await isKept(log)))) return { ...opened, past: undefined }
    return await recording(world, opened, log, options)
  } catch (error) {
    await opened.close()
    throw error
  }
}

async function recording(world: World, opened: Opened, place: Place, { options = {} }: OpenOptions): Promise<Recorded> {
  const { history } = await import('../../wrappers/history.js')
  const log = await open(world, addressOf(place), { write: true, create: true })
  const store = history(opened.store, {
    log: log.store,
    idProperty: opened.idProperty,
    actor: () => (options.actor as string | undefined) ?? userInfo().username,
    reason: () => options.reason as string | undefined,
    ...(await coordinating(opened.place)),
  })
  return {
    ...opened,
    addAll: undefined,
    store: store as Store,
    past: store as never,
    close: async () => store.close?.(),
  }
}

/** Two files commit together by a third that says so; the tables of one database do by themselves. */
async function coordinating(place: Place) {
  if (place.kind !== 'dir' && place.kind !== 'file') return {}
  const { transactionLog } = await import('../../stores/transaction-log.js')
  return { coordinator: transactionLog({ path: `${place.path}.transactions` }) }
}

export async function withRecorded<R>(
  world: World,
  address: string,
  options: OpenOptions,
  work: (opened: Recorded) => Promise<R>,
): Promise<R> {
  const opened = await openRecorded(world, address, options)
  try {
    return await work(opened)
  } finally {
    await opened.close()
  }
}
