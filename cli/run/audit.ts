import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from '../../lib/json.js'
import type { Run } from '../command.js'
import { codes, usage } from '../failure.js'
import { paintFor } from '../output/paint.js'
import { safe } from '../output/safe.js'
import { writeJson, writeLine } from '../output/write.js'
import type { World } from '../world.js'

/** Checks the logs of an audit. */
export const verify: Run = async (world, { args: [folder = ''], options }) => {
  const { verifyAudit } = await import('../../models/persisto/audit.js')
  const receipts = options.receipt === undefined ? undefined : receiptsIn(world, options.receipt as string)
  const report = await verifyAudit({
    path: resolve(world.cwd, folder),
    ...(receipts && { receipts: receipts as never }),
  })
  if (options.json) await writeJson(world, report)
  else {
    const { green, red } = paintFor(world, world.stdout)
    for (const { file, line, problem } of report.problems) {
      await writeLine(world, `${red('✗')} ${safe(`${file}:${line}: ${problem}`)}`)
    }
    const told = `${report.lines} lines in ${report.files} files`
    if (report.ok) await writeLine(world, `${green('✓')} ${told}, as they were written`)
  }
  return report.ok ? codes.done : codes.damaged
}

function receiptsIn({ cwd }: World, name: string): readonly unknown[] {
  try {
    return [parse(readFileSync(resolve(cwd, name), 'utf8'))].flat()
  } catch (error) {
    throw usage(`${name} holds no receipt: ${(error as Error).message}`)
  }
}
