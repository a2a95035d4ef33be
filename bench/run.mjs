/**
 * Measures what the README claims. `npm run bench -- [group…] [--quick] [--write]`: all groups or the named ones, with
 * fewer rounds, and writes the table into the README.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { groups } from './groups.mjs'
import { measureCase } from './harness/case.mjs'
import { machine } from './harness/machine.mjs'
import { writeReadme } from './harness/readme.mjs'
import { rowsOf } from './harness/rows.mjs'
import { finished, note, printRows, progress } from './harness/terminal.mjs'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
})

const unknown = positionals.filter(name => !Object.hasOwn(groups, name))
if (unknown.length > 0) {
  console.error(`there is no group ${unknown.join(', ')}; there are ${Object.keys(groups).join(', ')}`)
  process.exit(1)
}
if (options.write && positionals.length > 0) {
  console.error('--write needs all groups: half a table would replace the whole')
  process.exit(1)
}

// on the disk of the repository, never in a memory file system
const cache = join(import.meta.dirname, 'node_modules', '.cache')
mkdirSync(cache, { recursive: true })
const folder = mkdtempSync(join(cache, 'holdfast-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
process.on('SIGINT', () => process.exit(130))

const began = Date.now()
const rows = []
for (const group of positionals.length > 0 ? positionals : Object.keys(groups)) {
  for (const file of groups[group]) {
    const { default: definition } = await import(file)
    const result = await measureCase(definition, {
      file,
      folder,
      quick: options.quick,
      onProgress: step => progress(`${group}: ${definition.title}`, step),
      onFailure: (variant, error) => note(`${group}: ${variant} did not run: ${error}`),
    })
    finished()
    const found = rowsOf(definition, result, group)
    printRows(found)
    rows.push(...found)
  }
}

const description = machine({ began, quick: options.quick })
console.log(`\n${description}`)
if (options.write) writeReadme(rows, description)
