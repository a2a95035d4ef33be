/** What one query may hold. More is a `DataError`, so an expression from outside costs little before it is refused. */
export const queryLimits = {
  /** Characters of its text. */
  length: 2 ** 20,
  /** Levels of nesting, of operators and lists together. */
  depth: 100,
  /** Operators. */
  terms: 10_000,
  /** Characters of a glob. */
  pattern: 1_000,
} as const
