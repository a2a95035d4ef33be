import { checkedClock } from '../lib/clock.js'
import { derive, forward, type Wrapped } from '../lib/derive.js'
import { StoreError } from '../lib/errors.js'
import { introduce } from '../lib/explain.js'
import { idPropertyOf } from '../lib/id-property.js'
import { checkStore } from '../lib/need.js'
import { can, type Id, type Query, type QueryOptions, type Store, type Transaction } from '../lib/store.js'
import { settle, when } from '../lib/when.js'
import { type Adaptation, adapting } from './indexed/adapting.js'

export interface IndexedOptions {
  /** After how many queries for a property that no index answers it gets one: 5 by default. */
  readonly after?: number | undefined
  /** How many indexes it makes at most: 8 by default. */
  readonly max?: number | undefined
  /** After so many milliseconds in which no query asked for it, an index is given up. Never if not given. */
  readonly idle?: number | undefined
  /** The property that holds an object's id, which needs no index. */
  readonly idProperty?: string | undefined
  /** The time in milliseconds, which should never go back. */
  readonly clock?: (() => number) | undefined
}

/** An index that was made because queries asked for it. */
export interface AdaptiveIndex {
  readonly property: string
  /** How many queries have asked for the property. */
  readonly queries: number
  /** How many milliseconds ago the last one did. */
  readonly unused: number
}

interface Indexes {
  /** The indexes that were made, and are kept, in the order in which they were made. */
  indexes(): AdaptiveIndex[]
}

/** Milliseconds that never go back. */
const steady = performance.now.bind(performance)

/**
 * Has the inner store make an index on each property that queries often ask for, by equality, `in` or a range: where no index
 * answers a query yet, its properties are counted, and the first to reach `after` gets one, by `setSchema`. Results never
 * change. A query costs a look at its conditions; the one that makes an index also what that takes in the inner store,
 * which reads all objects, and every write then costs that of one index more. While a transaction is open no index is
 * made. What `idle` gives up is told to the inner store as `index: false`, so that it drops the index.
 */
export function indexed<S extends Store>(inner: S, options?: IndexedOptions): Wrapped<S, never, Indexes>
export function indexed<T extends object, K extends Id>(
  inner: Store<T, K>,
  { after = 5, max = 8, idle = Infinity, idProperty: said, clock = steady }: IndexedOptions = {},
): Store<T, K> & Indexes {
  checkStore(inner)
  check({ after, max, idle })
  if (!can(inner, 'setSchema'))
    throw new StoreError('NotSupportedError', 'the inner store has no setSchema: no indexes')
  const setSchema = (schema: Parameters<typeof inner.setSchema>[0]) => inner.setSchema(schema)
  const idProperty = idPropertyOf(inner, said)
  const adaptation = adapting({ setSchema, after, max, idle, idProperty, clock: checkedClock(clock) })

  const store = derive<T, K>(inner, {
    get: forward,
    put: forward,
    add: forward,
    delete: forward,
    ...asking(inner, adaptation),
    subscribe: forward,
    transaction(options) {
      const begun = (inner.transaction as NonNullable<typeof inner.transaction>)(options)
      return when(begun, tx => within(tx, adaptation))
    },
    setSchema(schema) {
      inner.setSchema(schema)
      adaptation.told(schema)
    },
    close: forward,
  })
  const { indexes } = adaptation
  return introduce<Store<T, K> & Indexes>(Object.freeze(Object.assign(Object.create(null), store, { indexes })), {
    name: 'indexed',
    options: { after, max, idle: idle === Infinity ? undefined : idle },
    inner: [inner],
    numbers: () => Object.fromEntries(indexes().map(({ property, queries }) => [property, queries])),
  })
}

/** The questions, which are looked at before they are asked. */
function asking<T extends object, K extends Id>(target: Store<T, K> | Transaction<T, K>, { asked }: Adaptation) {
  const own = target as Required<Store<T, K>>
  const looked = (query: Query | undefined, { parameters }: Pick<QueryOptions, 'parameters'> = {}) => {
    if (query !== undefined) asked(query, parameters)
  }
  return {
    query(query?: Query, options?: QueryOptions) {
      looked(query, options)
      return own.query(query, options)
    },
    count(query?: Query, options?: QueryOptions) {
      looked(query, options)
      return own.count(query, options)
    },
  }
}

function within<T extends object, K extends Id>(tx: Transaction<T, K>, adaptation: Adaptation): Transaction<T, K> {
  const ended = adaptation.wait()
  const end = (work: () => ReturnType<Transaction['commit']>) => () =>
    settle(work, ended, error => {
      ended()
      throw error
    })
  return derive<T, K>(tx, {
    get: forward,
    put: forward,
    add: forward,
    delete: forward,
    ...asking(tx, adaptation),
    prepare: forward,
    commit: end(() => tx.commit()),
    abort: end(() => tx.abort()),
  })
}

function check(numbers: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    const fits = name === 'idle' ? typeof value === 'number' && value > 0 : Number.isSafeInteger(value) && value > 0
    if (!fits) throw new TypeError(`${name} is a number above 0, not ${String(value)}`)
  }
}
