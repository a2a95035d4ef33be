/** Everything that can ever be reached through a facet, told without using it. */
import { print } from '../../lib/query/print.js'
import type { Ground, Policy } from './policy.js'

/** What a facet opens. */
export interface Audit {
  /** Its methods. */
  readonly methods: readonly string[]
  /** Those of its objects. */
  readonly prototype: readonly string[]
  /** Which of both are functions of rules, or of the model: they run with the rights of who wrote them, past the rules. */
  readonly own: readonly string[]
  /** The properties that are seen, of those that are declared or mentioned in rules. */
  readonly readable: readonly string[]
  /** Those that can be given a value, if only to a new object. The id, too, where that can be chosen. */
  readonly writable: readonly string[]
  /** Are properties seen, or written, of which neither a schema nor a rule knows? */
  readonly undeclared: { readonly readable: boolean; readonly writable: boolean }
  /** What can be reached by each link. */
  readonly links: { readonly [rel: string]: Audit }
  /** What may stand in a question; none where nothing can be asked. */
  readonly operators: readonly string[]
  /** The properties by which one may ask; `undefined` for all that are readable. */
  readonly indexed: readonly string[] | undefined
  readonly maxLimit: number
  readonly maxCost: number
  /** How many objects there may be, for one more to be added. */
  readonly max: number
  /** The conditions on the objects that there are, as RQL; each must hold. */
  readonly where: readonly string[]
  /** Is each object looked at by a function besides? */
  readonly gated: boolean
  /** Of what hidden objects show by failure. */
  readonly reveals: readonly string[]
}

export interface Audited {
  readonly facet: object
  readonly prototype: object
  readonly own: readonly string[]
  /** Of the facet, and of those that it is made over. */
  readonly policies: readonly Policy[]
  readonly ground: Ground
  readonly links: ReadonlyMap<string, Audited>
}

export function auditOf({ facet, prototype, own, policies, ground, links }: Audited): Audit {
  const { idProperty, schema } = ground
  const { blocked, computed, transient } = schema.rules
  const every = (test: (policy: Policy) => boolean) => policies.every(test)
  const least = (limit: (policy: Policy) => number) => Math.min(...policies.map(limit))
  const has = (...methods: string[]) => methods.some(name => Object.hasOwn(facet, name))
  // a function of the rules in their place writes what it wants
  const writes = ['put', 'add'].some(name => has(name) && !own.includes(name))
  const declared = Object.keys(schema.plain.properties as object)
  const mentioned = policies.flatMap(({ mentioned }) => [...mentioned])
  const names = [...new Set([idProperty, ...declared, ...mentioned])]
  const undeclared = ground.undeclared && every(({ open }) => open)
  const indexes = policies.flatMap(({ indexed }) => (indexed ? [indexed] : []))
  const readable = names.filter(name => !blocked.includes(name) && every(({ readable }) => readable(name)))
  const kept = names.filter(name => ![...blocked, ...computed, ...transient].includes(name))
  const writable = kept.filter(
    name =>
      every(({ writable, transient }) => writable(name) && !transient.has(name)) &&
      (name !== idProperty || every(({ partial, reveals }) => !partial || reveals(name))),
  )
  return {
    methods: Object.keys(facet),
    prototype: Object.getOwnPropertyNames(prototype),
    own,
    readable,
    writable: writes ? writable : [],
    undeclared: { readable: undeclared, writable: writes && undeclared },
    links: Object.fromEntries([...links].map(([rel, target]) => [rel, auditOf(target)])),
    operators: has('query', 'count', 'subscribe')
      ? [...(policies[0] as Policy).operators].filter(name => every(({ operators }) => operators.has(name)))
      : [],
    indexed: indexes[0] && readable.filter(name => indexes.every(each => each.has(name))),
    maxLimit: least(({ maxLimit }) => maxLimit),
    maxCost: least(({ maxCost }) => maxCost),
    max: least(({ max }) => max),
    where: policies.flatMap(({ where }) => (where ? [print(where)] : [])),
    gated: policies.some(({ gated }) => gated),
    reveals: [...new Set(policies.flatMap(({ revealed }) => revealed))],
  }
}
