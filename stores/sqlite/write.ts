import { StoreError } from '../../lib/errors.js'
import { checkPrecondition } from '../../lib/etag.js'
import { checkId, toKey } from '../../lib/id.js'
import type { Identified } from '../../lib/identity.js'
import { reader } from '../../lib/query/path.js'
import { define } from '../../lib/query/project.js'
import type { DeleteOptions, Id, PutOptions } from '../../lib/store.js'
import { notUnique } from '../table/index.js'
import type { Decided } from '../table/write.js'
import type { Connection } from './connection.js'
import { codeOf } from './failure.js'
import type { Layout, Table } from './layout.js'
import type { RowChange } from './redo.js'

/** Reads one object. */
export function getRow(connection: Connection, { sql, key, object }: Layout, id: Id): object | undefined {
  const cell = key(checkId(id))
  const row = cell === undefined ? undefined : connection.get(sql.get, cell)
  return row === undefined ? undefined : object(row)
}

export interface Putting {
  readonly method: 'put' | 'add'
  readonly identified: Identified<object>
  readonly options: PutOptions
  /** Is what was there before to be told? */
  readonly followed: boolean
  /** Takes down what was done to the row. */
  readonly note?: Note | undefined
}

export type Note = (change: RowChange) => void

/** Must this write look before it writes, so that it needs a transaction? */
export function looksFirst({ ifMatch, ifNoneMatch }: PutOptions, followed: boolean): boolean {
  return followed || ifMatch !== undefined || ifNoneMatch !== undefined
}

/** Stores an object, by one statement if nothing has to be looked at before. */
export function putRow(connection: Connection, table: Table, putting: Putting): Decided<object> {
  const { method, identified, options, followed } = putting
  const { id, generated } = identified
  const once = method === 'add' || generated
  if (!looksFirst(options, followed)) return insertRow(connection, table, putting, once)
  // nothing can be stored under an id that is still to be made
  const previous = generated && table.layout.numbered ? undefined : getRow(connection, table.layout, id)
  if (previous && once) throw taken(putting)
  checkPrecondition(previous, options, id)
  return { ...insertRow(connection, table, putting, once), ...(previous && { previous }) }
}

function insertRow(connection: Connection, table: Table, putting: Putting, once: boolean): Decided<object> {
  const { id, object, generated } = putting.identified
  const { note } = putting
  for (let attempt = 1; ; attempt++) {
    const { sql, cells, names, numbered } = table.layout
    try {
      if (generated && numbered) {
        const made = numbered(connection.insert(sql.insert, ...cells(object, undefined)))
        define(object as Record<string, unknown>, table.idProperty, made)
        note?.({ ...names, cells: cells(object, made) })
        return { type: 'put', key: toKey(made), id: made, object }
      }
      const row = cells(object, id)
      connection.run(once ? sql.insert : sql.upsert, ...row)
      note?.({ ...names, cells: row })
      return { type: 'put', key: toKey(id), id, object }
    } catch (error) {
      if (attempt > 1 || !isOutdated(error)) throw explained(error, table.layout, putting)
      table.reload()
    }
  }
}

/** Has another process added a column, which a row must fill? */
function isOutdated(error: unknown): boolean {
  return codeOf(error) === 'SQLITE_ERROR' && (error as Error).message.includes('values were supplied')
}

function taken({ method, identified: { id } }: Putting, cause?: unknown): StoreError {
  return new StoreError('ConstraintError', `something is already stored under ${id}`, { method, id, cause })
}

/** SQLite's refusal of a row in our words. */
function explained(error: unknown, { unique }: Layout, putting: Putting): unknown {
  const code = codeOf(error) ?? ''
  if (!code.startsWith('SQLITE_CONSTRAINT')) return error
  if (code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || code === 'SQLITE_CONSTRAINT_ROWID') return taken(putting, error)
  const { method, identified } = putting
  const { message, cause } = error as StoreError
  const column = (cause as Error).message.replace('UNIQUE constraint failed: ', '')
  const path = unique.get(column)
  if (path === undefined) return new StoreError('ConstraintError', message, { method, id: identified.id, cause })
  return notUnique(path, reader(path)(identified.object), identified.id)
}

/** Deletes an object; `undefined` if there is none. */
export function deleteRow(
  connection: Connection,
  { layout: { sql, key, object, names } }: Table,
  id: Id,
  { ifMatch }: DeleteOptions,
  { followed, note }: Pick<Putting, 'followed' | 'note'>,
): Decided<object> | undefined {
  const cell = key(checkId(id))
  const decided = { type: 'delete', key: toKey(id), id } as const
  if (cell === undefined) {
    checkPrecondition(undefined, { ifMatch }, id)
    return undefined
  }
  if (ifMatch !== undefined) {
    const row = connection.get(sql.get, cell)
    checkPrecondition(row === undefined ? undefined : object(row), { ifMatch }, id)
  }
  const row = followed ? connection.get(sql.take, cell) : connection.run(sql.delete, cell) || undefined
  if (row === undefined) return undefined
  note?.({ table: names.table, id: names.id, key: cell })
  return followed ? { ...decided, previous: object(row) } : decided
}
