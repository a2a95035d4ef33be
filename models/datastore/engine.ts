import { toKey } from '../../lib/id.js'
import { node } from '../../lib/query/expression.js'
import type { Change, Id, MaybePromise, SubscribeOptions } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { isPromise, when } from '../../lib/when.js'
import { backUp } from './backup.js'
import { changesOf } from './changes.js'
import { checkKey, documentOf, type Stored, taken } from './document.js'
import { assertion, coded, withCode } from './error.js'
import { type DatastoreEngineOptions, type Loaded, type Loading, loading } from './loading.js'
import { pageOf, paging } from './paging.js'
import type {
  AnyDocuments,
  ConsistencyOptions,
  DeleteItemOptions,
  DocumentChange,
  DocumentOf,
  Draft,
  KeyItem,
  KeyOf,
  LoadError,
  PageOptions,
  ReducedItem,
  ResultPage,
  Saved,
  SubscribeItemsOptions,
  View,
  ViewItem,
  ViewPageOptions,
  WithDocument,
} from './types.js'
import { type AnyRow, type Viewing, viewing } from './viewing.js'
import { put, revisionAfter } from './writing.js'

/**
 * Keeps documents in a directory, or in any store that is given, with a revision each, and views of them. A `Datastore` adds
 * what several writers in one process need. Each call loads first, if nobody has.
 */
export class DatastoreEngine<Documents extends object = AnyDocuments> {
  readonly #options: DatastoreEngineOptions
  readonly #loading: Loading
  readonly #viewing: Viewing

  constructor(options: DatastoreEngineOptions) {
    this.#options = options
    this.#loading = loading(options)
    this.#viewing = viewing()
  }

  /** Opens the directory and reads all files, unless the options say otherwise. Loading twice is harmless. */
  async load(): Promise<this> {
    await this.#loading.ready()
    return this
  }

  /** The files that could not be served when everything was loaded. With `load: 'lazy'` only `strict` looks for them. */
  get loadErrors(): readonly LoadError[] {
    return this.#loading.errors
  }

  /** The document under a key, as a fresh copy, or `null`. */
  async getItem<K extends KeyOf<Documents>>(key: K): Promise<Saved<DocumentOf<Documents, K>> | null> {
    try {
      const { base } = this.#loading.now ?? (await this.#loading.ready())
      const asked = base.get(checkKey(key))
      const stored = isPromise(asked) ? await asked : asked
      return stored ? (documentOf(stored) as Saved<DocumentOf<Documents, K>>) : null
    } catch (error) {
      throw withCode(error)
    }
  }

  async hasItem(key: KeyOf<Documents>): Promise<boolean> {
    return (await this.getItem(key)) !== null
  }

