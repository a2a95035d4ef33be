/**
 * Text that does nothing to a terminal: what would move its cursor, change its colours or turn the writing round is written as
 * an escape of JSON, so JSON stays what it is.
 */
export function safe(text: string): string {
  return text.replace(dangerous, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const dangerous = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g
