import { StoreError } from '../errors.js'
import { checkId } from '../id.js'
import type { Expression } from '../query/expression.js'
import { match } from '../query/match.js'
import { can, type Data, type Id, type QueryOptions, type Store } from '../store.js'
import type { Source } from './beginning.js'
import { type Following, following } from './following.js'
import { reader } from './reader.js'
import { orderOf } from './row.js'
import { shapeOf } from './shape.js'
import type { Live } from './types.js'

export interface MaintainedOptions extends Omit<QueryOptions, 'parameters'> {
  readonly idProperty?: string | undefined
  /** Makes what callers see of what the query gives: once for each state of an object. */
  readonly show?: ((item: unknown) => unknown) | undefined
}

/** Keeps the answer to a query up to date while somebody looks. What cannot be is a `NotSupportedError` now. */
export function maintained(
  given: Store,
  query: Expression,
  { idProperty = 'id', show = item => item, signal, start, end, ...others }: MaintainedOptions = {},
): Live<unknown> {
  if (!can(given, 'query') || !can(given, 'subscribe')) {
    throw new StoreError('NotSupportedError', 'a live query needs a store with query and subscribe')
  }
  const source: Source = given
  const [more] = Object.entries(others).find(([, value]) => value !== undefined) ?? []
  if (more) throw new StoreError('NotSupportedError', `a live query cannot do what the option ${more} asks for`)
  const shape = shapeOf(query, { start, end })
  // what no object can be tested for is refused now
  match(shape.condition)
  const idOf = (object: object) => idIn(object as Data, idProperty)
  const order = orderOf(shape)
  /** What those are to be told by who look. */
  const lookers = new Set<() => void>()
  let run: Following | undefined
  let closed = false

  function look(told: () => void): () => void {
    if (closed || signal?.aborted) return () => {}
    // the same function may be given twice
    const looker = () => told()
    lookers.add(looker)
    if (!run) {
      signal?.addEventListener('abort', close)
      run = following(source, { shape, idOf, show }, () => tell())
    }
    return () => {
      if (lookers.delete(looker) && lookers.size === 0) stop()
    }
  }

  function tell(looking: Iterable<() => void> = lookers): void {
    for (const told of [...looking]) {
      try {
        told()
      } catch (error) {
        // who fails to listen keeps neither us nor the others from going on
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }

  function stop(): void {
    signal?.removeEventListener('abort', close)
    run?.stop()
    run = undefined
  }

  function close(): void {
    closed = true
    const left = [...lookers]
    lookers.clear()
    stop()
    tell(left)
  }

  return Object.freeze<Live<unknown>>({
    get current() {
      return run?.present?.objects
    },
    get error() {
      return run?.error
    },
    subscribe: look,
    [Symbol.asyncIterator]: () => reader({ look, run: () => run, order }),
    close,
  })
}

function idIn(object: Data, idProperty: string): Id {
  const id = Object.hasOwn(object, idProperty) ? object[idProperty] : undefined
  if (id !== undefined) return checkId(id as Id)
  throw new StoreError('DataError', `an object has no ${idProperty}: the option idProperty names the one with the id`)
}
