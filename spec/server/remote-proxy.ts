/** A proxy of TCP connections that does harm at a chosen byte, once, and is honest otherwise. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Fault {
  /** A cut ends the connection as if all had been said; a reset breaks it; after a stall nothing more comes. */
  readonly kind: 'cut' | 'reset' | 'stall'
  readonly direction: 'request' | 'response'
  /** How many bytes get through before it. */
  readonly at: number
}

export interface FaultyProxy {
  readonly port: number
  /** From now on bytes are counted anew; the fault happens when so many have gone through. */
  plan(fault: Fault | undefined): void
  /** How many bytes have gone through since, each way. */
  readonly passed: { readonly request: number; readonly response: number }
  /** Breaks all connections. */
  drop(): void
  close(): Promise<void>
}

export async function proxy(target: number): Promise<FaultyProxy> {
  const sockets = new Set<Socket>()
  let fault: Fault | undefined
  let passed = { request: 0, response: 0 }

  const server = createServer({ allowHalfOpen: true }, client => {
    const upstream = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
      socket.setNoDelay(true)
    }
    let stalled = false

    function harm(kind: Fault['kind']): void {
      if (kind === 'stall') stalled = true
      for (const socket of kind === 'stall' ? [] : [client, upstream]) {
        if (kind === 'cut') socket.end()
        else socket.resetAndDestroy()
      }
      if (kind === 'cut') stalled = true
    }

    function pass(from: Socket, to: Socket, direction: Fault['direction']): void {
      from.on('data', bytes => {
        if (stalled) return
        const due = fault?.direction === direction ? fault.at - passed[direction] : Infinity
        if (bytes.length < due) {
          passed[direction] += bytes.length
          to.write(bytes)
          return
        }
        const { kind } = fault as Fault
        fault = undefined
        passed[direction] += due
        // what is said before a reset must arrive before it
        if (due > 0) to.write(bytes.subarray(0, due), () => setImmediate(harm, kind))
        else harm(kind)
        stalled = true
      })
      from.on('end', () => !stalled && to.end())
      from.on('close', () => !stalled && to.destroy())
    }
    pass(client, upstream, 'request')
    pass(upstream, client, 'response')
  })

  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    plan(next) {
      fault = next
      passed = { request: 0, response: 0 }
    },
    get passed() {
      return passed
    },
    drop() {
      for (const socket of sockets) socket.destroy()
    },
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise(resolve => {
        server.close(() => resolve())
      })
    },
  }
}
