import type { Random } from '../oracle/random.js'

/** A file that is not as it was written. */
export interface Mutation {
  readonly title: string
  readonly bytes: Buffer
}

/** Damage to a file of which nobody knows: bits that flip, and bytes that are lost or come twice. */
export function mutation(bytes: Buffer, chance: Random): Mutation {
  const at = chance.below(bytes.length)
  const kinds: readonly (() => Mutation)[] = [
    () => ({ title: `bit ${at * 8} flipped`, bytes: flipped(bytes, at, 1 << chance.below(8)) }),
    () => ({ title: `byte ${at} changed`, bytes: flipped(bytes, at, 1 + chance.below(255)) }),
    () => ({ title: `cut off at ${at}`, bytes: bytes.subarray(0, at) }),
    () => ({ title: `NUL from ${at}`, bytes: Buffer.concat([bytes.subarray(0, at), Buffer.alloc(bytes.length - at)]) }),
    () => ({ title: `twice from ${at}`, bytes: Buffer.concat([bytes, bytes.subarray(at)]) }),
    () => ({ title: `byte ${at} lost`, bytes: Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]) }),
    () => ({ title: 'a byte order mark', bytes: Buffer.concat([Buffer.from('\ufeff'), bytes]) }),
    () => ({
      title: 'other line ends',
      bytes: Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
    }),
    () => ({ title: 'UTF-16', bytes: Buffer.from(bytes.toString(), 'utf16le') }),
  ]
  return chance.pick(chance.chance(0.5) ? kinds.slice(0, 2) : kinds)()
}

function flipped(bytes: Buffer, at: number, mask: number): Buffer {
  const changed = Buffer.from(bytes)
  changed[at] = (changed[at] as number) ^ mask
  return changed
}
