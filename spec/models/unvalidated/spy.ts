/** A store that looks at every object that is written to it, by a validator that is not ours. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { type Decisions, derive, forward } from '../../../lib/derive.js'
import { methods, type Store, type Transaction, type TransactionOptions } from '../../../lib/store.js'
import { when } from '../../../lib/when.js'

export const definition = {
  properties: {
    id: { type: ['string', 'integer'] },
    name: { type: 'string', minLength: 2 },
    age: { type: 'integer', minimum: 0 },
    tags: { type: 'array', items: { type: 'string' }, uniqueItems: true },
  },
  required: ['name'],
  additionalProperties: false,
} as const

const isValid = new Ajv2020({ strict: false }).compile(definition)

export interface Spy {
  readonly store: Store
  /** How many objects have come. */
  readonly seen: () => number
  /** Those of them that should not have. */
  readonly invalid: readonly unknown[]
}

/** What wrappers add of their own is not the model's. */
const marks = /^(?:\$|_rev$)/

export function spy(inner: Store): Spy {
  const invalid: unknown[] = []
  let seen = 0

  function look(object: object, options?: { readonly id?: unknown }): void {
    const own = Object.entries({ ...(options?.id !== undefined && { id: options.id }), ...object })
    const data = Object.fromEntries(own.filter(([name]) => !marks.test(name)))
    seen++
    if (!isValid(data)) invalid.push(data)
  }

  function looking(target: Store | Transaction) {
    const { put, add } = target as Required<Store>
    return {
      put: (object: object, options?: object) => {
        look(object, options)
        return put(object, options)
      },
      add: (object: object, options?: object) => {
        look(object, options)
        return add(object, options)
      },
    }
  }

  const all = Object.fromEntries(methods.map(name => [name, forward]))
  const store = derive(inner, {
    ...all,
    ...looking(inner),
    transaction: (options?: TransactionOptions) =>
      when((inner as Required<Store>).transaction(options), tx => ({ ...tx, ...looking(tx) })),
  } as unknown as Decisions<Store>)
  return { store, seen: () => seen, invalid }
}
