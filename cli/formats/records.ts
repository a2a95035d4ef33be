/** The objects of a file, one after the other, with the lines where they stand. Reading it again gives the same. */
import { createReadStream } from 'node:fs'
import { parse } from '../../lib/json.js'
import { describe } from '../../lib/value.js'
import { faultIn, lineAndColumn } from '../../stores/json-file/locate.js'
import type { Format } from '../output/format.js'
import { items } from './items.js'
import { lines, type Piece } from './lines.js'
import { cellValue, type Kind, kindsOf, type Row, rows } from './rows.js'

export type Records = () => AsyncIterable<Piece<object>>

/** `text`: no cell of CSV is taken for anything else. */
export async function records(file: string, format: Format, text: boolean, signal: AbortSignal): Promise<Records> {
  const source = () => lines(createReadStream(file, { signal, highWaterMark: 2 ** 18 }))
  if (format === 'ndjson') return () => parsed(notBlank(source()))
  if (format === 'json') return () => parsed(items(source()))
  const kinds = text ? [] : await kindsOf(rows(source()))
  return () => named(rows(source()), kinds)
}

async function* notBlank(source: AsyncIterable<Piece<string>>) {
  for await (const piece of source) if (piece.value?.trim() !== '') yield piece
}

async function* parsed(source: AsyncIterable<Piece<string>>): AsyncGenerator<Piece<object>, undefined> {
  for await (const { line, value, problem } of source) {
    yield value === undefined ? { line, problem: problem as string } : objectIn(value, line)
  }
}

function objectIn(text: string, line: number): Piece<object> {
  try {
    const value = parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { line, value }
    return { line, problem: `${describe(value)} stands where an object is expected` }
  } catch (error) {
    const { message } = error as Error
    if (!message.startsWith('not JSON')) return { line, problem: message }
    const at = lineAndColumn(text, faultIn(text))
    const [, below = '1', column] = /line (\d+), column (\d+)/.exec(at) ?? []
    return { line: line + Number(below) - 1, problem: `not JSON at column ${column}` }
  }
}

async function* named(
  source: AsyncIterable<Piece<Row>>,
  kinds: readonly Kind[],
): AsyncGenerator<Piece<object>, undefined> {
  let header: readonly string[] | undefined
  for await (const { line, value: row, problem } of source) {
    if (!row) yield { line, problem: problem as string }
    else if (header) yield objectOf(row, header, kinds, line)
    else {
      header = row.map(name => name ?? '')
      const twice = header.find((name, at) => name === '' || header?.indexOf(name) !== at)
      if (twice === undefined) continue
      return yield { line, problem: twice === '' ? 'a column has no name' : `two columns are named ${twice}` }
    }
  }
}

function objectOf(row: Row, header: readonly string[], kinds: readonly Kind[], line: number): Piece<object> {
  if (row.length !== header.length)
    return { line, problem: `${row.length} cells stand where ${header.length} are expected` }
  const cells = row.flatMap((cell, at) =>
    cell === undefined ? [] : [[header[at], cellValue(cell, kinds[at])] as const],
  )
  return { line, value: Object.fromEntries(cells) }
}
