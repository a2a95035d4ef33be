/** Where a page has ended, as text: the last row that was given, so that it is a place however much is written meanwhile. */
import { StoreError } from '../../lib/errors.js'
import { parse, stringify, toBase64 } from '../../lib/json.js'

/** Of what it is: the view, and how it was asked. */
export interface CursorOf {
  readonly name: string
  readonly descending: boolean
  /** How many items of the keys make a group; `null` for rows. */
  readonly level: number | null
}

/** The key of a group; or that of a row, with the key of its id and its place among those of the object. */
export type Place = readonly [key: unknown] | readonly [key: unknown, place: string | number, at: number]

export function writeCursor(of: CursorOf, place: Place): string {
  const bytes = new TextEncoder().encode(stringify([...markOf(of), ...place]))
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

export function readCursor(of: CursorOf, text: string): Place {
  const [name, descending, level, ...place] = read(text)
  const mark = markOf(of)
  if (name !== mark[0] || descending !== mark[1] || level !== mark[2])
    refuse('is of another view, or another direction')
  const [, id, at] = place
  const ofGroup = place.length === 1
  const ofRow = place.length === 3 && (typeof id === 'string' || typeof id === 'number') && typeof at === 'number'
  if (ofGroup !== (of.level !== null) || !(ofGroup || ofRow)) refuse('is none')
  return place as unknown as Place
}

const markOf = ({ name, descending, level }: CursorOf) =>
  [name, descending, level === Infinity ? 'whole' : level] as const

function read(text: unknown): readonly unknown[] {
  if (typeof text !== 'string') throw new TypeError('a cursor is a text that a page gave, or null')
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), each => each.charCodeAt(0))
    const given = parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (Array.isArray(given)) return given
  } catch {
    // said below, whatever is wrong with it
  }
  return refuse('is none')
}

function refuse(problem: string): never {
  throw new StoreError('DataError', `the cursor ${problem}; take it from the page before, and ask in the same way`)
}
