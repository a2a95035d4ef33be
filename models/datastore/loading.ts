import { StoreError } from '../../lib/errors.js'
import type { Id, MaybePromise, Store } from '../../lib/store.js'
import { describe } from '../../lib/value.js'
import type { Problem } from '../../stores/directory.js'
import { revisions } from '../../wrappers/revisions.js'
import { revisionProperty, type Stored } from './document.js'
import { assertion, coded, DatastoreError } from './error.js'
import { type DirectorySettings, directorySource, isLazy, type Source, storeSource } from './source.js'
import type { LoadError, Logger } from './types.js'

interface EngineSettings {
  /** Loading fails if a file cannot be served, in place of going on without it. */
  readonly strict?: boolean | undefined
  /** Is told of files that are not served. */
  readonly logger?: Logger | undefined
}

interface StoreSettings {
  /** Where the documents are kept: any store that can be written to, has transactions and can be subscribed to. */
  readonly store: Store
  readonly directory?: undefined
  readonly fileSystem?: undefined
}

export type DatastoreEngineOptions = EngineSettings &
  ((DirectorySettings & { readonly store?: undefined }) | StoreSettings)

export type Base = Required<Store<Stored, Id>> & { revision(id: Id): MaybePromise<number | undefined> }

/** What an engine works on when it has loaded. */
export interface Loaded {
  readonly source: Source
  readonly base: Base
}

export interface Loading {
  /** What is loaded, if it is, and not closed. */
  readonly now: Loaded | undefined
  /** Loads, if nobody has. Where that fails it can be tried again. */
  ready(): Promise<Loaded>
  readonly errors: readonly LoadError[]
  close(): Promise<void>
}

export function loading(options: DatastoreEngineOptions): Loading {
  const { directory, store } = options ?? {}
  if (store === undefined && (typeof directory !== 'string' || directory === '')) {
    throw assertion(`a datastore needs a directory, which is a path and not ${describe(directory)}`)
  }
  let now: Loaded | undefined
  let errors: readonly LoadError[] = []
  let attempt: Promise<Loaded> | undefined
  let open = true

  async function load(): Promise<Loaded> {
    const source = options.store ? storeSource(options.store) : await directorySource(options)
    try {
      if (options.strict || options.store || !isLazy(options)) errors = (await source.problems()).map(errorOf)
      report(errors, options)
      const base = revisions(source.store, { property: revisionProperty }) as unknown as Base
      now = { source, base }
      return now
    } catch (error) {
      await source.store.close?.()
      throw error
    }
  }

  return {
    get now() {
      return open ? now : undefined
    },
    get errors() {
      return errors
    },
    ready() {
      if (!open) return Promise.reject(closed())
      attempt ??= coded(load).catch(error => {
        attempt = undefined
        throw error
      })
      return attempt
    },
    async close() {
      open = false
      const loaded = await attempt?.catch(() => undefined)
      await loaded?.base.close()
    },
  }
}

function errorOf({ name, id, error }: Problem): LoadError {
  return { name, ...(id !== undefined && { key: String(id) }), error }
}

function report(errors: readonly LoadError[], { strict = false, logger }: EngineSettings): void {
  for (const { name, error } of errors) logger?.warn?.(`${name} is not served: ${error.message}`, { name, error })
  const [first] = errors
  if (!strict || !first) return
  const names = errors.map(({ name }) => name).join(', ')
  throw new StoreError('CorruptError', `${names} cannot be served: ${first.error.message}`, { cause: first.error })
}

function closed(): DatastoreError {
  return new DatastoreError('InvalidStateError', 'the datastore is closed', { code: 'InvalidStateError' })
}
