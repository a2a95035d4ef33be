import { random } from '../../oracle/random.js'
import type { Finding } from './inspect.js'
import type { Kind } from './kinds.js'
import { type Verified, verify } from './verify.js'
import { type FileSystemName, type Mode, modes, type Volume, volume } from './volume.js'
import { type Cut, writeUntilCut } from './write-until-cut.js'

export interface PowerCutOptions {
  readonly kind: Kind
  readonly fileSystem: FileSystemName
  readonly cuts: number
  readonly seed: number
}

export interface Result {
  readonly mode: Mode
  /** How many steps were acknowledged before the cut. */
  readonly acknowledged: number
  readonly findings: readonly Finding[]
}

/** After so many cuts, or where there was damage, a new file system is made. */
const cutsPerVolume = 10

/** Cuts the power of a process that writes, by one mode and the other in turn, and gives what each cut did. */
export async function* powerCuts({ kind, fileSystem, cuts, seed }: PowerCutOptions): AsyncGenerator<Result> {
  const chance = random(seed)
  let used: Volume | undefined
  let left: Verified = empty
  try {
    for (let cut = 0; cut < cuts; cut++) {
      if (!used || cut % cutsPerVolume === 0 || left.findings.length > 0) {
        used?.dispose()
        used = volume(fileSystem)
        left = empty
      }
      const mode = modes[cut % modes.length] as Mode
      const duration = 200 + chance.below(600)
      const { acknowledged, verified } = await cutOnce(used, { kind, mode, duration, done: left.done })
      left = verified
      yield { mode, acknowledged, findings: left.findings }
    }
  } finally {
    used?.dispose()
  }
}

const empty: Verified = { findings: [], done: new Map() }

async function cutOnce(mounted: Volume, cut: Cut) {
  mounted.mount()
  const { done, acknowledged } = await writeUntilCut(mounted, cut)
  mounted.unmount()
  mounted.mount()
  const verified = await verify(cut.kind, mounted.path, done)
  mounted.unmount()
  return { acknowledged, verified }
}