  /** The documents under these keys, of one moment and in their order, each a fresh copy or `null`. */
  getItems<K extends KeyOf<Documents>>(keys: Iterable<K>): Promise<(Saved<DocumentOf<Documents, K>> | null)[]> {
    return this.#do(async ({ base }) => {
      const asked = [...keys].map(checkKey)
      const found = new Map<string, object>()
      for await (const stored of base.query(node('in', ['id', asked.flatMap(spellings)]))) {
        found.set(String(stored.id), documentOf(stored))
      }
      return asked.map(key => (found.get(key) ?? null) as Saved<DocumentOf<Documents, K>> | null)
    })
  }

  /**
   * Stores a document, over what is there only if its `_rev` is that of what is there: else an error with the code
   * `'CONFLICT'`. Gives the document as it is stored.
   */
  setItem<K extends KeyOf<Documents>>(
    key: K,
    document: Draft<DocumentOf<Documents, K>>,
    options: ConsistencyOptions = {},
  ): Promise<Saved<DocumentOf<Documents, K>>> {
    return this.#do(async ({ base }) => {
      const given = taken(checkKey(key), document)
      await this.#viewing.write(base, store => put(store, key, given, options))
      const { checkConsistency = true } = options
      const _rev = revisionAfter(checkConsistency ? given.revision : undefined, await base.revision(key))
      return { _rev, ...given.document } as Saved<DocumentOf<Documents, K>>
    })
  }

  /** Stores several documents, all of them or none. Gives them as they are stored, in their order. */
  setItems<K extends KeyOf<Documents>>(
    items: Iterable<readonly [key: K, document: Draft<DocumentOf<Documents, K>>]>,
    options: ConsistencyOptions = {},
  ): Promise<Saved<DocumentOf<Documents, K>>[]> {
    return this.#do(async ({ base }) => {
      const all = Array.from(items, ([key, document]) => ({ key, given: taken(checkKey(key), document) }))
      return this.#viewing.write(base, store =>
        transaction(store, async tx => {
          const saved: object[] = []
          for (const { key, given } of all) {
            await put(tx, key, given, options)
            saved.push(documentOf((await tx.get(key)) as Stored))
          }
          return saved as Saved<DocumentOf<Documents, K>>[]
        }),
      )
    })
  }

  /** Removes a document, if it is there; with `_rev`, only at that revision: else a conflict. Gives the key. */
  deleteItem<K extends KeyOf<Documents>>(key: K, { _rev }: DeleteItemOptions = {}): Promise<K> {
    return this.#do(async ({ base }) => {
      checkKey(key)
      await this.#viewing.write(base, store => store.delete(key, { ifRevision: _rev } as object))
      return key
    })
  }

  /** The keys of a range, page by page, in the order of their code points. */
  queryKeys(
    options: PageOptions & { readonly includeDocuments: true },
  ): Promise<ResultPage<KeyItem & WithDocument<DocumentOf<Documents>>>>
  queryKeys(options?: PageOptions): Promise<ResultPage<KeyItem & Partial<WithDocument<DocumentOf<Documents>>>>>
  queryKeys(options: PageOptions = {}): Promise<ResultPage<object>> {
    return this.#page('', options, ({ key, id, object }) => ({
      key,
      documentKey: String(id),
      ...(object && { document: documentOf(object) }),
    }))
  }

  /** The rows of a view, page by page: in the order of their keys, then of the documents' keys, then as they were emitted. */
  queryView<Key = unknown, Value = unknown>(
    name: string,
    options: ViewPageOptions & { readonly group: true | number },
  ): Promise<ResultPage<ReducedItem<Key, Value>>>
  queryView<_ = unknown, Value = unknown>(
    name: string,
    options: ViewPageOptions & { readonly reduce: true },
  ): Promise<ResultPage<ReducedItem<null, Value>>>
  queryView<Key = unknown, Value = unknown>(
    name: string,
    options: ViewPageOptions & { readonly includeDocuments: true },
  ): Promise<ResultPage<ViewItem<Key, Value> & WithDocument<DocumentOf<Documents>>>>
  queryView<Key = unknown, Value = unknown>(
    name: string,
    options?: ViewPageOptions,
  ): Promise<ResultPage<ViewItem<Key, Value> & Partial<WithDocument<DocumentOf<Documents>>>>>
  queryView(name: string, options: ViewPageOptions = {}): Promise<ResultPage<object>> {
    if (name === '') throw assertion('a view has a name')
    return this.#page(name, options, ({ key, value, id, object }) => ({
      key,
      value,
      ...(id !== undefined && { documentKey: String(id) }),
      ...(object && { document: documentOf(object) }),
    }))
  }

  /** Registers a view, in place of one of that name. It is made when it is first asked for, and then kept up. */
  setView(name: string, view: View<DocumentOf<Documents>>): void {
    try {
      this.#viewing.set(name, view as unknown as View)
    } catch (error) {
      throw withCode(error)
    }
  }

  hasView(name: string): boolean {
    return this.#viewing.has(name)
  }

  /** The changes from now on, by whomever, of a range of keys or of all. Before it has loaded, those from then on. */
  subscribe({ signal, ...range }: SubscribeItemsOptions = {}): AsyncIterable<DocumentChange<DocumentOf<Documents>>> {
    const changes = this.#loading.now?.base.subscribe('', { signal }) ?? this.#later({ signal })
    return changesOf(changes, range) as AsyncIterable<DocumentChange<DocumentOf<Documents>>>
  }

  /** Forgets what is left of deleted documents, whose revisions then begin at 0 again. Gives how many there were. */
  compact(): Promise<number> {
    return this.#do(({ source }) => source.forget())
  }

  /** Writes the documents of this moment into a directory that holds none, from which a datastore can be loaded. */
  backup(path: string): Promise<void> {
    return this.#do(({ source }) => backUp(source, { fileSystem: this.#options.fileSystem, directory: path }))
  }

  /** Ends it, when the writes that are under way are done. Closing twice is harmless. */
  close(): Promise<void> {
    return coded(this.#loading.close)
  }

  #do<R>(work: (loaded: Loaded) => MaybePromise<R>): Promise<R> {
    return coded(() => when(this.#loading.now ?? this.#loading.ready(), work))
  }

  #page(name: string, options: ViewPageOptions, itemOf: (row: AnyRow) => object): Promise<ResultPage<object>> {
    return this.#do(async ({ base }) => {
      const { asked, index } = paging(options)
      return pageOf(await this.#viewing.view(base, name, asked), index, itemOf)
    })
  }

  async *#later(options: SubscribeOptions): AsyncGenerator<Change<Stored, Id>, undefined> {
    const { base } = await this.#loading.ready()
    yield* base.subscribe('', options)
  }
}

/** An integer and its decimal string are one id, and a store may know it as either. */
function spellings(key: string): Id[] {
  const id = toKey(key)
  return id === key ? [key] : [key, id]
}
