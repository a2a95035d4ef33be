/** A proxy of TCP connections that holds back what goes through, breaks connections anywhere, and sends requests twice. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Random } from '../oracle/random.js'

export interface UnrulyProxy {
  readonly port: number
  /** What it has done. */
  readonly done: { cuts: number; delays: number; doubles: number }
  close(): Promise<void>
}

/** `harm` is how probable each kind of harm is for each piece that goes through. */
export async function unruly(target: number, chance: Random, harm: number): Promise<UnrulyProxy> {
  const sockets = new Set<Socket>()
  const done = { cuts: 0, delays: 0, doubles: 0 }

  function known(socket: Socket): Socket {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => {})
    return socket.on('close', () => sockets.delete(socket))
  }

  async function held(): Promise<void> {
    if (!chance.chance(4 * harm)) return
    done.delays++
    for (let turns = chance.below(60); turns > 0; turns--) await new Promise(setImmediate)
  }

  /** A whole request arrives once more, some time later; nobody reads what is answered. */
  async function double(request: Buffer): Promise<void> {
    done.doubles++
    for (let turns = chance.below(100); turns > 0; turns--) await new Promise(setImmediate)
    const again = known(connect(target, '127.0.0.1'))
    again.write(request)
    again.once('data', () => again.destroy())
  }

  function pass(from: Socket, to: Socket, isRequest: boolean): void {
    let turn = Promise.resolve()
    from.on('data', (piece: Buffer) => {
      if (isRequest && isWhole(piece) && chance.chance(harm)) void double(piece)
      const cut = chance.chance(harm) ? chance.below(piece.length + 1) : undefined
      turn = turn.then(async () => {
        await held()
        if (cut === undefined) return void to.write(piece)
        done.cuts++
        to.write(piece.subarray(0, cut), () => {
          for (const socket of [from, to]) {
            if (cut % 2) socket.destroy()
            else socket.resetAndDestroy()
          }
        })
      })
    })
    from.on('end', () => void turn.then(() => to.end()))
    from.on('close', () => void turn.then(() => to.destroy()))
  }

  const server = createServer({ allowHalfOpen: true }, client => {
    const upstream = known(connect({ port: target, host: '127.0.0.1', allowHalfOpen: true }))
    pass(known(client), upstream, true)
    pass(upstream, client, false)
  })
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    done,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise(resolve => {
        server.close(() => resolve())
      })
    },
  }
}

/** Is it one request, from its first byte to its last? */
function isWhole(piece: Buffer): boolean {
  const text = piece.toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  const length = Number(/^content-length: (\d+)\r$/im.exec(text)?.[1] ?? 0)
  return end > 0 && /^(?:GET|PUT|POST|DELETE) /.test(text) && text.length === end + 4 + length
}
