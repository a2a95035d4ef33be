/** What SQLite makes of a value by the type that its column was declared with (https://sqlite.org/datatype3.html). */
export type Affinity = 'none' | 'text' | 'real' | 'number'

/** By the first word that is found in the declared type. */
const words: readonly (readonly [RegExp, Affinity])[] = [
  [/INT/i, 'number'],
  [/CHAR|CLOB|TEXT/i, 'text'],
  [/BLOB|^$/i, 'none'],
  [/REAL|FLOA|DOUB/i, 'real'],
]

export function affinityOf(declared: string): Affinity {
  return words.find(([word]) => word.test(declared))?.[1] ?? 'number'
}

/** Does the column turn this text into a number? */
export function becomesNumber(text: string, affinity: Affinity): boolean {
  return (affinity === 'real' || affinity === 'number') && numeric.test(text)
}

const numeric = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i
