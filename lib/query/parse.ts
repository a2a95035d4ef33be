import { isStoreError, StoreError } from '../errors.js'
import type { Expression } from './expression.js'
import { queryLimits } from './limits.js'
import { Reader } from './reader.js'

export { queryLimits } from './limits.js'

export interface ParseOptions {
  /** The values of `$1`, `$2`, … They are always values, whatever they hold. */
  readonly parameters?: readonly unknown[] | undefined
}

/**
 * Reads RQL text; always gives an `and` at the top, empty text an empty one. Time is linear in the text; a text that is
 * not RQL, or exceeds `queryLimits`, is a `DataError` that says where. A leading `?` is skipped.
 */
export function parse(text: string, { parameters }: ParseOptions = {}): Expression {
  if (typeof text !== 'string') throw new TypeError('RQL is a string')
  if (text.length > queryLimits.length) {
    throw new StoreError('DataError', `a query may have ${queryLimits.length} characters, not ${text.length}`)
  }
  const known = parameters === undefined ? (recent.get(text) ?? older.get(text)) : undefined
  if (known !== undefined) return known
  const expression = read(text, parameters)
  if (parameters === undefined && text.length <= short && !mutable.test(text)) remember(text, expression)
  return expression
}

/** Trees are frozen, so texts that come again and again can share theirs: a few hundred, if they are short. */
let recent = new Map<string, Expression>()
let older = recent
const kept = 500
const short = 256
/** Only a text with a colon can hold a date or bytes, which freezing does not protect. */
const mutable = /:|%3a/i

/** Forgets half of what it knows at a time, which costs less than one by one. */
function remember(text: string, expression: Expression): void {
  if (recent.size >= kept) {
    older = recent
    recent = new Map()
  }
  recent.set(text, expression)
}

function read(text: string, parameters: readonly unknown[] | undefined): Expression {
  const reader = new Reader(text, parameters)
  try {
    return reader.query()
  } catch (cause) {
    if (!isStoreError(cause)) throw cause
    throw new StoreError(cause.name, `${cause.message}, at ${reader.mark}: ${excerpt(text, reader.mark)}`, { cause })
  }
}

function excerpt(text: string, at: number): string {
  return at < text.length ? JSON.stringify(text.slice(at, at + 32)) : 'the end'
}
