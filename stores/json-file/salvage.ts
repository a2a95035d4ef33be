/** Reads what can be read of a damaged file: whole objects, and nothing guessed. */
import { isUtf8 } from 'node:buffer'
import { parse } from '../../lib/json.js'
import { endOfValue, linesIn } from './locate.js'

/** A piece of a file: a value that could be read, or text that could not and was left out. */
export type Piece = { readonly line: number; readonly text: string; readonly value: unknown }

/** The items of a damaged array, wherever one begins on a line of its own or right after the one before. */
export function salvageItems(bytes: Buffer): Piece[] {
  const text = readableText(bytes)
  const pieces: Piece[] = []
  // items begin at the same depth as the first: what stands further in is a part of one
  const indent = /^[\t ]*(?=\{)/m.exec(text)?.[0] ?? ''
  const lineStart = new RegExp(`^${indent}\\{`, 'gm')
  let left = 0
  let line = 1
  let counted = 0
  let at = /^[\ufeff\t\n\r ]*\[?[\t\n\r ]*\{/.exec(text)?.[0].length ?? 0
  at = at > 0 ? at - 1 : nextLine(0)

  function nextLine(from: number): number {
    lineStart.lastIndex = from
    const found = lineStart.exec(text)
    return found ? found.index + indent.length : text.length
  }

  function add(start: number, end: number, value?: unknown): void {
    line += linesIn(text, counted, start)
    counted = start
    pieces.push({ line, text: text.slice(start, end).trimEnd(), value })
  }

  function leaveOut(end: number): void {
    const start = left + text.slice(left, end).search(/[^\ufeff\t\n\r ,[\]]/)
    if (start >= left) add(start, end)
  }

  while (at < text.length) {
    const end = endOfValue(text, at)
    const value = attempt(text.slice(at, end))
    if (value === undefined) {
      at = nextLine(at + 1)
      continue
    }
    leaveOut(at)
    add(at, end, value)
    left = end
    const next = /[\t\n\r ]*,[\t\n\r ]*(?=\{)/y
    next.lastIndex = end
    at = next.test(text) ? next.lastIndex : nextLine(end)
  }
  leaveOut(text.length)
  return pieces
}

/** The text with each line that is not UTF-8 made unreadable, so that no character of it is guessed. */
function readableText(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString()
  const lines: string[] = []
  for (let start = 0, end = 0; end !== -1; start = end + 1) {
    end = bytes.indexOf('\n', start)
    const line = bytes.subarray(start, end === -1 ? bytes.length : end)
    lines.push(isUtf8(line) ? line.toString() : `\0${line.toString('latin1')}`)
  }
  return lines.join('\n')
}

function attempt(text: string): unknown {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}
