import { StoreError } from '../../lib/errors.js'
import type { Expression } from '../../lib/query/expression.js'
import type { Plan } from '../../lib/query/plan.js'
import { counted, run } from '../../lib/query/run.js'
import { copy } from '../../lib/value.js'
import type { Connection } from './connection.js'
import type { Cell } from './driver.js'
import { failure } from './failure.js'
import type { Layout } from './layout.js'
import { limitOf, type Question, question } from './question.js'
import type { Reader } from './readers.js'
import { reduction, rowCount } from './reduction.js'

/** The large results of a store. */
export interface LargeResults {
  /** Those that are being read: each can be ended before its time, because the store is closed. */
  readonly held: Set<{ end(): void }>
  /** What was large the last time it was asked. */
  readonly expected: Set<string>
}

/** How many rows are read at once. Only a result that is larger holds its connection while it is iterated. */
const atOnce = 1000

/** The answer to a plan from what the connection sees now, read at once; the objects are made one by one. */
export function answer(connection: Connection, layout: Layout, plan: Plan): Iterable<unknown> {
  const reduced = reduction(connection, layout, plan)
  if (reduced) return reduced
  const asked = question(connection, layout, plan)
  return finished(objectsOf(connection.all(...selection(layout, asked)), layout), asked)
}

/** The same through a reader that is given back as soon as it is not needed: for a large result, at the end of it. */
export function answerFrom(reader: Reader, layout: Layout, plan: Plan, large: LargeResults): Iterable<unknown> {
  let keep = false
  try {
    const { connection } = reader
    const reduced = reduction(connection, layout, plan)
    if (reduced) return reduced
    const asked = question(connection, layout, plan)
    if (asked.count <= atOnce || !large.expected.has(keyOf(asked))) {
      const rows = connection.all(...selection(layout, asked, true))
      if (rows.length <= atOnce) return finished(objectsOf(rows, layout), asked)
      if (large.expected.size > 100) large.expected.clear()
      large.expected.add(keyOf(asked))
    }
    keep = true
    return finished(streamed(reader, layout, asked, large), asked)
  } finally {
    if (!keep) reader.giveBack()
  }
}

type Selection = [sql: string, ...cells: Cell[]]

function selection({ sql: { row } }: Layout, { from, cells, order, start, count }: Question, trial = false): Selection {
  const text = `SELECT ${row} ${from} ORDER BY ${order}`
  if (trial && start === 0 && count === Infinity) return [`${text} LIMIT ${atOnce + 1}`, ...cells]
  if (start === 0 && count === Infinity) return [text, ...cells]
  const limit = trial ? Math.min(count, atOnce + 1) : count
  // SQLite would prepare the statement again for each value of a parameter that stands alone
  return [`${text} LIMIT ? + 0 OFFSET ? + 0`, ...cells, limit === Infinity ? -1n : BigInt(limit), BigInt(start)]
}

const keyOf = ({ from, order }: Question) => from + order

function finished(objects: Iterable<object>, { rest }: Question): Iterable<unknown> {
  const items = run(objects, rest)
  return rest.stages.every(({ name }) => separate.has(name)) ? items : copies(items)
}

/** The stages whose results have nothing in common with each other, so that they need not be copied. */
const separate = new Set(['sort', 'limit', 'first', 'one', 'select', 'unselect', 'distinct'])

function* copies(items: Iterable<unknown>): Generator<unknown> {
  for (const item of items) yield copy(item)
}

function* objectsOf(rows: Iterable<unknown>, { object }: Layout): Generator<object> {
  try {
    for (const row of rows) yield object(row)
  } catch (error) {
    throw failure(error)
  }
}

/** Reads on while it is iterated. It has begun when this returns, so that it sees the state of now. */
function streamed(reader: Reader, layout: Layout, asked: Question, large: LargeResults): Iterable<object> {
  const rows = reader.connection.iterate(...selection(layout, asked))
  let state: 'open' | 'ended' | 'closed' = 'open'
  let count = 0
  const held = { end: () => end('closed') }
  large.held.add(held)

  function end(as: 'ended' | 'closed'): void {
    if (state !== 'open') return
    state = as
    large.held.delete(held)
    rows.return?.()
    reader.giveBack()
  }

  function read(): IteratorResult<unknown> {
    try {
      return rows.next()
    } catch (error) {
      end('ended')
      throw failure(error)
    }
  }

  let row = read()
  return {
    [Symbol.iterator]: () => ({
      next() {
        if (state === 'closed') {
          state = 'ended'
          throw new StoreError('InvalidStateError', 'the store is closed')
        }
        if (state === 'ended' || row.done) {
          if (count <= atOnce && state === 'open') large.expected.delete(keyOf(asked))
          end('ended')
          return { value: undefined, done: true }
        }
        const { value } = row
        row = read()
        count++
        return { value: layout.object(value), done: false }
      },
      return() {
        end('ended')
        return { value: undefined, done: true }
      },
    }),
  }
}

/** How many objects the plan gives. */
export function countOf(connection: Connection, layout: Layout, { condition, stages }: Plan): number {
  const cuts = stages.filter(({ name }) => !neutral.has(name))
  const plain = cuts.every(({ name }) => name === 'limit' || name === 'first')
  if (plain) {
    const asked = question(connection, layout, { condition, stages: [] })
    if (asked.exact) return cuts.reduce(cut, rowCount(connection, asked))
  }
  const asked = question(connection, layout, { condition, stages: plain ? cuts : stages })
  return counted(objectsOf(iterated(connection, selection(layout, asked)), layout), asked.rest)
}

/** One row after the other, from when the first is asked for: a statement that has begun is open until it ends. */
function* iterated(connection: Connection, selected: Selection): Generator<unknown> {
  yield* connection.iterate(...selected)
}

/** The stages that do not change how many there are. */
const neutral = new Set(['sort', 'select', 'unselect'])

function cut(items: number, stage: Expression): number {
  const { count, start } = limitOf(stage) as { count: number; start: number }
  return Math.min(Math.max(items - start, 0), count)
}
