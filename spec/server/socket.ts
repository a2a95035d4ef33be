/** A server on a port, and a bare socket to say anything to it. */
import { connect, type Socket } from 'node:net'
import { type Listening, type ListenOptions, listen } from '../../server/listen.js'
import { type Ask, answered, facets } from './world.js'

const open = new Set<Listening>()

/** Listens until the test is over. */
export async function serving(
  given: Parameters<typeof listen>[0] = facets(),
  options: ListenOptions = {},
): Promise<Listening & { readonly ask: Ask; readonly port: number }> {
  const server = await listen(given, { grace: 200, ...options })
  open.add(server)
  const ask: Ask = async (method, path, body, headers = {}) => {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const type = text === undefined ? {} : { 'content-type': 'application/json' }
    const init = { method, headers: { ...type, ...headers }, ...(text !== undefined && { body: text }) }
    return answered(await fetch(`${server.url}${path}`, init))
  }
  return { ...server, ask, port: Number(new URL(server.url).port) }
}

export async function closeAll(): Promise<void> {
  await Promise.all([...open].map(server => server.close()))
  open.clear()
}

export interface Raw {
  readonly socket: Socket
  write(text: string | Uint8Array): void
  /** All that comes until the other side closes. */
  readonly end: Promise<string>
  /** What has come so far matches. */
  until(pattern: RegExp): Promise<string>
}

export async function raw(port: number): Promise<Raw> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.setEncoding('latin1')
  const looking = new Set<() => void>()
  const look = () => {
    for (const each of looking) each()
  }
  socket.on('data', chunk => {
    text += chunk
    look()
  })
  // a reset is an end, too
  socket.on('error', () => {})
  const end = new Promise<string>(resolve => socket.once('close', () => resolve(text)))
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  return {
    socket,
    end,
    write: chunk => void socket.write(chunk),
    until: pattern =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (!pattern.test(text)) return
          looking.delete(check)
          resolve(text)
        }
        looking.add(check)
        check()
        void end.then(() => reject(new Error(`the connection ended with ${JSON.stringify(text)}`)))
      }),
  }
}

/** Says this on a connection of its own; gives what comes until that is closed. */
export async function say(port: number, text: string | Uint8Array): Promise<string> {
  const { write, end } = await raw(port)
  write(text)
  return end
}

/** The statuses of the answers in a text. */
export const statusesIn = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
