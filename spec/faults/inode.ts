/** A file or directory of a simulated disk. Its buffers are never changed, only replaced, so that images can share them. */
export interface Inode {
  readonly number: number
  readonly isDirectory: boolean
  mode: number
  uid: number
  gid: number
  mtimeMs: number
  /** How many names it has. */
  links: number
  /** As processes see it. */
  bytes: Buffer
  /** What a power cut cannot take. */
  lasting: Buffer
  /** What leads from the one to the other. */
  changes: DataChange[]
}

/** Bytes that were written, or a new length. */
export type DataChange = ({ readonly position: number; readonly bytes: Buffer } | { readonly length: number }) & {
  /** The fates that were drawn for it. */
  drawn?: readonly (DataChange | undefined)[]
}

export const noBytes: Buffer = Buffer.alloc(0)

/** The bytes after a change. Between the old end and what is written beyond it there are NULs. */
export function changed(bytes: Buffer, change: DataChange): Buffer {
  if ('length' in change) {
    if (change.length <= bytes.length) return bytes.subarray(0, change.length)
    return Buffer.concat([bytes], change.length)
  }
  const { position, bytes: written } = change
  const result = Buffer.alloc(Math.max(bytes.length, position + written.length))
  bytes.copy(result)
  written.copy(result, position)
  return result
}

/** A change to the names of a disk: a file that is made has no name before, one that is removed none after. */
export interface NameChange {
  readonly from?: string
  readonly to?: string
  readonly inode: Inode
}

/** Makes a change to the names. */
export function rename(names: Map<string, Inode>, { from, to, inode }: NameChange): void {
  if (from !== undefined) names.delete(from)
  if (to !== undefined) names.set(to, inode)
}
