import type { Derivation } from '../../lib/derived/derivation.js'
import { StoreError } from '../../lib/errors.js'
import { type Mapping, mapping } from './emitted.js'
import { builtIns } from './reduce.js'
import { type Held, type RowIndex, rowIndex } from './rows.js'
import type { Reduce, ViewDefinition } from './types.js'

/** The views over a store. */
export interface Views {
  readonly names: readonly string[]
  readonly idProperty: string
  readonly mapping: Mapping
  readonly index: RowIndex
  readonly reductions: readonly (ViewDefinition['reduce'] | Reduce)[]
  /** Where a view is among them, or a `NotFoundError`. */
  position(name: string): number
}

export function viewsOf(definitions: Readonly<Record<string, ViewDefinition>>, idProperty: string): Views {
  const names = Object.keys(definitions)
  if (names.length === 0) throw new TypeError('views need the definition of at least one')
  const chosen = names.map(name => checked(name, definitions[name]))
  return {
    names,
    idProperty,
    mapping: mapping(chosen, idProperty),
    index: rowIndex(names.length),
    reductions: chosen.map(({ reduce }) => reduce),
    position(name) {
      const at = names.indexOf(name)
      if (at >= 0) return at
      throw new StoreError('NotFoundError', `there is no view ${String(name)}, but ${names.join()}`, { method: 'view' })
    },
  }
}

const kinds = /^\[object (?:Async|Generator|AsyncGenerator)Function\]$/

function checked(name: string, definition: ViewDefinition | undefined): ViewDefinition {
  const { map, reduce } = definition ?? ({} as Partial<ViewDefinition>)
  if (typeof map !== 'function') throw new TypeError(`the view ${name} needs a function, map`)
  if (kinds.test(Object.prototype.toString.call(map))) throw new TypeError(`the map of the view ${name} is synchronous`)
  if (reduce !== undefined && typeof reduce !== 'function' && !builtIns.includes(reduce)) {
    throw new TypeError(`the reduce of the view ${name} is a function, or one of ${builtIns}`)
  }
  return { map: map.bind(definition), reduce: typeof reduce === 'function' ? reduce.bind(definition) : reduce }
}

/** How their rows are kept up. */
export function rowsKept({ mapping, index, idProperty }: Views): Derivation<Held> {
  return {
    idProperty,
    read: object => mapping.map(object),
    note(write) {
      mapping.guard(write.method)
      // many may be written before a view is asked for: then each is mapped once, as the store has it
      return undefined
    },
    apply: index.apply,
    holds: (key, object) => !object && !index.held.has(key),
    keys: () => index.held.keys(),
  }
}
