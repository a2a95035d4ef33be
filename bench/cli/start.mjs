import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../dist/cli/holdfast.js', import.meta.url))
const node = '`node -e 0`'

/** How long a person waits for the first word: the whole process, from its start to its end. */
export default {
  title: 'the start of the command',
  operations: ['start', 'count'],
  waiting: ['start', 'count'],
  rounds: 9,
  warm: 0,
  variants: {
    [node]: () => starting(['-e', '0'], ['-e', '0']),
    Holdfast: async folder => {
      const { jsonFile } = await import('../../dist/stores/json-file.js')
      const path = `${folder}/data.json`
      const store = await jsonFile({ path })
      if ((await store.count()) === 0) await store.put({ id: 1 })
      await store.close()
      return starting([program, '--help'], [program, 'count', path])
    },
  },
  rows: [
    { what: 'command: `--help`', operation: 'start', to: node, goal: { ms: 150 } },
    { what: 'command: count of a JSON file', operation: 'count', to: node },
  ],
}

function starting(help, count) {
  const run = words => {
    execFileSync(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
    return 1
  }
  return { answer: () => 'it starts', start: () => run(help), count: () => run(count) }
}
