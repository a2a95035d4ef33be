/** What is refused before it is looked at more closely. */
import type { IncomingMessage } from 'node:http'
import { HttpError } from '../http-error.js'
import type { Limits } from '../limits.js'

/** Why this request goes no further, if so. */
export function refusalOf(incoming: IncomingMessage, { headers, headerBytes, url }: Limits): HttpError | undefined {
  const { method, rawHeaders, headers: named } = incoming
  const target = incoming.url as string
  if (incoming.httpVersionMajor < 1) return ended(400, 'this is not HTTP/1.1')
  if (rawHeaders.length / 2 > headers) return ended(431, `there may be ${headers} headers`)
  if (target.length > url) return ended(414, `the URL may have ${url} bytes`)
  if (sizeOf(rawHeaders) > headerBytes) return ended(431, `the headers may have ${headerBytes} bytes`)
  if (method === 'TRACE' || method === 'CONNECT') return ended(501, 'there is no such method')
  if (!target.startsWith('/')) return ended(400, 'the target must be a path')
  const bodiless = method === 'GET' || method === 'HEAD'
  if (bodiless && (named['transfer-encoding'] !== undefined || Number(named['content-length'] ?? 0) > 0)) {
    return ended(400, `a ${method} has no body`)
  }
  return undefined
}

/** As they were sent: each with a colon, a space and the end of its line. */
function sizeOf(rawHeaders: readonly string[]): number {
  let size = 2 * rawHeaders.length
  for (const each of rawHeaders) size += each.length
  return size
}

/** What else comes on this connection may be anything. */
const ended = (status: ConstructorParameters<typeof HttpError>[0], message: string) =>
  new HttpError(status, message, { connection: 'close' })
