/** Some methods of a Persisto as a facet: to be given away, or served. */
import { memory } from '../../stores/memory.js'
import { type Facet, restrictive } from '../facet.js'
import { Model } from '../model.js'
import type { Argument, MethodInfo } from './method.js'

type MethodNames<P> = { [K in keyof P]: P[K] extends (...args: never[]) => unknown ? K : never }[keyof P] & string

/** A facet with these methods, and the list of what they are. */
export type Granted<P, M extends keyof P = keyof P> = Facet & { readonly [K in M]: P[K] }

/**
 * A facet that has these methods and no others. What it is asked about itself, `get`, `query` and `count`, are descriptions of
 * these methods: so `handler({ methods: grant(db, ['createUser', 'select']) })` lists them at `GET /methods`, calls them by
 * `POST /methods/$call/createUser`, and nothing else.
 */
export function grant<P extends { methods(): Promise<MethodInfo[]> }, const M extends MethodNames<P>>(
  db: P,
  names: readonly M[],
): Promise<Granted<P, M>>
export async function grant(db: { methods(): Promise<MethodInfo[]> }, names: readonly string[]): Promise<Facet> {
  const known = await db.methods()
  const granted = names.map(name => {
    const found = known.find(method => method.name === name)
    if (found) return found
    throw new TypeError(`there is no method ${JSON.stringify(name)} to be granted`)
  })
  const Described = Model(memory({ idProperty: 'name', objects: granted }), {
    idProperty: 'name',
    properties: {
      name: { type: 'string' },
      description: { type: 'string' },
      arguments: { type: 'array' },
    },
  })
  const methods = Object.fromEntries(
    granted.map(({ name, arguments: taken }) => [name, (...args: unknown[]) => call(db, name, taken, args)]),
  )
  return restrictive(Described, {
    methods: { get: true, query: true, count: true, ...methods },
    maxLimit: Infinity,
  }) as never
}

/** What is left out before other arguments arrives as null, since JSON has nothing else. */
function call(db: object, name: string, taken: readonly Argument[], args: readonly unknown[]): unknown {
  const method = db[name as never] as (...args: readonly unknown[]) => unknown
  return method(...args.map((each, at) => (each === null && taken[at]?.optional ? undefined : each)))
}
