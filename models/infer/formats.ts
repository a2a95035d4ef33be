/** Which formats a text has, of those that tell something and are hardly there by chance. */
import { formats } from '../schema/formats.js'
import { begin } from '../schema/limits.js'

const likely = {
  'date-time': /^\d{4}-\d\d-\d\dT/,
  date: /^\d{4}-\d\d-\d\d$/,
  email: /^[^\s"@]+@[^\s@.]+\.[^\s@]+$/,
  uri: /^[a-z][a-z0-9+.-]*:\/\/\S+$/i,
  uuid: /^[0-9a-f]{8}-/i,
} as const

export type FormatName = keyof typeof likely

const names = Object.keys(likely) as FormatName[]
/** A longer text has none: to look would take too long. */
const maxLength = 2000

/** Those, of what all texts before had, that a text has too. */
export function formatsOf(text: string, before: ReadonlySet<FormatName> | undefined): ReadonlySet<FormatName> {
  if (before?.size === 0) return before
  // what was tested before is not to be added to this
  begin()
  const found = (name: FormatName) =>
    text.length <= maxLength && likely[name].test(text) && formats.get(name)?.test(text) === true
  const candidates = before ? [...before] : names
  if (before && candidates.every(found)) return before
  return new Set(candidates.filter(found))
}
