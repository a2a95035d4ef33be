/** All that matches, as a stream that takes no more memory than a piece of it. */
import { StoreError } from '../../lib/errors.js'
import type { Expression } from '../../lib/query/expression.js'
import type { Data, QueryOptions } from '../../lib/store.js'
import { givesObjects } from '../../models/model/view.js'
import type { Answer } from '../answer.js'
import { problemOf } from '../http-error.js'
import { cellsOf, csvLine } from '../negotiate/csv.js'
import { textOf } from '../negotiate/json.js'
import { type Format, types } from '../negotiate/media.js'
import type { Call } from './call.js'
import type { Asked } from './page.js'
import type { Served } from './served.js'

export type Streamed = Exclude<Format, 'json' | 'exact'>

/** Characters that are sent together. */
const pieceSize = 65_536
/** Objects on one line of the exact format. */
const together = 100

export interface Streaming {
  readonly asked: Asked
  readonly options: QueryOptions
  readonly format: Streamed
}

/** Nothing is cut: what is asked for is given whole. Fails as other answers do, if it fails before the first object. */
export async function streamed(call: Call, served: Served, { asked, options, format }: Streaming): Promise<Answer> {
  const { query, whole } = asked
  const columns = format === 'csv' ? await columnsOf(served, whole, () => served.methods.query(query, options)) : []
  const items = served.methods.query(query, options)[Symbol.asyncIterator]()
  const first = await items.next()
  const write = writers[format](columns)
  const encoder = new TextEncoder()
  let next: Promise<IteratorResult<unknown>> | undefined = Promise.resolve(first)
  let begun = write.begin
  let ended = false

  async function piece(): Promise<string> {
    let text = begun
    begun = ''
    try {
      while (text.length < pieceSize) {
        const { value, done } = await (next ?? items.next())
        next = undefined
        if (done) {
          ended = true
          return text + write.end()
        }
        text += write.item(value)
      }
      return text
    } catch (error) {
      ended = true
      call.failed(error)
      return text + write.failed(error)
    }
  }

  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const text = await piece()
        if (text !== '') controller.enqueue(encoder.encode(text))
        if (ended) controller.close()
      },
      async cancel() {
        await items.return?.()
      },
    },
    { highWaterMark: 0 },
  )
  return { status: 200, headers: { 'content-type': types[format], 'cache-control': 'no-store', vary: 'Accept' }, body }
}

/** Of whole objects, those that can be seen; where there may be others, all objects are looked at before. */
async function columnsOf({ audit }: Served, asked: Expression, items: () => AsyncIterable<unknown>): Promise<string[]> {
  const { readable, undeclared } = audit()
  const whole = givesObjects(asked)
  if (whole && !undeclared.readable) return [...readable]
  const names = new Set(whole ? readable : [])
  for await (const item of items()) if (isRow(item)) for (const name of Object.keys(item)) names.add(name)
  return [...names]
}

const isRow = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value)

interface Writer {
  readonly begin: string
  item(value: unknown): string
  end(): string
  /** What tells that it has not been all. */
  failed(error: unknown): string
}

const writers: Record<Streamed, (columns: readonly string[]) => Writer> = {
  ndjson: () => ({
    begin: '',
    item: value => `${textOf(value, false)}\n`,
    end: () => '',
    failed: error => {
      throw new Error('the answer is cut off', { cause: error })
    },
  }),

  exactNdjson() {
    let waiting: string[] = []
    let count = 0
    function flush(): string {
      const line = waiting.length > 0 ? `[${waiting.join()}]\n` : ''
      waiting = []
      return line
    }
    return {
      begin: '',
      item(value) {
        count++
        return waiting.push(textOf(value, true)) >= together ? flush() : ''
      },
      end: () => `${flush()}${JSON.stringify({ count })}\n`,
      failed: error => `${flush()}${JSON.stringify(problemOf(error))}\n`,
    }
  },

  csv(columns) {
    const known = new Set(columns)
    function rowOf(value: Data): unknown[] {
      const other = Object.keys(value).some(name => !known.has(name) && value[name] !== undefined)
      if (other) throw new StoreError('DataError', 'an object has come meanwhile with a property that is no column')
      return cellsOf(value, columns)
    }
    return {
      begin: `${csvLine(columns)}\r\n`,
      item: value => `${csvLine(isRow(value) ? rowOf(value) : [value].flat())}\r\n`,
      end: () => '',
      failed: error => {
        throw new Error('the answer is cut off', { cause: error })
      },
    }
  },
}
