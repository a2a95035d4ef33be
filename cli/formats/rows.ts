/** The rows of a CSV file (RFC 4180), each with the line where it begins. */
import { StoreError } from '../../lib/errors.js'
import { csvReader } from '../../server/negotiate/csv.js'
import type { Piece } from './lines.js'

/** Characters of one row. */
const longest = 2 ** 24

export type Row = readonly (string | undefined)[]

export async function* rows(source: AsyncIterable<Piece<string>>): AsyncGenerator<Piece<Row>, undefined> {
  const reader = csvReader(longest, () => new StoreError('DataError', `a row has more than ${longest} characters`))
  let began = 0
  for await (const { line, value, problem } of source) {
    began ||= line
    if (value === undefined) return yield { line, problem: problem as string }
    const found = reader.read(`${value}\n`)
    for (const row of found) yield { line: began, value: row }
    if (!reader.isOpen()) began = 0
  }
  try {
    for (const row of reader.end()) yield { line: began, value: row }
  } catch (error) {
    yield { line: began, problem: (error as Error).message }
  }
}

/** What the cells of a column are: of one kind, or text. */
export type Kind = 'number' | 'boolean' | 'json' | 'text'

/** Looks at all cells: a column is of numbers if each of them is one, as it is written. */
export async function kindsOf(source: AsyncIterable<Piece<Row>>): Promise<Kind[]> {
  const found: Set<Kind>[] = []
  let header = true
  for await (const { value: row } of source) {
    for (const [at, cell] of (header ? [] : (row ?? [])).entries()) {
      if (cell === undefined) continue
      found[at] ??= new Set()
      found[at].add(kindOf(cell))
    }
    header = false
  }
  return Array.from(found, kinds => (kinds?.size === 1 ? ([...kinds][0] as Kind) : 'text'))
}

function kindOf(cell: string): Kind {
  if (cell === 'true' || cell === 'false') return 'boolean'
  if (/^-?\d/.test(cell) && String(Number(cell)) === cell) return 'number'
  if (!/^[[{]/.test(cell)) return 'text'
  try {
    JSON.parse(cell)
    return 'json'
  } catch {
    return 'text'
  }
}

/** The value of a cell in a column of this kind. */
export function cellValue(cell: string, kind: Kind = 'text'): unknown {
  if (kind === 'text') return cell
  return JSON.parse(cell)
}
