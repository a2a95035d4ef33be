import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('worker.mjs', import.meta.url))

/** How long a request may take, in milliseconds. */
const patience = 120_000

/** Starts a process that prepares and measures variants of a case, one request at a time. */
export function startWorker(file, folder, { slice = 100, warm = 400 }) {
  const child = fork(program, [file, folder], { execArgv: ['--expose-gc'], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  const offered = new Map()
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    complaints = (complaints + text).slice(-2000)
  })

  let settle
  child.on('message', message => settle?.(message))
  child.on('exit', (code, signal) =>
    settle?.({ error: `the process ended with ${code ?? signal}: ${complaints.trim().split('\n').at(-1)}` }),
  )

  async function ask(request) {
    const impatient = setTimeout(() => child.kill('SIGKILL'), patience)
    const { error, value } = await new Promise(resolve => {
      settle = resolve
      child.send(request, failure => failure && resolve({ error: failure.message }))
    })
    clearTimeout(impatient)
    if (error !== undefined) throw error
    return value
  }

  return {
    /** Resolves to the answer by which variants are compared. */
    async prepare(variant) {
      const { operations, answer } = await ask({ type: 'prepare', variant, warm })
      offered.set(variant, operations)
      return answer
    },
    offers: (variant, operation) => offered.get(variant)?.includes(operation) ?? false,
    /** Resolves to the milliseconds of one operation. */
    measure: (variant, operation) => ask({ type: 'measure', variant, operation, slice }),
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = new Promise(resolve => child.once('exit', resolve))
      await ask({ type: 'end' }).catch(() => {})
      child.kill()
      await exited
    },
  }
}
