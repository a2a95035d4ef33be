import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'

/** The stores over which models are tested that write: one in memory, and one that keeps text. */
export const writable = {
  memory: () => memory(),
  sqlite: () => sqlite({ path: ':memory:', table: 'things' }),
} as const
