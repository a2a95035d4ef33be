/** How many requests of each client are being answered. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { HttpError } from '../http-error.js'

export interface InFlight {
  /** Counts a request until it is answered, or gone; refuses it where the client has too many. */
  enter(incoming: IncomingMessage, outgoing: ServerResponse): HttpError | undefined
  /** To be told of each connection. */
  connect(socket: Socket): void
  /** Ends each connection as soon as nothing is to be answered on it. */
  leave(): void
  /** Has an answer begun on this connection that has not ended? */
  isAnswering(socket: Socket): boolean
}

export function inFlight(max: number): InFlight {
  const counts = new Map<string, number>()
  const answers = new WeakMap<Socket, ServerResponse>()
  /** How much each has said when all of it was answered: who has said more is in the middle of a request. */
  const answered = new Map<Socket, number>()
  let leaving = false

  function leaveIdle(socket: Socket): void {
    if (socket.bytesRead === answered.get(socket) && answers.get(socket)?.closed !== false) socket.destroySoon()
  }

  return {
    enter({ socket }, outgoing) {
      const client = socket.remoteAddress ?? ''
      const count = counts.get(client) ?? 0
      if (count >= max) {
        return new HttpError(429, `there may be ${max} requests at a time`, { 'retry-after': '1' })
      }
      counts.set(client, count + 1)
      answers.set(socket, outgoing)
      outgoing.on('close', () => {
        const left = (counts.get(client) as number) - 1
        if (left > 0) counts.set(client, left)
        else counts.delete(client)
        if (!answered.has(socket)) return
        answered.set(socket, socket.bytesRead)
        if (leaving) leaveIdle(socket)
      })
      return undefined
    },
    connect(socket) {
      answered.set(socket, 0)
      socket.once('close', () => answered.delete(socket))
    },
    leave() {
      leaving = true
      for (const socket of answered.keys()) leaveIdle(socket)
    },
    isAnswering(socket) {
      const last = answers.get(socket)
      return last?.headersSent === true && !last.writableFinished
    },
  }
}
