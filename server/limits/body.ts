/** The bytes of a body, within the limits: those that have been decompressed count. */
import type { Call } from '../handler/call.js'
import { HttpError } from '../http-error.js'
import type { Limits } from '../limits.js'

/** The whole body. */
export async function readBody(call: Call): Promise<Uint8Array> {
  const { source, limits } = call
  if ('bytes' in source) return source.bytes
  if ('value' in source) throw new HttpError(415, 'an entry of a batch has a JSON value as its body')
  const length = Number(call.header('content-length') ?? Number.NaN)
  if (length > limits.body) tooLarge(limits)
  // what says its length is cut there by whoever reads the socket
  if (length <= limits.body && !encodingOf(call)) {
    return new Uint8Array(await inTime(source.request().arrayBuffer(), limits.bodyTime))
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunksOf(call)) {
    size += chunk.length
    if (size > limits.body) tooLarge(limits)
    chunks.push(chunk)
  }
  return joined(chunks, size)
}

/** The body piece by piece, however long it is. */
export async function* chunksOf(call: Call): AsyncGenerator<Uint8Array, undefined> {
  const { source, limits } = call
  if (!('request' in source)) {
    yield await readBody(call)
    return
  }
  const body = source.request().body as ReadableStream<Uint8Array> | null
  if (!body) return
  const encoding = encodingOf(call)
  const incoming = paced(body, limits.bodyTime)
  const reader = (encoding ? decompressed(incoming, encoding) : incoming).getReader()
  try {
    for (;;) {
      const { value, done } = await reader.read().catch(broken)
      if (done) return
      yield value
    }
  } finally {
    void reader.cancel().catch(() => {})
  }
}

/** The patience grows by a millisecond with each byte; what is spent elsewhere than in waiting does not count. */
function paced(body: ReadableStream<Uint8Array>, patience: number): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let left = patience
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const began = Date.now()
        const { value, done } = await inTime(reader.read(), left)
        if (done) return controller.close()
        left += value.length - (Date.now() - began)
        controller.enqueue(value)
      },
      cancel: reason => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

function decompressed(body: ReadableStream<Uint8Array>, encoding: 'gzip' | 'deflate'): ReadableStream<Uint8Array> {
  return body.pipeThrough(new DecompressionStream(encoding) as never)
}

function encodingOf(call: Call): 'gzip' | 'deflate' | undefined {
  const encoding = call.header('content-encoding')?.toLowerCase()
  if (!encoding || encoding === 'identity') return undefined
  if (encoding === 'gzip' || encoding === 'deflate') return encoding
  throw new HttpError(415, 'the body may be compressed by gzip or deflate only', { 'accept-encoding': 'gzip, deflate' })
}

/** What comes in time, or a 408. */
async function inTime<T>(coming: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(slow()), Math.max(0, ms))
  })
  try {
    return await Promise.race([coming, late])
  } catch (error) {
    return broken(error)
  } finally {
    clearTimeout(timer)
  }
}

const slow = () => new HttpError(408, 'the body came too slowly', { connection: 'close' })

function broken(error: unknown): never {
  if (error instanceof HttpError) throw error
  throw new HttpError(400, 'the body could not be read')
}

function tooLarge({ body }: Limits): never {
  throw new HttpError(413, `the body may have ${body} bytes`, { connection: 'close' })
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array
  const all = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}
