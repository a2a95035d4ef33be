#!/usr/bin/env node
/** The command in a process: its streams, its signals, its exit code. */
import { report } from './failure.js'
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
let broken: Error | undefined
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return stop.abort(enough)
  broken ??= error
  stop.abort(error)
})
// where nobody hears what is said, the work goes on
process.stderr.on('error', () => {})

const { env, stdin, stdout, stderr } = process
const words = process.argv.slice(2)
const world = { cwd: process.cwd(), env, stdin, stdout, stderr, signal: stop.signal, now: Date.now }
const code = await main(words, world)
// what was written last may not have arrived
await new Promise(resolve => stdout.write('', resolve))
process.exitCode = code === 0 && broken ? report(world, broken, words.includes('--json')) : code
