#!/usr/bin/env node
/** The command in a process: its streams, its signals, its exit code. */
import { main } from './main.js'
import { enough } from './world.js'

const stop = new AbortController()
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.on(signal, () => {
    // who asks twice does not want to wait
    if (stop.signal.aborted) process.exit(code)
    stop.abort(new DOMException('interrupted', 'AbortError'))
  })
}
process.stdout.on('error', (error: NodeJS.ErrnoException) => stop.abort(error.code === 'EPIPE' ? enough : error))

const { env, stdin, stdout, stderr } = process
process.exitCode = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  env,
  stdin,
  stdout,
  stderr,
  signal: stop.signal,
  now: Date.now,
})
