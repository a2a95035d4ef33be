import type { MaybePromise, Store, Transaction, TransactionOptions } from '../../lib/store.js'
import { sharing } from './sharing.js'

/** The property of the inner store's objects that says their type. */
export const tag = '$type'

/** A type and all below it. It grows when more of them are declared. */
export type Family = ReadonlySet<unknown>

/** The types of the objects of one inner store. */
export interface Hierarchy {
  /** Declares a type with those right above it, which may be declared later. A circle is a `TypeError`. */
  declare(type: string, above: readonly string[]): Family
  /** Begins a transaction on the inner store, one for all types that begin in the same group. */
  begin(options: TransactionOptions | undefined): MaybePromise<Transaction>
}

const known = new WeakMap<Store, Hierarchy>()

/** The hierarchy of the types declared over this very store object. */
export function hierarchyOf(inner: Store): Hierarchy {
  const before = known.get(inner)
  if (before) return before
  inner.setSchema?.({ properties: { [tag]: { type: 'string', index: true } } })
  const made = hierarchy(inner)
  known.set(inner, made)
  return made
}

function hierarchy(inner: Store): Hierarchy {
  const families = new Map<string, Set<string>>()
  const declared = new Map<string, string>()

  function familyOf(type: string): Set<string> {
    const family = families.get(type) ?? new Set([type])
    families.set(type, family)
    return family
  }

  return {
    begin: sharing(inner),
    declare(type, above) {
      const said = JSON.stringify([...new Set(above)].sort())
      const before = declared.get(type) ?? said
      if (before !== said)
        throw new TypeError(`the type ${type} extends ${before} already, so it cannot extend ${said}`)
      const family = familyOf(type)
      for (const each of above) {
        if (family.has(each))
          throw new TypeError(`the type ${type} cannot extend ${each}, which is ${type} or below it`)
      }
      declared.set(type, said)
      for (const each of above) familyOf(each)
      for (const members of families.values()) {
        if (above.some(each => members.has(each))) for (const each of family) members.add(each)
      }
      return family
    },
  }
}
