/** By which name a server is called: a page from elsewhere must not reach what listens here by a name of its own. */
import type { IncomingMessage } from 'node:http'
import { HttpError } from '../http-error.js'

const own: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/** Is it an address of this machine that nobody else can reach? */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}

const wellFormed = /^(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i

/** Checks `Host` (RFC 9112, section 3.2): one, well-formed, and one of these names besides this machine's own. */
export function hostCheck(hosts: readonly string[] | undefined): (incoming: IncomingMessage) => HttpError | undefined {
  const names = hosts && new Set([...hosts, ...own].map(each => each.toLowerCase()))
  let known: string | undefined
  return ({ headers: { host }, rawHeaders }) => {
    if (host !== undefined && host === known && !isTwice(rawHeaders)) return undefined
    if (host === undefined || !wellFormed.test(host) || isTwice(rawHeaders)) {
      return new HttpError(400, 'a request needs one well-formed Host', { connection: 'close' })
    }
    const lower = host.toLowerCase()
    const allowed = !names || names.has(lower) || names.has(lower.replace(/:\d+$/, ''))
    if (allowed) known = host
    return allowed ? undefined : new HttpError(421, 'this server has not that name', { connection: 'close' })
  }
}

function isTwice(rawHeaders: readonly string[]): boolean {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string
    if (name.length === 4 && name.toLowerCase() === 'host') count++
  }
  return count > 1
}
