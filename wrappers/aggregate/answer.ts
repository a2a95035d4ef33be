/** Answers of the whole, from the answers of the parts. */
import { toKey } from '../../lib/id.js'
import type { Expression } from '../../lib/query/expression.js'
import { type Plan, plan } from '../../lib/query/plan.js'
import { counted, run } from '../../lib/query/run.js'
import type { Id, MaybePromise, Options, Transaction } from '../../lib/store.js'
import { copy } from '../../lib/value.js'
import { when } from '../../lib/when.js'
import { type Division, divide } from './division.js'
import type { Layout, Piece } from './layout.js'
import type { Read, Source } from './one-state.js'
import { together } from './together.js'

/** The methods that read whole objects from the parts, as `read` gives them. */
export function answers(layout: Layout, read: Read): Required<Pick<Transaction, 'get' | 'query' | 'count'>> {
  return {
    get: (id, options = {}) =>
      read(
        sources => when(together(sources.map(source => () => source.get(id, options))), pieces => layout.merge(pieces)),
        options,
      ),
    query(query, options = {}) {
      const planned = plan(query, options)
      return {
        async *[Symbol.asyncIterator]() {
          const { signal } = options
          signal?.throwIfAborted()
          const found = await read(sources => answer(layout, sources, planned, options), options)
          for (const each of found) {
            signal?.throwIfAborted()
            yield each
          }
        },
      }
    },
    count(query, options = {}) {
      options.signal?.throwIfAborted()
      const division = divide(layout, plan(query, options))
      return read(sources => {
        const [first] = sources as readonly [Source]
        if (firstKnows(division)) return first.count(division.questions.get(0), { signal: options.signal })
        return when(objects(layout, sources, division, options), found => counted(found, division.rest))
      }, options)
    },
  }
}

const neutral = new Set(['sort', 'select', 'unselect'])

/** Does the first part alone know how many there are? Some stages do not change that. */
function firstKnows({ questions, rest }: Division): boolean {
  const alone = [...questions.keys()].every(at => at === 0)
  return alone && rest.condition === undefined && rest.stages.every(({ name }) => neutral.has(name))
}

function answer(
  layout: Layout,
  sources: readonly Source[],
  planned: Plan,
  options: Options,
): MaybePromise<readonly unknown[]> {
  const division = divide(layout, planned)
  return when(objects(layout, sources, division, options), found => {
    const items = [...run(found, division.rest)]
    // a stage may give the same thing twice
    return division.rest.stages.length > 0 ? items.map(copy) : items
  })
}

/** The objects that are found in all parts that are asked, in the order of the first, or of their ids. */
function objects(
  layout: Layout,
  sources: readonly Source[],
  { questions }: Division,
  { signal }: Options,
): MaybePromise<readonly object[]> {
  const asked = questions.size > 0 ? [...questions.keys()] : sources.map((_, at) => at)
  const lists = together(
    asked.map(
      at => () => rows(sources[at] as Source, layout.idProperties[at] as string, questions.get(at), { signal }),
    ),
  )
  return when(lists, found => {
    const rowsOf = new Map(asked.map((at, position) => [at, found[position] as Rows]))
    const keys = questions.size > 0 ? inAll(rowsOf) : [...(rowsOf.get(0) as Rows).keys()]
    const whole = (key: Id) =>
      together<Piece>(
        sources.map((source, at) => () => {
          const known = rowsOf.get(at)
          return known ? known.get(key) : source.get(key, { signal })
        }),
      )
    return when(together(keys.map(key => () => whole(key))), all =>
      all.map(pieces => layout.merge(pieces)).filter(object => object !== undefined),
    )
  })
}

type Rows = ReadonlyMap<Id, object>

function rows(
  source: Source,
  idProperty: string,
  question: Expression | undefined,
  options: Options,
): MaybePromise<Rows> {
  const keyed = (found: Iterable<object>) =>
    new Map(Array.from(found, object => [toKey(object[idProperty as never]), object]))
  const found = source.query(question, options)
  return Symbol.iterator in found ? keyed(found) : gathered(found).then(keyed)
}

async function gathered<R>(found: AsyncIterable<R>): Promise<R[]> {
  const all: R[] = []
  for await (const each of found) all.push(each)
  return all
}

/** The keys that all have, in the order of the first part if it was asked; the others give theirs in the order of the ids. */
function inAll(rowsOf: ReadonlyMap<number, Rows>): Id[] {
  const [fewest = new Map(), ...others] = [...rowsOf.values()].sort((a, b) => a.size - b.size)
  const leading = rowsOf.get(0) ?? fewest
  return [...leading.keys()].filter(key => [fewest, ...others].every(each => each.has(key)))
}
