/** What happened in a directory of live objects, looked at from another program. */
import { existsSync, watch } from 'node:fs'
import { join } from 'node:path'
import { StoreError } from '../../lib/errors.js'
import { toKey } from '../../lib/id.js'
import type { Data, Id, Options } from '../../lib/store.js'
import { directory } from '../../stores/directory.js'
import { jsonFile } from '../../stores/json-file.js'
import { live } from '../live.js'
import type { LiveChange } from './change.js'
import { changesProperty, keyProperty, type Printed, take } from './inline.js'
import { type About, about, fromEntry } from './log.js'
import { files } from './open.js'

export type { LiveChange } from './change.js'
export { type RenderOptions, renderChange } from './render.js'

export interface ReadChangesOptions extends Options {
  /** Of the object that has, or had, this key. */
  readonly key?: Id | undefined
  /** What came after the change with this sequence. */
  readonly since?: number | undefined
  /** The last so many. */
  readonly limit?: number | undefined
}

export interface FollowChangesOptions extends Options {
  /** First what came after the change with this sequence; else only what comes from now on. */
  readonly since?: number | undefined
}

export interface UndoKeyOptions {
  readonly steps?: number | undefined
  /** Does again what was undone. */
  readonly redo?: boolean | undefined
  readonly actor?: string | undefined
}

/**
 * The changes that a live store has kept in a directory, the oldest first. Touches nothing, also while a program has the
 * directory open. Where each file has its own history, their order is that of their dates.
 */
export async function readChanges(
  path: string,
  { key, since = 0, limit = Infinity, signal }: ReadChangesOptions = {},
): Promise<LiveChange[]> {
  signal?.throwIfAborted()
  const all = hasLog(path) ? (await readLog(path)).changes : await readInline(path)
  const named = key === undefined ? undefined : toKey(key)
  const found = all.filter(
    change => change.sequence > since && (named === undefined || change.key === named || change.renamed === named),
  )
  return limit === Infinity ? found : found.slice(Math.max(0, found.length - limit))
}

/** The same as they happen, whoever makes them, until the signal. */
export async function* followChanges(
  path: string,
  { since, signal }: FollowChangesOptions = {},
): AsyncGenerator<LiveChange, undefined> {
  let noticed = true
  let wake = () => {}
  const notice = () => {
    noticed = true
    wake()
  }
  const watcher = watch(path, notice)
  watcher.on('error', notice)
  signal?.addEventListener('abort', notice, { once: true })
  try {
    // a log has one order for all, files with a history of their own have one each
    const place = ({ key }: LiveChange) => (hasLog(path) ? '' : key)
    const reached = new Map<Id, number>()
    const known = since === undefined ? await readChanges(path) : []
    for (const change of known) reached.set(place(change), change.sequence)
    while (!signal?.aborted) {
      if (!noticed) {
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
      noticed = false
      // half written: the rest will be noticed as well
      for (const change of await readChanges(path).catch(() => [])) {
        if (change.sequence <= (reached.get(place(change)) ?? since ?? 0)) continue
        reached.set(place(change), change.sequence)
        yield change
      }
    }
  } finally {
    watcher.close()
  }
  return undefined
}

/**
 * Undoes the last changes of an object in a directory, of one that is deleted too, and saves it. Gives how many there were. An
 * `InvalidStateError` if another process has the directory open, a `NotFoundError` if nothing is known of the key.
 */
export async function undoKey(
  path: string,
  key: Id,
  { steps = 1, redo = false, actor }: UndoKeyOptions = {},
): Promise<number> {
  const { idProperty = keyProperty } = hasLog(path) ? await readLog(path) : {}
  const store = await live(Object, path, {
    key: (idProperty === keyProperty ? () => key : idProperty) as never,
    history: hasLog(path) ? true : 'inline',
    load: 'lazy',
    actor: () => actor,
  })
  try {
    if ((await store.changes(key)).length === 0) {
      throw new StoreError('NotFoundError', `nothing is known of ${key} in ${path}`, { id: key })
    }
    const turned = await (redo ? store.redo(key, steps) : store.undo(key, steps))
    await store.flush()
    return turned
  } finally {
    await store.close()
  }
}

function hasLog(path: string): boolean {
  return [files.log, `${files.log}.journal`].some(name => existsSync(join(path, name)))
}

async function readLog(path: string): Promise<{ changes: LiveChange[]; idProperty?: string }> {
  const log = await jsonFile<Data, number>({ path: join(path, files.log), readonly: true })
  const entries = [...log.query()]
  await log.close()
  const known = entries.find(({ id }) => id === about) as About | undefined
  return {
    changes: entries.filter(({ id }) => id !== about).map(entry => fromEntry(entry as never)),
    ...(known && { idProperty: known.idProperty }),
  }
}

async function readInline(path: string): Promise<LiveChange[]> {
  const store = await directory<Data>({ path, idProperty: keyProperty, keep: 'none', readonly: true })
  const found: LiveChange[] = []
  for await (const { [changesProperty]: changes } of store.query()) {
    if (Array.isArray(changes)) found.push(...changes.map((each, at) => take(each as Printed, at + 1)))
  }
  await store.close()
  return found.sort((a, b) => a.date.getTime() - b.date.getTime())
}
