/** What came on a socket, without a `Request`: for reads that nobody but us looks at, which so take half the time. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Requested } from '../handler/requested.js'

/** What a URL keeps as it is, without a segment that it would take out. */
const plain = /^(?![^?]*(?:\/\.|%2e))[\w\-~!$&'()*+,;=:@%/?.]*$/i

/** Is it a read whose target means what it says? */
export function isPlainRead({ method, url }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && plain.test(url as string)
}

export function fromIncoming(incoming: IncomingMessage, outgoing: ServerResponse): Requested {
  const { method = '', url: target = '', headers } = incoming
  let leaving: AbortController | undefined
  return {
    method,
    target,
    header(name) {
      const value = headers[name]
      return value === undefined ? null : String(value)
    },
    signal() {
      leaving ??= aborting(outgoing)
      return leaving.signal
    },
    request: () =>
      new Request(`http://${headers.host}${target}`, { method, headers: headers as Record<string, string> }),
  }
}

function aborting(outgoing: ServerResponse): AbortController {
  const leaving = new AbortController()
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) leaving.abort()
  })
  return leaving
}
