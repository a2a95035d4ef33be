import {
  type Doubt,
  type Found,
  gathered,
  isCertain,
  iterated,
  oneState,
  type Source,
} from '../../lib/derived/one-state.js'
import { StoreError } from '../../lib/errors.js'
import { compareKeys, toKey } from '../../lib/id.js'
import { node, type Path } from '../../lib/query/expression.js'
import { match } from '../../lib/query/match.js'
import { plan } from '../../lib/query/plan.js'
import type { Id, MaybePromise, Options, Query } from '../../lib/store.js'
import { describe } from '../../lib/value.js'
import { isPromise, when } from '../../lib/when.js'
import { first } from './first.js'
import { answerOf, question, wanted } from './question.js'
import { snippets } from './snippet.js'
import type { TextReader, Wanted } from './text.js'
import type { View } from './view.js'
import type { Hit } from './word-index.js'

export interface SearchOptions extends Options {
  /** How many hits to give; all by default. */
  readonly limit?: number | undefined
  /** Where the words may occur; in all fields of the index by default. */
  readonly fields?: readonly Path[] | undefined
  /** Conditions that the objects must fulfil, too. */
  readonly filter?: Query | undefined
}

/** An object in which all words of a search occur. */
export interface SearchHit<T extends object = object, K extends Id = Id> {
  readonly id: K
  /** How often the words occur in the fields: each counts up to eight times a field. */
  readonly score: number
  /** A fresh copy. */
  readonly object: T
  /** Plain text around the first place where one of the words occurs, of about 160 characters. */
  readonly snippet: string
}

interface Scored<T> extends Hit {
  readonly object: T
}

/** The search of a store or transaction. */
export function searching<T extends object, K extends Id>(source: Source<T, K>, view: View, reader: TextReader) {
  return function search(text: string, options: SearchOptions = {}): Found<SearchHit<T, K>> {
    const { limit = Infinity, fields = reader.fields, filter, signal } = options
    if (typeof text !== 'string') throw new TypeError(`a search is for a text, not ${describe(text)}`)
    if (limit !== Infinity && !(Number.isSafeInteger(limit) && limit >= 0)) {
      throw new StoreError('DataError', `limit is an integer from 0, or Infinity, not ${String(limit)}`)
    }
    const words = wanted(text, fields, reader)
    const condition = conditionOf(filter)

    /** Without a filter the index alone knows which objects to get. */
    function best(): MaybePromise<readonly Scored<T>[]> {
      const hits = first(view.hits(words, limit), limit, order)
      const objects = getNow(source, hits, { signal })
      if (objects) return objects
      const scores = new Map(hits.map(({ key, score }) => [key, score]))
      const asked = node('in', [reader.idProperty, hits.map(({ id }) => id)])
      return when(gathered(source.query(asked, { signal })), found =>
        scored(found, reader, object => scores.get(toKey(reader.idOf(object))) ?? 0).sort(order),
      )
    }

    function among(doubt: Doubt): MaybePromise<readonly Scored<T>[]> {
      const answer = answerOf(words, view, doubt, reader)
      const filtering = condition && question(condition, view, doubt, reader)
      const asked = node('and', filtering ? [answer.most(), filtering.asked] : [answer.most()])
      return when(gathered(source.query(asked, { signal })), found => {
        let objects = [...found]
        if (!isCertain(doubt)) {
          const exact = [answer.exact(objects), ...(filtering ? [filtering.exact(objects)] : [])]
          objects = objects.filter(match(node('and', exact)))
        }
        return first(scored(objects, reader, answer.score), limit, order)
      })
    }

    const find = (doubt: Doubt) => (condition || !isCertain(doubt) ? among(doubt) : best())
    return iterated(source, { signal }, () =>
      when(oneState(view, find), hits => shown(hits, words, reader) as Iterable<SearchHit<T, K>>),
    )
  }
}

function conditionOf(filter: Query | undefined) {
  const { condition, stages } = plan(filter)
  if (stages.length === 0) return condition
  throw new StoreError('NotSupportedError', `a filter has conditions only, not ${stages[0]?.name}`)
}

/** The objects, if the store gives them at once: then nothing can have been written in between. */
function getNow<T extends object, K extends Id>(
  source: Source<T, K>,
  hits: readonly Hit[],
  options: Options,
): Scored<T>[] | undefined {
  const found: Scored<T>[] = []
  for (const hit of hits) {
    const object = source.get(hit.id as K, options)
    if (isPromise(object)) {
      object.catch(() => {})
      return undefined
    }
    if (object) found.push({ ...hit, object })
  }
  return found
}

function scored<T extends object>(objects: Iterable<T>, { idOf }: TextReader, score: (object: T) => number) {
  return Array.from(objects, (object): Scored<T> => {
    const id = idOf(object)
    return { key: toKey(id), id, score: score(object), object }
  })
}

const order = (a: Hit, b: Hit) => b.score - a.score || compareKeys(a.key, b.key)

function* shown<T extends object>(hits: readonly Scored<T>[], { words, fields }: Wanted, reader: TextReader) {
  const snippet = snippets(words, reader.tokenize)
  for (const { id, score, object } of hits) {
    const texts = reader.textsOf(object)
    yield { id, score, object, snippet: snippet(fields.map(field => texts[field] ?? [])) }
  }
}
