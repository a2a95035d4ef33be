/** Serves facets on a port, by Node. */
import { setMaxListeners } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, Server } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { toResponse } from './answer.js'
import { answering } from './handler/answering.js'
import type { Facets, HandlerOptions } from './handler/options.js'
import { fromRequest, type Requested } from './handler/requested.js'
import { HttpError, problemAnswer } from './http-error.js'
import { limitsOf } from './limits.js'
import { hostCheck, isLoopback } from './listen/host.js'
import { inFlight } from './listen/in-flight.js'
import { fromIncoming, isPlainRead } from './listen/incoming.js'
import { refusalOf } from './listen/refuse.js'
import { onClientError } from './listen/unreadable.js'
import { write } from './listen/write.js'

export type { Facets, HandlerOptions, Info } from './handler/options.js'
export type { Limits } from './limits.js'

export interface ListenOptions extends HandlerOptions {
  /** 0, which is the default, takes one that is free. */
  readonly port?: number
  /** The address to listen at: 127.0.0.1 by default. Any but this machine's own needs `authorize`. */
  readonly host?: string
  /** The names by which it may be called (`Host`). By default this machine's own; with `authorize` any. */
  readonly hosts?: readonly string[] | undefined
  /** Milliseconds that `close` waits for what is being answered: 10 seconds by default. */
  readonly grace?: number
}

export interface Listening {
  readonly url: string
  /** Takes no more requests, answers those that are being worked on, ends event streams. The stores are yours to close. */
  close(): Promise<void>
}

/** Said to the adapter, where the answer has been written. */
const sent = new Response(null, { headers: { 'x-hono-already-sent': 'true' } })

/**
 * Serves facets, each under its name, until it is closed. Without `authorize` it listens to this machine only, else it is a
 * `TypeError`. Rejects where the port cannot be had.
 */
export async function listen(facets: Facets, options: ListenOptions = {}): Promise<Listening> {
  const { port = 0, host = '127.0.0.1', hosts, grace = 10_000, authorize } = options
  const limits = limitsOf(options.limits)
  if (!authorize && !isLoopback(host)) {
    throw new TypeError(`listening at ${host} would serve everybody: say by authorize(request) who may ask`)
  }
  const stopping = new AbortController()
  // each event stream listens
  setMaxListeners(0, stopping.signal)
  const answer = answering(facets, options, { stopping: stopping.signal })
  /** Does nobody decide by the request who may ask? */
  const isOpen = !authorize && typeof facets !== 'function'
  const clients = inFlight(limits.inFlight)
  const check = hostCheck(hosts ?? (authorize ? undefined : [host]))

  async function give(requested: Requested, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const answered = await answer(requested, { address: incoming.socket.remoteAddress })
    if (stopping.signal.aborted) outgoing.setHeader('connection', 'close')
    await write(outgoing, answered, limits.bodyTime)
  }

  const listener = getRequestListener(
    async (request, { incoming, outgoing }) => {
      await give(fromRequest(request), incoming as IncomingMessage, outgoing as ServerResponse)
      return sent
    },
    {
      overrideGlobalObjects: false,
      errorHandler: () => toResponse(problemAnswer(new HttpError(400, 'the request is not well-formed'))),
    },
  )

  function take(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const refusal = refusalOf(incoming, limits) ?? check(incoming) ?? clients.enter(incoming, outgoing)
    if (refusal) void write(outgoing, problemAnswer(refusal), limits.bodyTime)
    else if (isOpen && isPlainRead(incoming)) {
      void give(fromIncoming(incoming, outgoing), incoming, outgoing).catch(() => outgoing.destroy())
    } else void listener(incoming, outgoing)
  }

  const server = createServer(
    {
      // what is too long of these is looked at when it can be said which it is
      maxHeaderSize: limits.url + limits.headerBytes,
      headersTimeout: limits.headerTime,
      // a long import may take its time: what comes too slowly is ended by whoever reads it
      requestTimeout: 0,
      keepAliveTimeout: limits.keepAlive,
      connectionsCheckingInterval: Math.max(10, Math.min(1000, limits.headerTime / 4)),
      requireHostHeader: false,
    },
    take,
  )
  // one more than there may be, to see that there are too many
  server.maxHeadersCount = limits.headers + 1
  server.maxRequestsPerSocket = limits.requestsPerSocket
  server.maxConnections = limits.connections
  server.on('connection', clients.connect)
  server.on('clientError', onClientError(clients, limits))
  server.on('checkContinue', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (!(Number(incoming.headers['content-length']) > limits.body)) outgoing.writeContinue()
    take(incoming, outgoing)
  })
  server.on('checkExpectation', (_: IncomingMessage, outgoing: ServerResponse) => {
    void write(
      outgoing,
      problemAnswer(new HttpError(417, 'this cannot be expected', { connection: 'close' })),
      limits.bodyTime,
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  server.removeAllListeners('error')

  let closed: Promise<void> | undefined
  return Object.freeze({
    url: urlOf(server.address() as AddressInfo),
    close() {
      closed ??= new Promise<void>(resolve => {
        stopping.abort()
        const late = setTimeout(() => server.closeAllConnections(), grace)
        // that of HTTP would cut off what is answered, but has not arrived
        Server.prototype.close.call(server, () => {
          clearTimeout(late)
          resolve()
        })
        clients.leave()
      })
      return closed
    },
  })
}

const urlOf = ({ address, family, port }: AddressInfo) =>
  `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
