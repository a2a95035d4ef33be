import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Memory in the form of a disk, where there is one: tests that cut no power need no platter. */
const root = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

export interface Folder {
  path(name?: string): string
  /** What a sealed file says, without the seal. */
  text(name?: string): string
  /** The names of all that lies in it. */
  names(): string[]
  /** Removes what lies in it. */
  clear(): void
}

/** A folder for the suite in which this is called, removed when the suite is over. */
export function keptFolder(): string {
  const path = mkdtempSync(join(root, 'holdfast-'))
  after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A folder for the suite in which this is called, empty at the start of each test. */
export function folder(): Folder {
  const path = keptFolder()
  const clear = () => {
    rmSync(path, { recursive: true, force: true })
    mkdirSync(path)
  }
  afterEach(clear)
  return {
    path: (name = 'data.json') => join(path, name),
    text: (name = 'data.json') => readFileSync(join(path, name), 'utf8').replace(/\n[ \t]{64}\n$/, '\n'),
    names: () => readdirSync(path).sort(),
    clear,
  }
}
