/** The rows that one reader sees: those of the index, and in their place those of objects that it does not know. */
import type { Doubt } from '../../lib/derived/one-state.js'
import type { Overlay } from '../../lib/derived/transactions.js'
import type { Id } from '../../lib/store.js'
import { type Emitted, type Failure, isFailure } from './emitted.js'
import type { Question } from './question.js'
import { type Held, order, type Row, type RowIndex, type Rows, rowsOf } from './rows.js'

export interface Seen {
  /** The rows that are asked for, in their order. To be read before the next change. */
  readonly rows: Iterable<Row>
  /** Why the view cannot be asked. */
  readonly failure: Failure | undefined
}

interface Seeing {
  readonly index: RowIndex
  /** The position of the view. */
  readonly at: number
  readonly asked: Question
  readonly overlay: Overlay<Held> | undefined
  readonly doubt: Doubt
  /** What the objects in doubt emit. */
  readonly fresh: readonly (readonly [key: Id, emitted: Emitted | undefined])[]
}

export function seen({ index, at, asked, overlay, doubt, fresh }: Seeing): Seen {
  const view = index.views[at] as Rows
  const own: (readonly [Id, Emitted | undefined])[] = [...fresh]
  if (doubt !== 'all' && overlay) for (const [key, held] of overlay.written) own.push([key, held?.[at]])
  if (doubt === 'all') return { rows: extra(own, asked), failure: failureIn(own) }
  if (own.length === 0 && doubt.size === 0) return { rows: base(view, asked), failure: firstOf(view.failures.values()) }
  const isHidden = (key: Id) => doubt.has(key) || overlay?.written.has(key) === true
  const failures = [...view.failures].filter(([key]) => !isHidden(key))
  return {
    rows: merged(base(view, asked), isHidden, extra(own, asked), signOf(asked)),
    failure: failures[0]?.[1] ?? failureIn(own),
  }
}

const signOf = ({ of }: Question) => (of.descending ? -1 : 1)

function* base({ sorted }: Rows, { of, begins, ends }: Question): Generator<Row> {
  for (const row of of.descending ? sorted.before(row => !begins(row)) : sorted.from(begins)) {
    if (ends(row)) return
    yield row
  }
}

function extra(own: readonly (readonly [Id, Emitted | undefined])[], asked: Question): Row[] {
  const sign = signOf(asked)
  return own
    .flatMap(([, emitted]) => rowsOf(emitted).filter(row => asked.begins(row) && !asked.ends(row)))
    .sort((a, b) => order(a, b) * sign)
}

function* merged(
  base: Iterable<Row>,
  isHidden: (key: Id) => boolean,
  extra: readonly Row[],
  sign: number,
): Generator<Row> {
  let next = 0
  for (const row of base) {
    if (isHidden(row.place)) continue
    while (next < extra.length && order(extra[next] as Row, row) * sign < 0) yield extra[next++] as Row
    yield row
  }
  yield* extra.slice(next)
}

function failureIn(own: readonly (readonly [Id, Emitted | undefined])[]): Failure | undefined {
  return own.map(([, emitted]) => emitted).find(isFailure)
}

function firstOf<V>(values: Iterable<V>): V | undefined {
  for (const value of values) return value
  return undefined
}
