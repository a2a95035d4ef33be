import { stringify } from '../../lib/json.js'
import type { LiveChange } from './change.js'

export interface RenderOptions {
  /** With colours for a terminal. */
  readonly color?: boolean | undefined
}

/** A change as the lines of a diff, without a newline at the end. Of long values only the lines that differ. */
export function renderChange(change: LiveChange, { color = false }: RenderOptions = {}): string {
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[39m` : text)
  const { kind, key, path, previous, next, date, actor, undoes, redoes, external, renamed } = change
  const facts = [
    key,
    kind === 'update' ? path.join('.') : kind,
    date.toISOString().slice(0, 19).replace('T', ' '),
    actor !== undefined && `by ${actor}`,
    undoes !== undefined && `undoes ${undoes}`,
    redoes !== undefined && `redoes ${redoes}`,
    external && 'from outside',
    renamed !== undefined && `now ${renamed}`,
  ]
  const head = facts.filter(fact => fact !== false && fact !== undefined).map(fact => printable(String(fact)))
  const [removed, added] = different(linesOf(previous), linesOf(next))
  return [
    color ? `\u001b[2m${head.join(' · ')}\u001b[22m` : head.join(' · '),
    ...removed.map(line => paint(31, `- ${line}`)),
    ...added.map(line => paint(32, `+ ${line}`)),
  ].join('\n')
}

function linesOf(value: unknown): string[] {
  return value === undefined ? [] : stringify(value, 2).split('\n').map(printable)
}

/** Without the lines that both have at the beginning, and at the end. */
function different(before: readonly string[], after: readonly string[]): [string[], string[]] {
  const most = Math.min(before.length, after.length)
  let start = 0
  while (start < most && before[start] === after[start]) start++
  let end = 0
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++
  return [before.slice(start, before.length - end), after.slice(start, after.length - end)]
}

/** Characters that a terminal obeys, or that turn text around, as escapes. */
function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    each => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
