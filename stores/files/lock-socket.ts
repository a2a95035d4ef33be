/** A socket that stands for a lock: who listens has it, and who calls is told by whom it is held. */
import { connect, createServer, type Server } from 'node:net'
import { codeOf } from './file-error.js'

/** Listens without answering, at once; `undefined` if the address is in use. Does not keep the process alive. */
export function listenNow(address: string): Server | undefined {
  const server = createServer(socket => socket.destroy())
  // told when it is too late to matter
  server.on('error', () => {})
  // `exclusive`: the workers of a cluster would share one socket
  server.listen({ path: address, exclusive: true })
  return server.listening ? server.unref() : undefined
}

/** Listens, and answers each caller. Does not keep the process alive; an address in use is an error `EADDRINUSE`. */
export function listen(address: string, answer: () => string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(socket => {
      socket.on('error', () => {})
      socket.unref()
      socket.end(answer())
      // a caller who does not hang up must not hold up a release
      socket.destroySoon()
    })
    server.once('error', reject)
    server.listen({ path: address, exclusive: true }, () => {
      server.off('error', reject)
      // a connection that breaks while it is accepted is no concern of the holder
      server.on('error', () => {})
      resolve(server.unref())
    })
  })
}

export function stopListening(server: Server): Promise<void> {
  return new Promise(resolve => server.close(() => resolve()))
}

/**
 * What the listener answers: the empty text if it is there but does not say anything within so many milliseconds, and
 * `undefined` if nobody listens.
 */
export function call(address: string, patience: number): Promise<string | undefined> {
  return new Promise(resolve => {
    let answer = ''
    const socket = connect(address)
    const end = (result: string | undefined) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(result)
    }
    const timer = setTimeout(() => end(''), patience)
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => {
      answer += text
    })
    socket.on('end', () => end(answer))
    socket.on('error', error => {
      const isGone = ['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE'].includes(codeOf(error) ?? '')
      end(isGone ? undefined : '')
    })
  })
}
