import type { Path } from '../../lib/query/expression.js'
import type { Id } from '../../lib/store.js'
import type { IndexDefinition } from '../table/index.js'
import type { Columns } from './column.js'
import type { Cell } from './driver.js'
import type { RowNames } from './redo.js'

/**
 * How the objects of a store lie in their table. Never changes: after a change of the table there is another layout.
 */
export interface Layout {
  readonly columns: Columns
  /** The properties that are unique, by what SQLite calls their columns. */
  readonly unique: ReadonlyMap<string, Path>
  readonly names: RowNames
  /** What SQL is made of: quoted names, and expressions of them. */
  readonly sql: LayoutSql
  /** The cell of an id; `undefined` if the table cannot hold such an id. */
  key(id: Id): Cell | undefined
  /** The id of a row that the database has numbered; `undefined` if it does not make the ids. */
  readonly numbered: ((row: bigint) => Id) | undefined
  /** An id as the table gives it back. */
  idFor(id: Id): Id
  /** The row of an object, in the order of `insert`; without an id if the database is to make it. */
  cells(object: object, id: Id | undefined): Cell[]
  /** The object of a row that was read. */
  object(row: unknown): object
}

export interface LayoutSql {
  readonly table: string
  /** The id in comparisons. */
  readonly id: string
  /** What of a row is read, to make its object. */
  readonly row: string
  /** The order of the ids. */
  readonly order: string
  /** Holds for rows whose columns do not tell everything; they are found quickly. `undefined` if there are none. */
  readonly marked: string | undefined
  readonly get: string
  readonly insert: string
  readonly upsert: string
  readonly delete: string
  /** Deletes a row and gives it. */
  readonly take: string
}

/** A table with the layout that it has now. */
export interface Table {
  readonly idProperty: string
  readonly layout: Layout
  /** Reads the layout again: somebody else has changed the table. */
  reload(): void
  /** Adds indexes over what is there; a `ConstraintError` if it is not unique. Gives those that were not there. */
  addIndexes(definitions: readonly IndexDefinition[]): readonly Path[]
  /** Drops an index, unless it is unique; a column that was made for it stays. */
  dropIndex(path: Path): void
}
