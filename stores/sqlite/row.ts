/**
 * Objects as rows of a column per property, and back. What the columns cannot hold is in a document beside them, if
 * there is one.
 */
import { StoreError } from '../../lib/errors.js'
import { sameId } from '../../lib/id.js'
import { stringify } from '../../lib/json.js'
import { define } from '../../lib/query/project.js'
import type { Id } from '../../lib/store.js'
import { describe } from '../../lib/value.js'
import type { Codec } from './column-types.js'
import { documentOf } from './document-layout.js'
import type { Cell } from './driver.js'
import { marked } from './mark.js'

/** A property and its column. */
export interface Field {
  readonly property: string
  readonly column: string
  readonly codec: Codec
  readonly unique: boolean
  read(object: object): unknown
}

export interface RowFormat {
  readonly table: string
  readonly idProperty: string
  readId(object: object): unknown
  readonly fields: readonly Field[]
  /** Is there a column for a document? */
  readonly document: boolean
  /** The id that a cell stands for. */
  idOf(cell: Cell): Id
}

type Data = Record<string, unknown>

/** The object of a row: the id, the cells of the fields, the document. */
export function objectOf(row: readonly Cell[], { idProperty, fields, idOf }: RowFormat): Data {
  const id = idOf(row[0] as Cell)
  const text = row[fields.length + 1]
  if (typeof text === 'string') return withDocument(row, id, documentOf(text) as Data, idProperty, fields)
  const object: Data = {}
  define(object, idProperty, id)
  for (let at = 0; at < fields.length; at++) {
    const { property, codec } = fields[at] as Field
    const value = codec.read(row[at + 1] as Cell)
    if (value !== undefined) define(object, property, value)
  }
  return object
}

/** A document that has the id has all names, in their order; any other those that come after the columns. */
function withDocument(
  row: readonly Cell[],
  id: Id,
  document: Data,
  idProperty: string,
  fields: readonly Field[],
): Data {
  const ordered = Object.hasOwn(document, idProperty)
  const own = ordered ? document[idProperty] : undefined
  const values = new Map<string, unknown>([[idProperty, isId(own) && sameId(own, id) ? own : id]])
  for (const [at, { property, codec }] of fields.entries()) values.set(property, codec.read(row[at + 1] as Cell))
  const [first, then] = ordered ? [Object.keys(document), values.keys()] : [values.keys(), Object.keys(document)]
  const object: Data = {}
  for (const name of new Set([...first, ...then])) {
    let value = values.get(name)
    if (value === undefined && Object.hasOwn(document, name)) value = document[name]
    if (value !== undefined) define(object, name, value)
  }
  return object
}

const isId = (value: unknown): value is Id => typeof value === 'string' || typeof value === 'number'

/**
 * The row of an object; `idCell` is null if the database makes the id. A `DataError` if it would not come back as it
 * is.
 */
export function rowOf(object: object, idCell: Cell, format: RowFormat): Cell[] {
  const { fields, document, idOf } = format
  const row: Cell[] = [idCell]
  const rest = new Map<string, unknown>()
  const own = format.readId(object) as Id
  const renamed = idCell !== null && own !== idOf(idCell)
  if (renamed && !document) {
    const kept = JSON.stringify(idOf(idCell))
    throw new StoreError('DataError', `the table ${format.table} keeps the id ${kept}, not ${JSON.stringify(own)}`)
  }
  let untold = renamed
  const names: string[] = [format.idProperty]
  for (const field of fields) {
    const value = field.read(object)
    const cell = value === undefined ? null : field.codec.write(value)
    row.push(cell ?? null)
    if (value !== undefined) names.push(field.property)
    if (cell !== undefined) continue
    if (!document || (field.unique && value !== null)) refuse(field, value)
    rest.set(field.property, value)
    untold ||= value !== null
  }
  const all = Object.keys(object)
  const known = new Set(names)
  for (const name of all) {
    if (known.has(name)) continue
    if (!document) throw new StoreError('DataError', `the table ${format.table} has no column for ${name}`)
    names.push(name)
    rest.set(name, Object.getOwnPropertyDescriptor(object, name)?.value)
  }
  if (document) {
    const ordered = renamed || names.some((name, at) => name !== all[at])
    if (renamed) rest.set(format.idProperty, own)
    row.push(documentText(ordered ? all : [...rest.keys()], rest, untold))
  }
  return row
}

function refuse({ property, column }: Field, value: unknown): never {
  const hint = value === null ? ': leave it out' : ''
  throw new StoreError('DataError', `the column ${column} cannot hold ${property} as it is, ${describe(value)}${hint}`)
}

/** What the columns hold is null in it: there only to keep its place. */
function documentText(names: readonly string[], rest: ReadonlyMap<string, unknown>, untold: boolean): Cell {
  if (names.length === 0) return null
  const document: Data = {}
  for (const name of names) define(document, name, rest.get(name) ?? null)
  return marked(stringify(document), untold)
}
