/** Comma-separated values (RFC 4180). */
import { StoreError } from '../../lib/errors.js'
import type { Data } from '../../lib/store.js'
import { textOf } from './json.js'

/** One line, without its end. */
export function csvLine(cells: readonly unknown[]): string {
  return cells.map(cell).join()
}

/** What an object itself holds in these columns. */
export function cellsOf(object: Data, columns: readonly string[]): unknown[] {
  return columns.map(name => (Object.hasOwn(object, name) ? object[name] : undefined))
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return ''
  const json = textOf(value, false)
  // text, and what is written as text, without its quotes
  const text = json.startsWith('"') ? (JSON.parse(json) as string) : json
  return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Reads pieces of text, whose lines may be cut anywhere; gives whole rows. An empty cell without quotes is `undefined`. */
export function csvReader(maxLength: number, tooLong: () => Error) {
  let row: (string | undefined)[] = []
  let text = ''
  let quoted = false
  let wasQuoted = false
  /** A quote within quotes, which may end them, or be the first of two. */
  let closing = false
  let returned = false
  let length = 0

  function endCell(): void {
    row.push(text === '' && !wasQuoted ? undefined : text)
    text = ''
    wasQuoted = false
  }

  function take(character: string, rows: (string | undefined)[][]): void {
    if (closing) {
      closing = false
      if (character === '"') {
        text += '"'
        return
      }
      quoted = false
    }
    if (quoted) {
      if (character === '"') closing = true
      else text += character
    } else if (character === '"' && text === '' && !wasQuoted) {
      quoted = true
      wasQuoted = true
    } else if (character === ',') endCell()
    else if (character === '\n' || character === '\r') {
      if (!(character === '\n' && returned)) endRow(rows)
    } else text += character
    returned = character === '\r' && !quoted
  }

  function endRow(rows: (string | undefined)[][]): void {
    endCell()
    if (row.length > 1 || row[0] !== undefined) rows.push(row)
    row = []
    length = 0
  }

  return {
    /** The rows that are complete with this text. */
    read(more: string): (string | undefined)[][] {
      const rows: (string | undefined)[][] = []
      for (const character of more) {
        if (++length > maxLength) throw tooLong()
        take(character, rows)
      }
      return rows
    },
    /** Is the end of a line the middle of a row? */
    isOpen: () => quoted && !closing,
    /** The last row, where no line end follows it. */
    end(): (string | undefined)[][] {
      if (quoted && !closing) throw new StoreError('DataError', 'the text ends within quotes')
      closing = false
      quoted = false
      const rows: (string | undefined)[][] = []
      if (text !== '' || wasQuoted || row.length > 0) endRow(rows)
      return rows
    },
  }
}
