import { randomBytes } from 'node:crypto'
import { StoreError } from '../../lib/errors.js'
import type { Feed } from '../../lib/feed.js'
import type { IdentityOptions } from '../../lib/identity.js'
import type { Id, Options, Store } from '../../lib/store.js'
import { isPromise } from '../../lib/when.js'
import { fileError } from '../files/file-error.js'
import type { IndexDefinition } from '../table/index.js'
import { readonlyTable } from '../table/readonly.js'
import { type TableStore, tableStore } from '../table/store.js'
import { type Access, alone, beside, type Parts, together } from './access.js'
import { type FolderOptions, folder } from './folder.js'
import { loading } from './loading.js'
import { type Problem, problemsOf } from './problems.js'
import { residentTable } from './resident-table.js'
import { token } from './token.js'
import { watching } from './watching.js'
import { writing } from './writing.js'

export interface BeginOptions<T extends object> extends FolderOptions, IdentityOptions {
  readonly idProperty: string
  readonly max: number
  readonly changes: Feed<T, Id>
  readonly load?: 'lazy' | 'all' | undefined
  readonly watch?: boolean | undefined
  readonly shared?: boolean | undefined
  readonly readonly?: boolean | undefined
  readonly durability?: 'strict' | 'relaxed' | undefined
  readonly indexes?: readonly IndexDefinition[] | undefined
  readonly random?: (() => string) | undefined
  readonly clock?: (() => number) | undefined
}

type Begun<T extends object, K extends Id> = Store<T, K> & {
  problems(options?: Options): Promise<readonly Problem[]>
}

/** Puts the parts of a directory store together. */
export async function beginDirectory<T extends object, K extends Id>(options: BeginOptions<T>): Promise<Begun<T, K>> {
  const { load = 'lazy', indexes = [], readonly = false, shared = false, watch = false } = options
  const { durability, clock = Date.now, changes } = options
  const random = options.random ?? (() => randomBytes(8).toString('hex'))
  const files = folder(options)
  const held = residentTable<T>({ ...options, remember: watch && shared })
  const turn = token(files, random)
  const sync = durability !== 'relaxed'
  const writes = writing<T>({ folder: files, resident: held, sync, random, clock, announce: turn.change })
  const watcher = watching<T>({ folder: files, resident: held, writing: writes, changes })
  const found = watch ? watcher.begin : () => {}
  const parts: Parts<T> = { folder: files, resident: held, writing: writes, token: turn, sync, found }
  const enter: (parts: Parts<T>) => Promise<Access> = readonly ? beside : shared ? together : alone
  const access = await enter(parts).catch(async error => {
    await watcher.end()
    throw fileError(`${files.path} cannot be opened`, error)
  })
  const reads = loading<T>({ folder: files, resident: held, settled: writes.settled })

  /** Does the work in a turn of this process. */
  async function within<R>(work: () => Promise<R>, signal?: AbortSignal): Promise<R> {
    const release = await access.reading?.({ signal })
    try {
      return await work()
    } finally {
      release?.()
    }
  }

  async function begin(): Promise<void> {
    watcher.look(within)
    if (load === 'all' || indexes.length > 0) await reads.load('all')
    for (const each of indexes) held.addIndex(each)
  }

  const store = tableStore<T, K>({
    ...options,
    table: held,
    bring: reads.bring,
    persist: sets => writes.persist(sets).finally(reads.relax),
    prepare: writes.prepare,
    reading: access.reading,
    gate: access.gate,
    closed: async () => writes.settled(),
  })
  let open = true

  async function close(): Promise<void> {
    open = false
    await watcher.end()
    try {
      await store.close()
    } finally {
      // what is unfinished is for whoever opens it next
      writes.reset()
      await access.end()
    }
  }

  try {
    await begin()
  } catch (error) {
    await close()
    throw error
  }
  return Object.freeze<Begun<T, K>>({
    ...(readonly ? readonlyTable(store as TableStore<T, K>) : store),
    setSchema(schema) {
      store.setSchema(schema)
      if (held.indexes.length === 0) return undefined
      const checked = reads.bring(held.check)
      // who does not wait for it is not to fall over it
      if (isPromise(checked)) checked.catch(() => {})
      return checked
    },
    async problems({ signal } = {}) {
      signal?.throwIfAborted()
      if (!open) throw new StoreError('InvalidStateError', 'the store is closed')
      return within(async () => {
        await reads.load('all', signal)
        return problemsOf(files, held)
      }, signal)
    },
    close,
  })
}
