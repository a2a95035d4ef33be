/** Which part keeps what: objects are taken apart and put together here. */
import { StoreError } from '../../lib/errors.js'
import { idPropertyOf } from '../../lib/id-property.js'
import { define } from '../../lib/query/project.js'
import type { Data, Store } from '../../lib/store.js'

/** A store that keeps some of the properties of each object. */
export interface Part<S extends Store = Store> {
  readonly store: S
  /** The properties that it keeps. One part may leave them out: it keeps all others. */
  readonly properties?: readonly string[] | undefined
  /** The property that holds the id in this store: as the store says, else that of the whole objects, by default. */
  readonly idProperty?: string | undefined
}

/** What one part keeps of an object, with its id; `undefined` where there is nothing to keep. */
export type Piece = object | undefined

export interface Layout {
  readonly idProperty: string
  /** The id properties of the parts. */
  readonly idProperties: readonly string[]
  /** The position of the part that keeps the property, if one does. The id counts as the first part's. */
  keeperOf(name: string): number | undefined
  /** The pieces of an object that carries its id, one for each part; the first is always there. */
  split(object: object): readonly Piece[]
  /** The object; `undefined` without its first piece. */
  merge(pieces: readonly Piece[]): object | undefined
}

/** Checks the parts, and says what each of them keeps. */
export function layout(parts: readonly Part[], idProperty: string): Layout {
  checkStores(parts)
  const idProperties = parts.map(part => idPropertyOf(part.store, part.idProperty, idProperty))
  const keepers = keepersOf(parts, idProperty, idProperties)
  const rest = parts.findIndex(({ properties }) => properties === undefined)

  function keeperOf(name: string): number | undefined {
    if (name === idProperty) return 0
    const keeper = keepers.get(name)
    if (keeper !== undefined) return keeper
    return rest < 0 || name === idProperties[rest] ? undefined : rest
  }

  return {
    idProperty,
    idProperties,
    keeperOf,
    split(object) {
      const pieces: Data[] = parts.map(() => ({}))
      const kept = new Set([0])
      for (const [name, value] of Object.entries(object)) {
        if (name === idProperty) {
          for (const [at, piece] of pieces.entries()) define(piece, idProperties[at] as string, value)
          continue
        }
        const at = keeperOf(name)
        if (at === undefined) throw new StoreError('DataError', `no part keeps the property ${name}`)
        define(pieces[at] as Data, name, value)
        kept.add(at)
      }
      return pieces.map((piece, at) => (kept.has(at) ? piece : undefined))
    },
    merge(pieces) {
      if (pieces[0] === undefined) return undefined
      const merged: Data = {}
      for (const [at, piece] of pieces.entries()) {
        for (const [name, value] of Object.entries(piece ?? {})) {
          if (name === idProperties[at]) {
            if (at === 0) define(merged, idProperty, value)
          } else if (name !== idProperty && keeperOf(name) === at) {
            // what else a store keeps is none of ours
            define(merged, name, value)
          }
        }
      }
      return merged
    },
  }
}

function checkStores(parts: readonly Part[]): void {
  if (!Array.isArray(parts) || parts.length === 0) throw new TypeError('an aggregate is made of one part or more')
  const stores = new Set<unknown>()
  for (const { store } of parts as readonly Partial<Part>[]) {
    if (typeof store !== 'object' || store === null) throw new TypeError('each part is { store, properties? }')
    if (stores.has(store)) throw new TypeError('a store can be one part only: the second would write over the first')
    stores.add(store)
  }
}

/** The positions of the parts by the properties that they name. */
function keepersOf(parts: readonly Part[], idProperty: string, idProperties: readonly string[]): Map<string, number> {
  const keepers = new Map<string, number>()
  let rest = 0
  for (const [at, { properties }] of parts.entries()) {
    if (properties === undefined && rest++ > 0) throw new TypeError('only one part can keep all other properties')
    for (const name of properties ?? []) {
      if (typeof name !== 'string') throw new TypeError('the properties of a part are names')
      if (name === idProperty || name === idProperties[at])
        throw new TypeError(`${name} is the id: every part keeps it`)
      if (keepers.has(name)) throw new TypeError(`${name} is kept by one part only, and two of them name it`)
      keepers.set(name, at)
    }
  }
  return keepers
}
