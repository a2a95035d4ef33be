/** The media types that are understood, and which of them a client wants. */

export const types = {
  json: 'application/json',
  exact: 'application/vnd.holdfast+json',
  ndjson: 'application/x-ndjson',
  exactNdjson: 'application/vnd.holdfast+ndjson',
  csv: 'text/csv',
} as const

export type Format = keyof typeof types

const objects: readonly Format[] = ['json', 'exact']
const sets: readonly Format[] = ['json', 'exact', 'ndjson', 'exactNdjson', 'csv']

/** What the client likes best of what there is for an object, or a set; `undefined` if it takes none of them. */
export function wanted(accept: string | null, what: 'object' | 'set'): Format | undefined {
  if (accept === null || accept === '*/*' || accept === types.json) return 'json'
  if (accept === types.exact) return 'exact'
  const formats = what === 'set' ? sets : objects
  const ranges = accept.split(',').map(rangeOf)
  let best: Format | undefined
  let most = 0
  for (const format of formats) {
    const quality = qualityOf(types[format], ranges)
    if (quality > most) {
      most = quality
      best = format
    }
  }
  return best
}

/** Does it keep dates, bigints and bytes apart from text? */
export const isExact = (format: Format): boolean => format === 'exact' || format === 'exactNdjson'

/** The media type of a header, without parameters. */
export function typeOf(contentType: string | null): string {
  const text = contentType ?? ''
  const end = text.indexOf(';')
  return (end < 0 ? text : text.slice(0, end)).trim().toLowerCase()
}

interface Range {
  readonly type: string
  readonly quality: number
}

function rangeOf(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map(each => each.trim().toLowerCase())
  const given = parameters.find(each => each.startsWith('q='))
  const quality = given === undefined ? 1 : Number(given.slice(2))
  // CSV and the like are also asked for by their usual other names
  return { type: aliases.get(type) ?? type, quality: quality >= 0 && quality <= 1 ? quality : 0 }
}

const aliases = new Map([
  ['application/ndjson', types.ndjson],
  ['application/jsonl', types.ndjson],
  ['application/x-jsonlines', types.ndjson],
])

/** The most specific range counts (RFC 9110, section 12.5.1). */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const major = type.slice(0, type.indexOf('/'))
  for (const range of [type, `${major}/*`, '*/*']) {
    const found = ranges.filter(each => each.type === range)
    if (found.length > 0) return Math.max(...found.map(each => each.quality))
  }
  return 0
}
