/** Counts what queries ask for, and decides which indexes there are to be. */
import { accesses, plan } from '../../lib/query/plan.js'
import type { Schema } from '../../lib/schema.js'
import type { Query, QueryOptions } from '../../lib/store.js'

export interface Adaptation {
  /** Before each query: what does it ask for? */
  asked(query: Query, parameters: QueryOptions['parameters']): void
  /** Somebody else has told a schema: its indexes are his. */
  told(schema: Schema): void
  /** From now until the function that it gives is called, no index is made or given up. */
  wait(): () => void
  indexes(): { property: string; queries: number; unused: number }[]
}

export interface AdaptingOptions {
  setSchema(schema: Schema): void
  readonly after: number
  readonly max: number
  readonly idle: number
  readonly idProperty: string
  clock(): number
}

/** How many properties are counted, so that queries from outside cannot fill the memory. */
const counted = 1000

export function adapting({ setSchema, after, max, idle, idProperty, clock }: AdaptingOptions): Adaptation {
  /** The indexes of others: they answer too. */
  const given = new Set([idProperty])
  /** How often a property was asked for where no index answered. */
  const wanted = new Map<string, number>()
  /** Those that were made here. */
  const made = new Map<string, { queries: number; last: number }>()
  let waiting = 0

  function use(property: string): void {
    const own = made.get(property)
    if (!own) return
    own.queries++
    own.last = clock()
  }

  function want(property: string): boolean {
    const times = (wanted.get(property) ?? 0) + 1
    wanted.delete(property)
    wanted.set(property, times)
    if (wanted.size > counted) wanted.delete(wanted.keys().next().value as string)
    return times >= after && waiting === 0 && made.size < max && make(property, times)
  }

  function make(property: string, queries: number): boolean {
    wanted.delete(property)
    try {
      setSchema({ properties: { [property]: { index: true } } })
    } catch {
      // it cannot be indexed, or not now; the query itself is answered, or refused, by the store
      return false
    }
    made.set(property, { queries, last: clock() })
    return true
  }

  function giveUpIdle(): void {
    if (idle === Infinity || waiting > 0) return
    const now = clock()
    for (const [property, { last }] of made) {
      if (now - last < idle) continue
      made.delete(property)
      setSchema({ properties: { [property]: { index: false } } })
    }
  }

  return {
    asked(query, parameters) {
      const properties = new Set(propertiesOf(query, parameters))
      const known = [...properties].filter(property => given.has(property) || made.has(property))
      for (const property of known) use(property)
      giveUpIdle()
      if (known.length > 0) return
      for (const property of properties) if (want(property)) return
    },
    told({ properties = {} }) {
      for (const [property, { index, unique }] of Object.entries(properties)) {
        if (!index && !unique) continue
        given.add(property)
        made.delete(property)
        wanted.delete(property)
      }
    },
    wait() {
      let waits = true
      waiting++
      return () => {
        if (waits) waiting--
        waits = false
      }
    },
    indexes: () => Array.from(made, ([property, { queries, last }]) => ({ property, queries, unused: clock() - last })),
  }
}

/** The properties by whose index a query could be answered. A query that is none is refused by the store. */
function propertiesOf(query: Query, parameters: QueryOptions['parameters']): string[] {
  try {
    return accesses(plan(query, { parameters }).condition).flatMap(({ path }) =>
      typeof path === 'string' ? [path] : [],
    )
  } catch {
    return []
  }
}
