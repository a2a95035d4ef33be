/** How a model is asked in a database: about what its objects link to, too. */
import type { Expression } from '../../lib/query/expression.js'
import { toExpression } from '../../lib/query/operators.js'
import type { CountOptions, Data, Id, Query, QueryOptions } from '../../lib/store.js'
import type { Target } from '../../lib/writes.js'
import type { Network, Targets } from './network.js'
import { hasRel, withoutRel } from './rel.js'

export function asking(target: Target<Data, Id>, model: string, network: Network, targets: Targets) {
  const own = target as Required<typeof target>
  const answered = (expression: Expression, options: QueryOptions) =>
    withoutRel(expression, model, network, targets, { signal: options.signal })
  return {
    query(query?: Query, { parameters, ...options }: QueryOptions = {}): Iterable<Data> | AsyncIterable<Data> {
      const expression = toExpression(query, { parameters })
      if (!hasRel(expression)) return own.query(expression, options)
      return {
        async *[Symbol.asyncIterator]() {
          yield* own.query(await answered(expression, options), options)
        },
      }
    },
    count(query?: Query, { parameters, ...options }: CountOptions = {}) {
      const expression = toExpression(query, { parameters })
      if (!hasRel(expression)) return own.count(expression, options)
      return answered(expression, options).then(known => own.count(known, options))
    },
  }
}
