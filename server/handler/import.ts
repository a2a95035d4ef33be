/** Objects from a stream: NDJSON or CSV, stored some at a time, so that nothing waits for a slow client but he himself. */
import { StoreError } from '../../lib/errors.js'
import type { Data } from '../../lib/store.js'
import { coercer } from '../../models/model/coerce.js'
import type { Answer } from '../answer.js'
import { HttpError, Located } from '../http-error.js'
import { chunksOf } from '../limits/body.js'
import type { Limits } from '../limits.js'
import { isObject } from '../negotiate/body.js'
import { csvReader } from '../negotiate/csv.js'
import { parsed } from '../negotiate/json.js'
import { types } from '../negotiate/media.js'
import { typed } from '../negotiate/typed.js'
import type { Call } from './call.js'
import { has, type Methods, type Served } from './served.js'

export const importTypes: ReadonlySet<string> = new Set([types.ndjson, types.exactNdjson, types.csv])

/** Stored together, in one transaction where the facet opens it. */
const together = 1000

/** Adds all objects. Where it fails, the problem says at which position, and how many are `stored`: all before that piece. */
export async function importAll(call: Call, served: Served, type: string): Promise<Answer> {
  let stored = 0
  let waiting: Data[] = []

  async function store(): Promise<void> {
    const objects = waiting
    waiting = []
    await addAll(call, served, objects, stored)
    stored += objects.length
  }

  for await (const object of objectsOf(
    call,
    served,
    type,
    () => stored + waiting.length,
    () => stored,
  )) {
    waiting.push(object)
    if (waiting.length >= together) await store()
  }
  if (waiting.length > 0) await store()
  return { status: 200, headers: { 'content-type': types.json }, body: JSON.stringify({ count: stored }) }
}

async function addAll(call: Call, served: Served, objects: readonly Data[], before: number): Promise<void> {
  const tx = has(served, 'transaction') ? ((await served.methods.transaction()) as Ends) : undefined
  const { add } = tx ?? served.methods
  let done = 0
  try {
    call.signal()?.throwIfAborted()
    for (; done < objects.length; done++) await add(objects[done] as Data)
    await tx?.commit()
  } catch (error) {
    await tx?.abort().catch(() => {})
    throw new Located(error, { position: before + done, stored: before + (tx ? 0 : done) })
  }
}

interface Ends extends Methods {
  commit(): Promise<void>
  abort(): Promise<void>
}

async function* objectsOf(
  call: Call,
  served: Served,
  type: string,
  position: () => number,
  stored: () => number,
): AsyncGenerator<Data, undefined> {
  const reader = type === types.csv ? fromCsv(call, served) : fromLines(call, served, type === types.exactNdjson)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const chunk of chunksOf(call)) yield* reader.read(text(decoder, chunk))
    yield* reader.read(text(decoder))
    yield* reader.end()
  } catch (error) {
    throw error instanceof Located ? error : new Located(error, { position: position(), stored: stored() })
  }
}

function text(decoder: InstanceType<typeof TextDecoder>, chunk?: Uint8Array): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined })
  } catch {
    throw new StoreError('DataError', 'the body is not UTF-8')
  }
}

interface Reader {
  read(text: string): Iterable<Data>
  end(): Iterable<Data>
}

function fromLines({ limits }: Call, { schema }: Served, exact: boolean): Reader {
  /** Of the line that has not ended: looked through once, in however many pieces it comes. */
  let parts: string[] = []
  let length = 0

  function add(piece: string): void {
    parts.push(piece)
    length += piece.length
    if (length > limits.body) throw tooLong(limits)
  }

  function* objects(): Iterable<Data> {
    const line = parts.join('')
    parts = []
    length = 0
    if (line.trim() === '') return
    const value = parsed(line, exact, limits)
    for (const each of exact && Array.isArray(value) ? value : [value]) {
      if (!isObject(each)) throw new StoreError('DataError', 'a line must be a JSON object')
      yield exact ? each : (typed(each, schema) as Data)
    }
  }

  return {
    *read(more) {
      const pieces = more.split('\n')
      const last = pieces.pop() as string
      for (const piece of pieces) {
        add(piece)
        yield* objects()
      }
      add(last)
    },
    *end() {
      yield* objects()
    },
  }
}

function fromCsv({ limits }: Call, { schema }: Served): Reader {
  const rows = csvReader(limits.body, () => tooLong(limits))
  const coerce = coercer(schema)
  const properties = (schema.properties ?? {}) as Data
  let names: readonly string[] | undefined

  function* objects(read: readonly (string | undefined)[][]): Iterable<Data> {
    for (const row of read) {
      if (!names) names = header(row)
      else {
        if (row.length > names.length) throw new StoreError('DataError', 'a row has more cells than the header')
        const cells = row.map((cell, at) => [names?.[at] as string, cell] as const)
        const filled = cells.flatMap(([name, cell]) => (cell === undefined ? [] : [[name, contentOf(name, cell)]]))
        yield coerce(Object.fromEntries(filled))
      }
    }
  }

  /** Lists and objects stand in cells as JSON. */
  function contentOf(name: string, cell: string): unknown {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined
    const { type } = (property ?? {}) as { type?: unknown }
    const kinds = [type].flat()
    const isJson =
      /^[[{]/.test(cell) && (kinds.includes('array') || kinds.includes('object')) && !kinds.includes('string')
    return isJson ? typed(parsed(cell, false, limits), property) : cell
  }

  return {
    *read(more) {
      yield* objects(rows.read(more))
    },
    *end() {
      yield* objects(rows.end())
    },
  }
}

/** The names of the columns, each of which stands for one property. */
function header(row: readonly (string | undefined)[]): readonly string[] {
  const names = row.map(name => name ?? '')
  const wrong = names.find((name, at) => name === '' || names.indexOf(name) !== at)
  if (wrong === undefined) return names
  throw new StoreError(
    'DataError',
    wrong === '' ? 'a column has no name' : `two columns are named ${wrong.slice(0, 64)}`,
  )
}

const tooLong = ({ body }: Limits) => new HttpError(413, `a line may have ${body} characters`)
