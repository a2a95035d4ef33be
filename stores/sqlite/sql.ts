import type { Column } from './column.js'
import type { Cell } from './driver.js'

/** An SQL expression that is true, false or NULL, which counts as false. */
export interface Sql {
  readonly text: string
  /** The values of its parameters. */
  readonly cells: readonly Cell[]
  /** Is it true of what matches only, or of more? */
  readonly exact: boolean
  /** Is it right for marked rows too? */
  readonly always: boolean
  /**
   * How the rows are found: by an index in the order of their ids, by an index in another order, or by looking at
   * all.
   */
  readonly found: 'in order' | 'scattered' | 'by scan'
}

export const never: Sql = { text: '0', cells: [], exact: true, always: true, found: 'in order' }

/** Is the property null or missing, or, if not `so`, is it there? */
export function isNull({ sql, encoding }: Column, so = true): Sql {
  const always = encoding.always('null')
  return {
    text: so ? `${sql} IS NULL` : `${sql} IS NOT NULL`,
    cells: [],
    exact: true,
    always,
    found: so ? 'in order' : 'by scan',
  }
}

/** What is not surely so cannot be turned round. */
export function negated(sql: Sql | undefined): Sql | undefined {
  return sql?.exact ? { ...sql, text: `(${sql.text}) IS NOT TRUE`, found: 'by scan' } : undefined
}

/** All or any of them; nothing if there are none. `complete` if no other had to be left out. */
export function joined(parts: readonly Sql[], operator: ' AND ' | ' OR ', complete: boolean): Sql | undefined {
  const [first] = parts
  if (first === undefined) return undefined
  if (parts.length === 1) return complete ? first : { ...first, exact: false }
  return {
    text: parts.map(({ text }) => `(${text})`).join(operator),
    cells: parts.flatMap(({ cells }) => cells),
    exact: complete && parts.every(({ exact }) => exact),
    always: parts.every(({ always }) => always),
    found: foundBy(parts, operator === ' AND ' ? ['in order', 'scattered'] : ['by scan']),
  }
}

/** The way of the part that decides, the first of these if there is one. */
function foundBy(parts: readonly Sql[], deciding: readonly Sql['found'][]): Sql['found'] {
  const way = deciding.find(each => parts.some(({ found }) => found === each))
  return way ?? (deciding.includes('by scan') ? 'scattered' : 'by scan')
}
