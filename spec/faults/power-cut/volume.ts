import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const fileSystems = ['ext4', 'xfs'] as const
export type FileSystemName = (typeof fileSystems)[number]

/** How the power goes: the file system's own log is lost as well, or it gets to the disk and only data is lost. */
export const modes = ['log lost', 'log kept'] as const
export type Mode = (typeof modes)[number]

/** A file system in a file. */
export interface Volume {
  /** Where it is mounted. */
  readonly path: string
  /** Mounts it; after a cut this replays its log. */
  mount(): void
  /** From now on nothing reaches the disk, and what has not reached it is forgotten. */
  cut(mode: Mode): void
  unmount(): void
  /** Unmounts it whoever uses it, and removes it. Done by itself when the process ends. */
  dispose(): void
}

const size = 320 * 2 ** 20

/** Makes an empty one. Needs root, and throws what the system says where it cannot be done. */
export function volume(fileSystem: FileSystemName): Volume {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-power-'))
  const image = join(folder, 'image')
  const path = join(folder, 'mounted')
  let mounted = false

  function mount(): void {
    system('mount', '-o', 'loop', image, path)
    mounted = true
  }

  function unmount(...options: string[]): void {
    system('umount', ...options, path)
    mounted = false
  }

  function dispose(): void {
    process.removeListener('exit', dispose)
    if (mounted) unmount('--lazy')
    rmSync(folder, { recursive: true })
  }

  process.once('exit', dispose)
  mkdirSync(path)
  writeFileSync(image, '')
  truncateSync(image, size)
  system(`mkfs.${fileSystem}`, '-q', image)
  return {
    path,
    mount,
    cut: mode => system('xfs_io', '-x', '-c', mode === 'log lost' ? 'shutdown' : 'shutdown -f', path),
    unmount: () => unmount(),
    dispose,
  }
}

/** Why the power of such a volume cannot be cut here, if so: found out by trying. */
export function obstacle(fileSystem: FileSystemName): string | undefined {
  if (process.platform !== 'linux') return 'it needs Linux'
  if (process.getuid?.() !== 0) return 'it needs root'
  try {
    const trial = volume(fileSystem)
    trial.mount()
    trial.cut('log lost')
    trial.unmount()
    trial.dispose()
    return undefined
  } catch (error) {
    return (error as Error).message.trim().replace(/\s+/g, ' ')
  }
}

function system(command: string, ...options: string[]): void {
  // where people do not look for programs, the system does
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` }
  execFileSync(command, options, { env, stdio: 'pipe' })
}
