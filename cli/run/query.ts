import type { Expression } from '../../lib/query/expression.js'
import { parse } from '../../lib/query/parse.js'
import type { Run } from '../command.js'
import { usage } from '../failure.js'
import { alive } from '../moving/alive.js'
import { formatOf, printed } from '../output/format.js'
import { drained } from '../output/write.js'
import { lacking, withStore } from '../places/open.js'

/** Shows what matches. */
export const query: Run = (world, { args: [address = '', ...words], options }) => {
  const asked = queryOf(words)
  return withStore(world, address, { options }, async ({ store }) => {
    const { stdout, signal } = world
    const objects = () => alive(store.query?.(asked, { signal }) ?? lacking(address, 'query'), signal)
    const format = options.json ? 'ndjson' : (options.format ?? (stdout.isTTY ? 'table' : 'ndjson'))
    if (format === 'table') {
      const { writeTable } = await import('../output/table.js')
      await writeTable(world, objects())
      return
    }
    for await (const text of printed(objects, formatOf(format, undefined), true)) {
      signal.throwIfAborted()
      if (!stdout.write(text)) await drained(world, stdout)
    }
  })
}

/** Words are conditions and stages, all of which count. */
export function queryOf(words: readonly string[]): Expression {
  try {
    return parse(words.filter(word => word !== '').join('&'))
  } catch (error) {
    throw usage((error as Error).message, 'quote the query, as in "age>30&sort(-age)"')
  }
}
