import { derive, forward, provide, type Wrapped } from '../lib/derive.js'
import { derived } from '../lib/derived/derived.js'
import type { Progress } from '../lib/derived/read-all.js'
import { StoreError } from '../lib/errors.js'
import { introduce } from '../lib/explain.js'
import { idPropertyOf } from '../lib/id-property.js'
import { need } from '../lib/need.js'
import type { Path } from '../lib/query/expression.js'
import { pathKey } from '../lib/query/path.js'
import { can, type Id, type MaybePromise, type Store, type TransactionOptions } from '../lib/store.js'
import { answering } from './full-text/answer.js'
import { indexing } from './full-text/indexing.js'
import { keptWords } from './full-text/kept-words.js'
import { type SearchHit, type SearchOptions, searching } from './full-text/search.js'
import { type Text, textReader } from './full-text/text.js'
import { tokenize as byLetters, type Language, languages, type Tokenize, tokenizeIn } from './full-text/tokenize.js'
import { viewOf } from './full-text/view.js'
import { wordIndex } from './full-text/word-index.js'

export type { SearchHit, SearchOptions } from './full-text/search.js'
export type { Language, Tokenize } from './full-text/tokenize.js'

export interface FullTextOptions extends Progress {
  /** The properties whose text is found: those of strings, and of arrays with strings in them. A path is a list of names. */
  readonly fields: readonly Path[]
  /** Gives the words of a text. By default runs of letters and digits, whatever their case and accents. */
  readonly tokenize?: Tokenize | undefined
  /** Leaves out the most frequent words of the language, and the endings of the others. By default all count as they are. */
  readonly language?: Language | undefined
  /** Keeps the words, so that opening again need not call `tokenize` for each text. It must be for this index alone. */
  readonly store?: Store | undefined
  /** Names `tokenize`, to be changed whenever it gives other words: needed for a `store`. */
  readonly version?: string | undefined
  /** The property that holds an object's id: by default that of the inner store, where it says it, else `id`. */
  readonly idProperty?: string | undefined
}

const maxFields = 64

type Objects<S> = S extends Store<infer T, infer K> ? { readonly object: T; readonly id: K } : never
type Kind<S, R> = S extends { query(...args: never): Iterable<unknown> } ? Iterable<R> : AsyncIterable<R> | Iterable<R>
type Hits<S> = Kind<S, SearchHit<Objects<S>['object'], Objects<S>['id']>>

/** What a store with full text can do besides. */
export interface Searching<S> {
  /**
   * The objects in which all words of the text occur, each in one of the fields: the highest score first, then in the order of
   * the ids; from one state of the store, as far as it is written to through this one. A text without words finds nothing.
   */
  search(text: string, options?: SearchOptions): Hits<S>
}

/** Its transactions can, too. */
type Transactions<S> = S extends { transaction(...args: never): MaybePromise<infer X> }
  ? { transaction(options?: TransactionOptions): MaybePromise<X & Searching<S>> }
  : object

/**
 * A store whose texts are found by their words, with `search` and in queries: `match(kelp%20forest)` in all fields,
 * `match(title,kelp)` in one, together with other conditions, `sort` and `limit`; in a transaction, its own writes too. Reads all
 * objects before it serves, and keeps their texts and an index of them in memory. A write then costs what the index of one
 * text does; it is found from the moment it is acknowledged. What others write to the inner store is followed if it
 * can be subscribed to: until it is told, a look may find some of their commit and not the rest, or an object by words that it
 * has no more. What `tokenize` throws refuses a write. Needs `get` and `query`: a `NotSupportedError` without.
 */
export function fullText<S extends Store>(
  inner: S,
  options: FullTextOptions,
): Promise<Wrapped<S, never, Searching<S> & Transactions<S>>>
export async function fullText<T extends object, K extends Id>(
  inner: Store<T, K>,
  { fields, tokenize, language, store, version, idProperty, ...progress }: FullTextOptions,
): Promise<object> {
  check(inner, { fields, tokenize, language, store, version })
  const words = tokenize ?? (language ? await tokenizeIn(language) : byLetters)
  const reader = textReader({ fields, tokenize: words, idProperty: idPropertyOf(inner, idProperty) })
  const kept = store && (await keptWords(store, version ?? `letters 1 ${language ?? ''}`))
  const index = wordIndex(fields.length)
  const indexed = indexing(index, reader, kept)
  const { decisions } = await derived<T, K, Text>(inner, indexed, progress, indexed.first)
  kept?.onlyFor(new Set(index.keys()))

  const wrapped = derive<T, K>(inner, {
    get: forward,
    ...decisions((source, sight, overlay) => {
      const view = viewOf(index, sight, overlay)
      return { ...answering(source, view, reader), search: provide(searching(source, view, reader)) }
    }),
    subscribe: forward,
    setSchema: forward,
    close: kept ? closing : forward,
  })

  /** What is left to keep is written; all is closed even if that fails. */
  async function closing(): Promise<void> {
    const close = async (each: Store | undefined) => each?.close?.()
    const ends = await Promise.allSettled([close(inner), kept?.flush()])
    ends.push(...(await Promise.allSettled([close(store)])))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }

  return introduce(wrapped, {
    name: 'fullText',
    options: { fields: fields.map(pathKey).join(), language },
    inner: store ? [inner, store] : [inner],
    numbers: () => ({ objects: index.size }),
  })
}

function check(inner: Store, { fields, tokenize, language, store, version }: FullTextOptions): void {
  need(inner, 'the store of full text', 'get', 'query')
  if (!Array.isArray(fields) || fields.length === 0) throw new TypeError('full text needs the names of some fields')
  if (fields.length > maxFields) throw new TypeError(`full text is over ${maxFields} fields at most`)
  if (new Set(fields.map(pathKey)).size < fields.length) throw new TypeError('a field of the full text is named twice')
  if (tokenize && language) throw new TypeError('full text takes either tokenize or language')
  if (language && !languages.includes(language)) throw new TypeError(`the languages are ${languages}, not ${language}`)
  if (!store) return
  for (const method of ['query', 'put', 'delete'] as const) {
    if (!can(store, method)) throw new StoreError('NotSupportedError', `the words are kept in a store with ${method}`)
  }
  if (tokenize && version === undefined) {
    throw new TypeError(
      'words are kept only if it can be told what they were made by: give version, a name for tokenize',
    )
  }
}
