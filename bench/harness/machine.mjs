import { cpus } from 'node:os'

/** One line that says on what, when and how it was measured. */
export function machine({ began, quick }) {
  const processors = cpus()
  const date = new Date(began).toISOString().slice(0, 10)
  const minutes = ((Date.now() - began) / 60_000).toFixed(1)
  const model = processors[0]?.model.trim() ?? process.arch
  const how = quick ? 'few rounds, in' : 'in'
  return `Measured on ${date}: ${processors.length} cores of ${model}, ${process.platform}, Node ${process.versions.node}; ${how} ${minutes} minutes by \`npm run bench\`.`
}
