import type { Inode } from './inode.js'

/** All that lies on a disk without power. */
export interface Image {
  /** The content of each file, by its path. */
  readonly files: ReadonlyMap<string, Buffer>
  readonly directories: readonly string[]
  /** Two images are the same if this is. */
  readonly key: string
}

/** The image of what has a name. */
export function imageOf(names: ReadonlyMap<string, Inode>, content: (inode: Inode) => Buffer): Image {
  const files = new Map<string, Buffer>()
  const directories: string[] = []
  const parts: string[] = []
  for (const [path, inode] of names) {
    // what lies in a directory whose own name was lost cannot be found
    if (!isReachable(names, path)) continue
    if (inode.isDirectory) {
      directories.push(path)
      parts.push(path)
      continue
    }
    const bytes = content(inode)
    files.set(path, bytes)
    parts.push(`${path}\n${bytes.toString('latin1')}`)
  }
  return { files, directories, key: parts.sort().join('\0') }
}

/** The directory in which a path lies. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')))
}

function isReachable(names: ReadonlyMap<string, Inode>, path: string): boolean {
  return path === '/' || (names.has(path) && isReachable(names, parentOf(path)))
}
