import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import type { Finding } from './finding.js'

/** By the numbers of statfs(2). */
const kinds = new Map<number, string>([
  [0xef53, 'ext4'],
  [0x58465342, 'xfs'],
  [0x9123683e, 'btrfs'],
  [0x2fc12fc1, 'zfs'],
  [0x794c7630, 'overlay'],
  [0x4d44, 'fat'],
  [0x01021994, 'tmpfs'],
  [0x6969, 'nfs'],
  [0xff534d42, 'cifs'],
  [0xfe534d42, 'smb2'],
  [0x65735546, 'fuse'],
  [0x01021997, '9p'],
])
const remote = new Set(['nfs', 'cifs', 'smb2', '9p'])

const scarce = 100 * 2 ** 20

/** What a folder lies on, and whether stores can last there. */
export async function diskFinding(folder: string): Promise<Finding> {
  const about = 'disk'
  try {
    const { type, bavail, bsize } = await statfs(folder)
    const kind = kinds.get(type) ?? `0x${type.toString(16)}`
    const free = bavail * bsize
    const text = `${folder} is on ${kind}, ${Math.floor(free / 2 ** 20)} MiB free`
    if (free < scarce) return { level: 'bad', about, text, remedy: 'make room: writes are refused when it is full' }
    if (kind === 'tmpfs')
      return { level: 'note', about, text, remedy: 'nothing here survives a restart of the machine' }
    if (remote.has(kind)) {
      return {
        level: 'note',
        about,
        text,
        remedy: 'locks keep out processes of this machine only: write from one machine',
      }
    }
    await access(folder, constants.W_OK)
    return { level: 'good', about, text }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EACCES' || code === 'EROFS') {
      return { level: 'note', about, text: `${folder} can only be read`, remedy: 'stores there cannot be written to' }
    }
    return { level: 'bad', about, text: message, remedy: 'check the path' }
  }
}
