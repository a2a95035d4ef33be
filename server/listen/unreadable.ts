/** What is said of what came and is no request. */
import type { Socket } from 'node:net'
import { HttpError, problemAnswer } from '../http-error.js'
import type { InFlight } from './in-flight.js'

const statuses: { readonly [code: string]: 408 | 413 | 431 } = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

const words = {
  400: 'this is not HTTP',
  408: 'the request came too slowly',
  413: 'the request is too large',
  431: 'the headers are too large',
} as const

/** Answers where nothing is being answered yet, and ends the connection. */
export function onClientError({ isAnswering }: InFlight) {
  return (error: Error & { code?: string }, socket: Socket): void => {
    if (!socket.writable || isAnswering(socket) || error.code === 'ECONNRESET') {
      socket.destroy()
      return
    }
    const status = statuses[error.code ?? ''] ?? 400
    const problem = new HttpError(status, words[status])
    const { headers, body } = problemAnswer(problem)
    const fields = { ...headers, 'content-length': String((body as string).length), connection: 'close' }
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.end(`HTTP/1.1 ${status} ${problem.toJSON().title}\r\n${lines.join('')}\r\n${body as string}`)
    socket.destroySoon()
  }
}
