import { checkKey, taken } from './datastore/document.js'
import { DatastoreEngine } from './datastore/engine.js'
import { assertion, coded, isConflict } from './datastore/error.js'
import type { DatastoreEngineOptions } from './datastore/loading.js'
import { type Locking, LockingQueue, locked } from './datastore/locking-queue.js'
import type {
  AnyDocuments,
  ConsistencyOptions,
  DeleteItemOptions,
  DocumentChange,
  DocumentOf,
  Draft,
  KeyOf,
  LoadError,
  Saved,
  SubscribeItemsOptions,
  View,
} from './datastore/types.js'

export { DatastoreEngine } from './datastore/engine.js'
export { DatastoreError } from './datastore/error.js'
export type { DatastoreEngineOptions } from './datastore/loading.js'
export { type Locking, LockingQueue } from './datastore/locking-queue.js'
export type * from './datastore/types.js'

/** An engine as a datastore uses it. */
export type Engine<Documents extends object = AnyDocuments> = {
  readonly [M in keyof DatastoreEngine<Documents>]: DatastoreEngine<Documents>[M]
}

interface LockingSettings {
  /** What lets one writer of a key in at a time: a `LockingQueue` by default; with `null`, nothing. */
  readonly lockingQueue?: Locking | null | undefined
}
interface EngineGiven<Documents extends object> {
  /** An engine of your own. */
  readonly engine?: Engine<Documents> | undefined
  /** The same. */
  readonly db?: Engine<Documents> | undefined
  readonly directory?: undefined
  readonly store?: undefined
}

export type DatastoreOptions<Documents extends object = AnyDocuments> = LockingSettings &
  (DatastoreEngineOptions | EngineGiven<Documents>)

type Update<D extends object> = (document: Saved<D> | null) => Draft<D> | Promise<Draft<D>>

/** How often an update is done anew because other processes were faster. */
const tries = 1000

/**
 * Documents with revisions, each in a readable file of a directory, in memory for as long as it is open, with views. Writes of one
 * document come one after the other; an error with the code `'CONFLICT'` says that somebody else has written since a document
 * was read. Its type parameter tells the documents by their keys: ``new Datastore<{ [key: `user:${string}`]: User }>(…)``.
 */
export class Datastore<Documents extends object = AnyDocuments> {
  /** The engine. */
  readonly _db: Engine<Documents>
  /** The keys of a range, page by page, in the order of their code points. */
  readonly queryKeys: Engine<Documents>['queryKeys']
  /** The rows of a view, page by page: in the order of their keys, then of the documents' keys, then as they were emitted. */
  readonly queryView: Engine<Documents>['queryView']
  readonly #locking: Locking | null

  constructor(options: DatastoreOptions<Documents>) {
    const { lockingQueue = new LockingQueue(), ...others } = options ?? {}
    const { engine, db = engine } = others as EngineGiven<Documents>
    this.#locking = lockingQueue
    this._db = db ?? new DatastoreEngine<Documents>(others as DatastoreEngineOptions)
    this.queryKeys = this._db.queryKeys.bind(this._db) as Engine<Documents>['queryKeys']
    this.queryView = this._db.queryView.bind(this._db) as Engine<Documents>['queryView']
  }

  /** Opens the directory, which is made if it is not there, and reads all files unless the options say otherwise. */
  async load(): Promise<this> {
    await this._db.load()
    return this
  }

  /** The files that could not be served when it was loaded. */
  get loadErrors(): readonly LoadError[] {
    return this._db.loadErrors
  }

  /** The document under a key, as a fresh copy, or `null`. */
  getItem<K extends KeyOf<Documents>>(key: K): Promise<Saved<DocumentOf<Documents, K>> | null> {
    return this._db.getItem(key)
  }

  /** The documents under these keys, of one moment and in their order, each a fresh copy or `null`. */
  getItems<K extends KeyOf<Documents>>(keys: Iterable<K>): Promise<(Saved<DocumentOf<Documents, K>> | null)[]> {
    return this._db.getItems(keys)
  }

  hasItem(key: KeyOf<Documents>): Promise<boolean> {
    return this._db.hasItem(key)
  }

  /**
   * Stores a document, over what is there only if its `_rev` is that of what is there: else a conflict. Resolves when it lasts,
   * to the document as it is stored.
   */
  async setItem<K extends KeyOf<Documents>>(
    key: K,
    document: Draft<DocumentOf<Documents, K>>,
    options?: ConsistencyOptions,
  ): Promise<Saved<DocumentOf<Documents, K>>> {
    const { document: own, revision: _rev } = taken(checkKey(key), document)
    return locked(this.#locking, [key], () =>
      this._db.setItem(key, { ...own, _rev } as Draft<DocumentOf<Documents, K>>, options),
    )
  }

  /** Stores several documents, all of them or none. Gives them as they are stored, in their order. */
  async setItems<K extends KeyOf<Documents>>(
    items: Iterable<readonly [key: K, document: Draft<DocumentOf<Documents, K>>]>,
    options?: ConsistencyOptions,
  ): Promise<Saved<DocumentOf<Documents, K>>[]> {
    const all = await coded(() => [...items])
    const keys = all.map(([key]) => checkKey(key))
    return locked(this.#locking, keys, () => this._db.setItems(all, options))
  }

  /**
   * Stores what the function makes of a document, or of `null` where there is none. It may take its time: whoever writes to this
   * key waits, so inside it write to other keys only. Where another process was faster it is called again with what that wrote.
   */
  async updateItem<K extends KeyOf<Documents>>(
    key: K,
    update: Update<DocumentOf<Documents, K>>,
    options?: ConsistencyOptions,
  ): Promise<Saved<DocumentOf<Documents, K>>> {
    checkKey(key)
    if (typeof update !== 'function') throw assertion('an update is a function', { id: key })
    return locked(this.#locking, [key], async () => {
      for (let left = tries; ; left--) {
        const current = await this._db.getItem(key)
        const before = current?._rev
        const { document, revision: _rev = before } = taken(key, await update(current))
        try {
          return await this._db.setItem(key, { ...document, _rev } as Draft<DocumentOf<Documents, K>>, options)
        } catch (error) {
          if (left === 0 || !isConflict(error) || _rev !== before) throw error
        }
      }
    })
  }

  /** Removes a document, if it is there; with `_rev`, only at that revision: else a conflict. Gives the key. */
  async deleteItem<K extends KeyOf<Documents>>(key: K, options?: DeleteItemOptions): Promise<K> {
    return locked(this.#locking, [checkKey(key)], () => this._db.deleteItem(key, options))
  }

  /** Registers a view, in place of one of that name. It is made when it is first asked for, and then kept up. */
  setView(name: string, view: View<DocumentOf<Documents>>): void {
    this._db.setView(name, view)
  }

  hasView(name: string): boolean {
    return this._db.hasView(name)
  }

  /** The changes from now on, by whomever, of a range of keys or of all. Before it has loaded, those from then on. */
  subscribe(options?: SubscribeItemsOptions): AsyncIterable<DocumentChange<DocumentOf<Documents>>> {
    return this._db.subscribe(options)
  }

  /** Forgets what is left of deleted documents, whose revisions then begin at 0 again. Gives how many there were. */
  compact(): Promise<number> {
    return this._db.compact()
  }

  /** Writes the documents of this moment into a directory that holds none, from which a datastore can be loaded. */
  backup(path: string): Promise<void> {
    return this._db.backup(path)
  }

  /** Ends it, when the writes that are under way are done. Closing twice is harmless. */
  close(): Promise<void> {
    return this._db.close()
  }
}
