/** `query` and `count` of a store or transaction, with words. */
import { type Found, gathered, isCertain, iterated, oneState, type Source } from '../../lib/derived/one-state.js'
import { node } from '../../lib/query/expression.js'
import { type Plan, plan } from '../../lib/query/plan.js'
import { counted, run } from '../../lib/query/run.js'
import type { CountOptions, Id, MaybePromise, Query, QueryOptions } from '../../lib/store.js'
import { when } from '../../lib/when.js'
import { asksWords, question } from './question.js'
import type { TextReader } from './text.js'
import type { View } from './view.js'

export function answering<T extends object, K extends Id>(source: Source<T, K>, view: View, reader: TextReader) {
  return {
    query(query?: Query, options: QueryOptions = {}): Found<T> {
      const planned = planWithWords(query, options)
      if (!planned) return source.query(query, options)
      const { condition, stages } = planned
      const { signal } = options
      return iterated(source, { signal }, () =>
        oneState(view, doubt => {
          const { asked, exact } = question(condition, view, doubt, reader)
          if (isCertain(doubt)) return gathered(source.query(node('and', [asked, ...stages]), { signal }))
          return when(gathered(source.query(asked, { signal })), found => {
            const objects = [...found]
            return run(objects, { condition: exact(objects), stages }) as Iterable<T>
          })
        }),
      )
    },
    count(query?: Query, options: CountOptions = {}): MaybePromise<number> {
      const planned = planWithWords(query, options)
      if (!planned) return source.count(query, options)
      const { condition, stages } = planned
      const { signal } = options
      return oneState(view, doubt => {
        const { asked, exact } = question(condition, view, doubt, reader)
        if (isCertain(doubt)) return source.count(node('and', [asked, ...stages]), { signal })
        return when(gathered(source.query(asked, { signal })), found => {
          const objects = [...found]
          return counted(objects, { condition: exact(objects), stages })
        })
      })
    },
  }
}

/** The plan of a query that asks for words. Most do not, which is seen without parsing them. */
function planWithWords(query: Query | undefined, options: QueryOptions): (Plan & { condition: object }) | undefined {
  if (query === undefined || (typeof query === 'string' && !query.includes('match'))) return undefined
  const { condition, stages } = plan(query, options)
  return condition && asksWords(condition) ? { condition, stages } : undefined
}
