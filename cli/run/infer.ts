import { infer as propose } from '../../models/infer.js'
import type { Run } from '../command.js'
import { usage } from '../failure.js'
import { progress } from '../output/progress.js'
import { safe } from '../output/safe.js'
import { writeJson } from '../output/write.js'
import { withStore } from '../places/open.js'

/** Proposes a model. */
export const infer: Run = (world, { args: [address = ''], options }) =>
  withStore(world, address, { options }, async ({ store, idProperty, all }) => {
    const { signal, stdout } = world
    const shown = progress(world, 'looked at')
    const title = options.title as string | undefined
    // without a sample one object after the other is enough, even of a directory
    const source = options.sample === undefined ? { query: () => all(), get: store.get } : store
    const proposal = await propose(source as typeof store, {
      signal,
      progress: ({ done }) => shown.at(done),
      ...(options.sample !== undefined && { sample: numberOf(options.sample, '--sample') }),
      ...(title !== undefined && { title }),
    }).finally(() => shown.end())
    if (options.json) {
      await writeJson(world, { idProperty, ...proposal.definition })
      return
    }
    stdout.write(safe(proposal.toString()))
  })

/** A number from 1 on, as it was typed. */
export function numberOf(text: unknown, option: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number > 0) return number
  throw usage(`${option} is a number from 1 on, not ${String(text)}`)
}
