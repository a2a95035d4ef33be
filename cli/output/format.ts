/** How objects are written: as lines of extended JSON, an array of them, a table of commas, or a table for people. */
import { stringify } from '../../lib/json.js'
import { cellsOf, csvLine } from '../../server/negotiate/csv.js'
import { usage } from '../failure.js'
import { safe } from './safe.js'

export const formats = ['ndjson', 'json', 'csv'] as const
export type Format = (typeof formats)[number]

/** The format that was asked for, or that the name of a file says; NDJSON where there is no file. */
export function formatOf(asked: unknown, file: string | undefined): Format {
  const ending = file === undefined ? 'ndjson' : (file.toLowerCase().split('.').pop() as string)
  const name = asked ?? (ending === 'jsonl' ? 'ndjson' : ending)
  if (formats.includes(name as Format)) return name as Format
  if (asked !== undefined) throw usage(`${String(asked)} is no format`, `--format takes ${formats.join(', ')}`)
  throw usage(`the name of ${file} does not say the format`, `say --format ${formats.join(', or ')}`)
}

/**
 * The objects as text, piece by piece. `plain` leaves out what a terminal could take for a command. CSV asks for the objects twice,
 * as its first line names all columns.
 */
export async function* printed(
  objects: () => AsyncIterable<unknown> | Iterable<unknown>,
  format: Format,
  plain = false,
): AsyncGenerator<string> {
  const text = plain ? safe : (given: string) => given
  if (format === 'csv') return yield* csv(objects, text)
  let first = true
  if (format === 'json') yield '['
  for await (const object of objects()) {
    const line = text(stringify(object))
    yield format === 'ndjson' ? `${line}\n` : `${first ? '\n' : ',\n'}${line}`
    first = false
  }
  if (format === 'json') yield first ? ']\n' : '\n]\n'
}

async function* csv(objects: () => AsyncIterable<unknown> | Iterable<unknown>, text: (given: string) => string) {
  const names = new Set<string>()
  for await (const object of objects()) for (const name of Object.keys(named(object))) names.add(name)
  const columns = [...names]
  if (columns.length === 0) return
  yield `${text(csvLine(columns))}\n`
  for await (const object of objects()) {
    // a column that has come since then belongs to the next time
    yield `${text(csvLine(cellsOf(named(object), columns)))}\n`
  }
}

function named(object: unknown): Record<string, unknown> {
  const isNamed = typeof object === 'object' && object !== null && !Array.isArray(object)
  return isNamed ? (object as Record<string, unknown>) : { value: object }
}
