import { StoreError } from '../../lib/errors.js'
import { compareKeys } from '../../lib/id.js'
import { compare, rank } from '../../lib/order.js'
import type { Access } from '../../lib/query/access.js'
import type { Path } from '../../lib/query/expression.js'
import { pathKey, reader } from '../../lib/query/path.js'
import { type Position, type Sorted, sorted } from './sorted.js'

/** What to keep in order: a property, whose values may have to be unique. */
export type IndexDefinition = Path | { readonly path: Path; readonly unique?: boolean }

/** An object and the key of its id. */
export interface Row<T> {
  readonly key: string | number
  object: T
}

/** The rows in the order of one property, then of the id. Rows without the property come first. */
export interface Index<T extends object> {
  readonly path: Path
  readonly unique: boolean
  readonly read: (object: object) => unknown
  readonly rows: Sorted<Row<T>>
  /** What an access selects. */
  ranges(access: Access): [start: Position, end: Position][]
  /** The first row that has this value. */
  holder(value: unknown): Row<T> | undefined
}

export function pathOf(definition: IndexDefinition): Path {
  return typeof definition === 'object' && 'path' in definition ? definition.path : definition
}

export function index<T extends object>(definition: IndexDefinition): Index<T> {
  const path = pathOf(definition)
  const unique = typeof definition === 'object' && 'path' in definition && definition.unique === true
  const read = reader(path)
  const rows = sorted<Row<T>>((a, b) => compare(read(a.object), read(b.object)) || compareKeys(a.key, b.key))

  const reaching = (value: unknown) => rows.seek(row => compare(read(row.object), value) >= 0)
  const passing = (value: unknown) => rows.seek(row => compare(read(row.object), value) > 0)

  return {
    path,
    unique,
    read,
    rows,
    ranges({ values, lower, lowerOpen, upper, upperOpen }) {
      if (values) return values.map(value => [reaching(value), passing(value)])
      // a bound only matches within its own type
      const type = rank(lower ?? upper)
      const bounds: [Position, Position] = [
        lower === undefined
          ? rows.seek(row => rank(read(row.object)) >= type)
          : (lowerOpen ? passing : reaching)(lower),
        upper === undefined ? rows.seek(row => rank(read(row.object)) > type) : (upperOpen ? reaching : passing)(upper),
      ]
      return rows.count(...bounds) > 0 ? [bounds] : []
    },
    holder(value) {
      const [row] = rows.slice(reaching(value), passing(value))
      return row
    },
  }
}

/** Two objects may not have the same value; having none is no value. */
export function isUniqueValue(value: unknown): boolean {
  return value !== undefined && value !== null
}

export function notUnique(path: Path, value: unknown, id: string | number): StoreError {
  const shown = typeof value === 'object' ? 'the same value' : `${String(value).slice(0, 64)}`
  return new StoreError('ConstraintError', `${pathKey(path)} must be unique, and ${shown} is taken`, { id })
}
