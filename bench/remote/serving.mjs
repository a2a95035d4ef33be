import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** So many objects on a server beside this process. */
export function serving(count) {
  const server = fork(fileURLToPath(new URL('serve.mjs', import.meta.url)), [String(count)], { execArgv: [] })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('exit', code => reject(new Error(`the server ended with ${code}`)))
    server.once('message', ({ url }) => resolve({ url, end: () => server.kill() }))
  })
}
