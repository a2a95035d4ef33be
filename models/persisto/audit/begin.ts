/** How a log was left, and what of it holds. */
import { join } from 'node:path'
import { corrupt } from '../../../stores/files/corrupt.js'
import type { FileSystem } from '../../../stores/files/file-system.js'
import { readFile } from '../../../stores/files/read-file.js'
import { clearHead, type Head, readHead } from './head.js'
import { beginning, daysIn, linesOf, read } from './line.js'
import { largest } from './verify.js'

export interface Begun {
  readonly head: Head
  /** The day of the last file. */
  readonly day: string | undefined
  /** The good bytes in it. */
  readonly length: number
  /** Is it no longer known where the log has ended? */
  readonly lost: boolean
}

/** Reads the last files, back to where the log is known to have ended. A `CorruptError` if that is not there any more. */
export async function beginOf(fileSystem: FileSystem, path: string): Promise<Begun> {
  await clearHead(fileSystem, path)
  const known = await readHead(fileSystem, path)
  const days = daysIn(await fileSystem.readdir(path))
  const day = days.at(-1)
  let head: Head = { number: 0, hash: beginning, entry: known?.entry ?? 0 }
  let length = 0
  let passed = false
  for (const each of days.reverse()) {
    const name = join(path, `${each}.log`)
    const bytes = (await readFile(fileSystem, name, largest))?.bytes ?? Buffer.alloc(0)
    const found = goodLines(bytes, name)
    if (each === day) length = found.length
    const entry = Math.max(head.entry, found.head.entry)
    head = head.number === 0 ? { ...found.head, entry } : { ...head, entry }
    passed ||= found.hashes.has(known?.hash ?? '')
    if (passed) break
  }
  if (known && known.number > 0 && !passed) {
    throw corrupt(path, `line ${known.number}`, 'the log has ended there, and it is missing or altered')
  }
  return { head, day, length, lost: !known && days.length > 0 }
}

/** The lines up to the first that is not whole. */
function goodLines(bytes: Buffer, name: string) {
  const hashes = new Set<string>()
  let head: Head = { number: 0, hash: beginning, entry: 0 }
  let length = 0
  for (const each of linesOf(bytes).lines) {
    const line = read(each)
    const follows =
      line?.intact && (head.number === 0 || (line.line.number === head.number + 1 && line.line.previous === head.hash))
    if (!line || !follows) {
      // a power cut leaves holes, in lines that nobody was told of: none of those up to the known end
      if (each.includes(0)) break
      throw corrupt(name, `line ${hashes.size + 1}`, 'it was altered')
    }
    head = { number: line.line.number, hash: line.hash, entry: line.line.entry ?? head.entry }
    hashes.add(line.hash)
    length += each.length + 1
  }
  return { head, hashes, length }
}
