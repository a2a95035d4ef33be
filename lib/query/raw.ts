/** Arguments as they stand in the text, until it is known what their operator takes. */
import { StoreError } from '../errors.js'
import { convert, decode } from './convert.js'
import { type Expression, isExpression } from './expression.js'
import type { Slot } from './table.js'

/** A piece of the text, without parentheses, commas, `&` and `|`. */
export class Piece {
  constructor(
    readonly start: number,
    readonly text: string,
  ) {}
}

/** What stood in parentheses: a list of values, a path, or a group of one condition. */
export class List {
  constructor(
    readonly start: number,
    readonly items: readonly Raw[],
  ) {}
}

export type Raw = Piece | List | Expression

/** What is needed to make arguments of raw ones. */
export interface Source {
  readonly parameters: readonly unknown[] | undefined
  /** Where to say that an error is. */
  mark: number
}

/** What a raw argument means in its place. Whether the operator takes it is checked when its node is made. */
export function argumentOf(source: Source, slot: Slot, raw: Raw): unknown {
  switch (slot) {
    case 'condition':
    case 'term':
      return condition(source, raw)
    case 'path':
    case 'column':
    case 'key':
      return isExpression(raw) ? raw : path(source, raw)
    case 'count':
      if (raw instanceof Piece && raw.text === 'Infinity') return Infinity
      return value(source, raw)
    default:
      if (isExpression(raw)) return raw
      return slot === 'pattern' && raw instanceof Piece ? pattern(source, raw) : value(source, raw)
  }
}

/** The condition or stage that stands here, maybe in parentheses of its own. */
export function condition(source: Source, raw: Raw): Expression {
  if (isExpression(raw)) return raw
  if (raw instanceof List && raw.items.length === 1) return condition(source, raw.items[0] as Raw)
  source.mark = raw.start
  return fail(raw instanceof List ? 'a list is not a condition' : 'a condition has an operator, as in name=value')
}

/** A name, or the names of a path. In a name only `string:` converts, and nothing but a parameter has another meaning. */
function path(source: Source, raw: Piece | List): unknown {
  source.mark = raw.start
  if (raw instanceof List) return raw.items.map(item => nameOf(source, item))
  const { text } = raw
  if (isParameter(text)) return boundPath(source, text)
  const names = text.startsWith('string:') ? text.slice(7) : text
  return names.includes('/') ? names.split('/').map(decode) : decode(names)
}

function boundPath(source: Source, text: string): unknown {
  const bound = parameter(source, text)
  return typeof bound === 'string' || Array.isArray(bound) ? bound : fail('a path has only names')
}

function nameOf(source: Source, raw: Raw): unknown {
  if (raw instanceof Piece) return path(source, raw)
  source.mark = isExpression(raw) ? source.mark : raw.start
  return fail('a path has only names')
}

function value(source: Source, raw: Raw): unknown {
  if (isExpression(raw)) return fail(`a value may not hold the expression ${raw.name}(…)`)
  source.mark = raw.start
  if (raw instanceof List) return raw.items.map(item => value(source, item))
  const { text } = raw
  return text.includes('/') ? text.split('/').map(part => single(source, part)) : single(source, text)
}

function single(source: Source, text: string): unknown {
  return isParameter(text) ? parameter(source, text) : convert(text)
}

/** Words are text, whatever they look like. */
function pattern(source: Source, { start, text }: Piece): unknown {
  source.mark = start
  return isParameter(text) ? parameter(source, text) : convert(text, decode)
}

const isParameter = (text: string) => text.charCodeAt(0) === 36 && /^\$\d+$/.test(text)

function parameter({ parameters }: Source, text: string): unknown {
  const position = Number(text.slice(1))
  if (parameters && position >= 1 && position <= parameters.length) {
    const bound = parameters[position - 1]
    // as a value an expression is but an object
    return isExpression(bound) ? { ...bound } : bound
  }
  return fail(`there is no parameter ${text.slice(0, 16)}; a $ that is a character is %24`)
}

function fail(message: string): never {
  throw new StoreError('DataError', message)
}
