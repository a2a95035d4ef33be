/** Writes an answer to a socket. */
import type { ServerResponse } from 'node:http'
import type { Answer } from '../answer.js'

/** How many bytes are given at once. */
const pieceSize = 65_536

/**
 * Ends when all is written, or the client has gone. A stream is read as fast as the client reads. Who does not take a piece of 64 kB
 * in so many milliseconds is left.
 */
export async function write(
  outgoing: ServerResponse,
  { status, headers, body, cookies = [] }: Answer,
  patience: number,
): Promise<void> {
  if (outgoing.destroyed) return discard(body)
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies)
  if (body === undefined) {
    outgoing.writeHead(status, headers).end()
  } else if (body instanceof ReadableStream) {
    outgoing.writeHead(status, headers).flushHeaders()
    await pump(body.getReader(), outgoing, patience)
  } else {
    const size = Buffer.byteLength(body)
    headers['content-length'] = String(size)
    outgoing.writeHead(status, headers)
    if (size <= pieceSize) outgoing.end(body)
    else await inPieces(Buffer.from(body as string), outgoing, patience)
  }
  within(patience, outgoing)
}

function discard(body: Answer['body']): void {
  if (body instanceof ReadableStream) void body.cancel().catch(() => {})
}

async function inPieces(bytes: Buffer, outgoing: ServerResponse, patience: number): Promise<void> {
  for (let at = 0; at < bytes.length && !outgoing.destroyed; at += pieceSize) {
    if (!outgoing.write(bytes.subarray(at, at + pieceSize))) await drained(outgoing, patience)
  }
  outgoing.end()
}

async function pump(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  outgoing: ServerResponse,
  patience: number,
): Promise<void> {
  const leave = () => void reader.cancel().catch(() => {})
  outgoing.once('close', leave)
  try {
    for (;;) {
      const { value, done } = await reader.read()
      if (done || outgoing.destroyed) break
      if (!outgoing.write(value)) await drained(outgoing, patience)
    }
    outgoing.off('close', leave)
    outgoing.end()
  } catch {
    // it is cut off, which tells the client that it has not got all
    outgoing.destroy()
  }
}

function drained(outgoing: ServerResponse, patience: number): Promise<void> {
  const stop = within(patience, outgoing)
  return new Promise(resolve => {
    function go(): void {
      stop()
      outgoing.off('drain', go).off('close', go)
      resolve()
    }
    outgoing.once('drain', go).once('close', go)
  })
}

/** Leaves who has not taken in time what is written. Most have, at once. */
function within(patience: number, outgoing: ServerResponse): () => void {
  if (outgoing.writableLength === 0) return () => {}
  const late = setTimeout(() => outgoing.destroy(), patience)
  const stop = () => {
    clearTimeout(late)
    outgoing.off('close', stop)
  }
  outgoing.once('close', stop)
  return stop
}
