/** Writes an answer to a socket. */
import type { ServerResponse } from 'node:http'
import type { Answer } from '../answer.js'

/** Ends when all is written, or the client has gone. A stream is read as fast as the client reads. */
export async function write(outgoing: ServerResponse, { status, headers, body }: Answer): Promise<void> {
  if (outgoing.destroyed) return discard(body)
  if (body === undefined) {
    outgoing.writeHead(status, headers).end()
  } else if (body instanceof ReadableStream) {
    outgoing.writeHead(status, headers).flushHeaders()
    await pump(body.getReader(), outgoing)
  } else {
    headers['content-length'] = String(Buffer.byteLength(body))
    outgoing.writeHead(status, headers).end(body)
  }
}

function discard(body: Answer['body']): void {
  if (body instanceof ReadableStream) void body.cancel().catch(() => {})
}

async function pump(reader: ReadableStreamDefaultReader<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  const leave = () => void reader.cancel().catch(() => {})
  outgoing.once('close', leave)
  try {
    for (;;) {
      const { value, done } = await reader.read()
      if (done || outgoing.destroyed) break
      if (!outgoing.write(value)) await drained(outgoing)
    }
    outgoing.off('close', leave)
    outgoing.end()
  } catch {
    // it is cut off, which tells the client that it has not got all
    outgoing.destroy()
  }
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise(resolve => {
    function go(): void {
      outgoing.off('drain', go).off('close', go)
      resolve()
    }
    outgoing.once('drain', go).once('close', go)
  })
}
