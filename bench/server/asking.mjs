import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** So many requests at a time. */
const batch = 1000

/** A variant: the server at `origin` is asked for the paths by another process; its answers are what variants must agree on. */
export async function asking(origin, paths, operation, end) {
  const client = fork(fileURLToPath(new URL('client.mjs', import.meta.url)), [origin], { execArgv: [] })
  let from = 0

  function ask(request) {
    return new Promise((resolve, reject) => {
      client.once('message', message => (message.error ? reject(new Error(message.error)) : resolve(message)))
      client.send(request)
    })
  }

  return {
    answer: async () => JSON.parse((await ask({ text: paths[7] })).text),
    async [operation]() {
      const { count } = await ask({ paths, from, count: batch })
      from += batch
      return count
    },
    async end() {
      client.kill()
      await end()
    },
  }
}
