/** What is said of what came and is no request. */
import type { Socket } from 'node:net'
import { HttpError, problemAnswer } from '../http-error.js'
import type { Limits } from '../limits.js'
import type { InFlight } from './in-flight.js'

const statuses: { readonly [code: string]: keyof typeof words } = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

const words = {
  400: 'this is not HTTP',
  408: 'the request came too slowly',
  413: 'the request is too large',
  414: 'the URL is too long',
  431: 'the headers are too large',
} as const

interface Unreadable extends Error {
  readonly code?: string
  /** What came last, and how far that was read. */
  readonly rawPacket?: Buffer
  readonly bytesParsed?: number
}

/** Is it the URL that is too long? As far as what came last tells. */
function isLongUrl({ code, rawPacket, bytesParsed = 0 }: Unreadable, url: number): boolean {
  if (code !== 'HPE_HEADER_OVERFLOW' || !rawPacket) return false
  const [line = ''] = rawPacket.toString('latin1').split('\n', 1)
  const target = /^[A-Z]+ (\S*)/.exec(line)?.[1]
  if (target !== undefined) return target.length > url
  return bytesParsed <= line.length && / HTTP\/1\.[01]\r?$/.test(line)
}

/** Answers where nothing is being answered yet, and ends the connection. */
export function onClientError({ isAnswering }: InFlight, { url }: Limits) {
  return (error: Unreadable, socket: Socket): void => {
    if (!socket.writable || isAnswering(socket) || error.code === 'ECONNRESET') {
      socket.destroy()
      return
    }
    const status = isLongUrl(error, url) ? 414 : (statuses[error.code ?? ''] ?? 400)
    const problem = new HttpError(status, words[status])
    const { headers, body } = problemAnswer(problem)
    const fields = { ...headers, 'content-length': String((body as string).length), connection: 'close' }
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.end(`HTTP/1.1 ${status} ${problem.toJSON().title}\r\n${lines.join('')}\r\n${body as string}`)
    socket.destroySoon()
  }
}
