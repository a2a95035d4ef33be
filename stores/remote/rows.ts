import { chunks, left } from './answer.js'
import { lines } from './lines.js'
import { invalid, Lost } from './lost.js'
import { exactLines, mediaType } from './media-types.js'
import { errorOf } from './problem.js'
import type { Opened } from './transport.js'
import { inDomain, isData, parsed } from './trust.js'

/** The items of an answer, as they come. That they are all is known at the end: before, it is an error that it ends. */
export async function* rows({ received, own }: Pick<Opened, 'received' | 'own'>, max: number): AsyncGenerator<unknown> {
  const type = mediaType(received.headers.get('content-type'))
  if (type !== exactLines) throw left(received, `it is ${type || 'of no type'}, not ${exactLines}`)
  let count = 0
  let complete = false
  for await (const line of lines(chunks(received, own), max)) {
    if (line.trim() === '') continue
    if (complete) throw invalid('the answer goes on after its end')
    const value = parsed(line)
    if (!Array.isArray(value)) {
      checkEnd(value, count)
      complete = true
      continue
    }
    count += value.length
    for (const item of value) yield inDomain(item)
  }
  if (!complete) throw new Lost('the answer broke off', { sent: true })
}

/** Says the last line that nothing is missing? */
function checkEnd(value: unknown, count: number): void {
  if (!isData(value)) throw invalid('the answer holds a line that is none')
  if (value.count === count) return
  if (Object.hasOwn(value, 'count')) throw invalid(`the answer holds ${count} items and says ${String(value.count)}`)
  throw errorOf(value) ?? invalid('the answer ends with an error that is none of a store')
}
