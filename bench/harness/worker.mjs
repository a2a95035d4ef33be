/** The process of a variant: prepares it, and measures slices when asked. */
import { measure } from './measure.mjs'

const [, , file, folder] = process.argv
const { default: definition } = await import(file)
const prepared = new Map()

const answers = {
  async prepare({ variant, warm }) {
    const { answer, end, ...operations } = await definition.variants[variant](folder)
    prepared.set(variant, { operations, end })
    const text = JSON.stringify(await answer?.())
    if (warm > 0) for (const run of Object.values(operations)) await measure(run, warm)
    globalThis.gc()
    return { operations: Object.keys(operations), answer: text }
  },
  async measure({ variant, operation, slice }) {
    const run = prepared.get(variant).operations[operation]
    if (definition.warm !== 0) await measure(run, slice / 10)
    const { wall, cpu } = await measure(run, slice)
    return definition.waiting?.includes(operation) ? wall : cpu
  },
  async end() {
    for (const { end } of prepared.values()) await end?.()
  },
}

process.on('disconnect', () => process.exit())
process.on('message', async request => {
  try {
    process.send({ value: await answers[request.type](request) })
  } catch (error) {
    process.send({ error: `${error?.stack ?? error}`.split('\n').slice(0, 3).join(' ') })
  }
})
