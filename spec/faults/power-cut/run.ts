/**
 * Cuts the power of file systems in files, again and again, while a process writes to stores in them; then they replay
 * their logs, and all that was acknowledged must be there.
 *
 *     node --import @oxc-node/core/register spec/faults/power-cut/run.ts --cuts 20 --store json-file,sqlite --file-system ext4,xfs --seed 1
 *
 * Needs Linux, root, loop devices, mkfs.ext4 or mkfs.xfs, and xfs_io (of xfsprogs). The store `naive` must lose data.
 * What is in the cache of a drive itself is not lost here: that a sync empties it is up to the system.
 */
import { parseArgs } from 'node:util'
import { newSeed } from '../../oracle/random.js'
import { type Damage, damages } from './inspect.js'
import { type Kind, kinds } from './kinds.js'
import { powerCuts, type Result } from './power-cuts.js'
import { type FileSystemName, fileSystems, modes, obstacle } from './volume.js'

const { values } = parseArgs({
  options: {
    cuts: { type: 'string', default: '20' },
    store: { type: 'string', default: 'json-file,directory,sqlite,together' },
    'file-system': { type: 'string', default: fileSystems.join() },
    seed: { type: 'string', default: `${newSeed()}` },
  },
})
const cuts = Number(values.cuts)
const seed = Number(values.seed)
const stores = among<Kind>(values.store, Object.keys(kinds))
const chosen = among<FileSystemName>(values['file-system'], fileSystems)

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const usable = chosen.filter(fileSystem => {
  const reason = obstacle(fileSystem)
  if (reason) console.log(`SKIPPED (${fileSystem}: ${reason})`)
  return !reason
})
console.log(`seed ${seed}`)
const rows = []
for (const store of stores) {
  for (const fileSystem of usable) rows.push(...(await run(store, fileSystem)))
}
if (rows.length > 0) console.table(rows)
if (rows.some(each => damages.some(damage => each[damage] > 0))) process.exitCode = 1

async function run(kind: Kind, fileSystem: FileSystemName) {
  const results: Result[] = []
  for await (const result of powerCuts({ kind, fileSystem, cuts, seed })) {
    results.push(result)
    const { mode, acknowledged, findings } = result
    const outcome = findings.length === 0 ? 'all there' : `${findings.length} findings`
    console.log(`${kind}, ${fileSystem}, ${mode}, ${results.length}/${cuts}: ${acknowledged} acknowledged, ${outcome}`)
    for (const { damage, text } of findings.slice(0, 3)) console.log(`  ${damage}: ${text}`)
  }
  return modes.map(mode => {
    const ofMode = results.filter(each => each.mode === mode)
    return { store: kind, 'file system': fileSystem, mode, ...totals(ofMode) }
  })
}

function totals(results: readonly Result[]) {
  const findings = results.flatMap(each => each.findings)
  const count = (damage: Damage) => findings.filter(each => each.damage === damage).length
  return {
    cuts: results.length,
    acknowledged: results.reduce((sum, each) => sum + each.acknowledged, 0),
    lost: count('lost'),
    torn: count('torn'),
    half: count('half'),
    refused: count('refused'),
  }
}

function among<T extends string>(list: string, known: readonly string[]): T[] {
  const names = list.split(',')
  const strange = names.find(name => !known.includes(name))
  if (strange !== undefined) throw new TypeError(`there is ${known.join(', ')}, but no ${strange}`)
  return names as T[]
}
