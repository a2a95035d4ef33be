import type { Allowance } from './allowance.js'
import { joined } from './lines.js'
import { invalid, Lost } from './lost.js'
import { mediaType } from './media-types.js'
import type { Received } from './options.js'
import { textOf } from './trust.js'

/** A complete answer. */
export interface Answer {
  readonly status: number
  /** The media type of the text. */
  readonly type: string
  readonly text: string
  header(name: string): string | undefined
}

/** Reads an answer to its end. */
export async function complete(received: Received, allowance: Allowance, max: number): Promise<Answer> {
  const { status, headers } = received
  return {
    status,
    type: mediaType(headers.get('content-type')),
    text: textOf(await bytesOf(received, allowance, max)),
    header: name => headers.get(name) ?? undefined,
  }
}

async function bytesOf(received: Received, allowance: Allowance, max: number): Promise<Uint8Array> {
  const { headers } = received
  const length = Number(headers.get('content-length') ?? Number.NaN)
  if (length > max) throw left(received, `its ${length} bytes are more than ${max}`)
  // what was compressed can be longer than it says
  const plain = length >= 0 && headers.get('content-encoding') === null
  if (!plain) return gather(chunks(received, allowance), max)
  try {
    return new Uint8Array(await allowance.wait(received.arrayBuffer()))
  } catch (cause) {
    throw cut(cause)
  }
}

async function gather(parts: AsyncIterable<Uint8Array>, max: number): Promise<Uint8Array> {
  const kept: Uint8Array[] = []
  let length = 0
  for await (const part of parts) {
    length += part.length
    if (length > max) throw invalid(`the answer has more than ${max} bytes`)
    kept.push(part)
  }
  return joined(kept, length)
}

/** The bytes as they come. The time that the taker needs is not the server's. */
export async function* chunks({ body }: Received, allowance: Allowance): AsyncGenerator<Uint8Array, undefined> {
  if (!body) return
  const reader = body.getReader()
  try {
    for (;;) {
      const { value, done } = await allowance.wait(reader.read()).catch(fail)
      if (done) return
      allowance.rest()
      yield value
      allowance.renew()
    }
  } finally {
    // it may have ended, or never end: nobody waits for it
    reader.cancel().catch(() => {})
  }
}

/** Says that the answer is not wanted, so that the connection is free or closed. */
export function left({ body }: Received, message: string): Lost {
  body?.cancel().catch(() => {})
  return invalid(`the answer is refused: ${message}`)
}

function cut(cause: unknown): Lost {
  return new Lost('the answer broke off', { sent: true, again: true, cause })
}

function fail(cause: unknown): never {
  throw cut(cause)
}
