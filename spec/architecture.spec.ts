import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { expect } from 'chai'

const rooms = ['lib', 'stores', 'wrappers', 'models', 'server', 'cli'] as const
type Room = (typeof rooms)[number]

/** What the files of a room may import from, besides the room itself. */
const arrows: Record<Room, readonly Room[]> = {
  lib: [],
  stores: ['lib'],
  wrappers: ['lib'],
  models: ['lib'],
  server: ['lib', 'models'],
  cli: ['lib', 'stores', 'wrappers', 'models', 'server'],
}
/** The ready-made systems, built from parts of all rooms. */
const composed = ['models/database.ts', 'models/datastore', 'models/live', 'models/persisto']

const root = new URL('..', import.meta.url).pathname
const sources = ['index.ts', ...rooms.flatMap(filesIn)]

function filesIn(folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.ts'))
      .map(file => posix.join(folder, file))
  } catch {
    return []
  }
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/(?:from|import|import\() ?'([^']+)'/g)].map(([, path]) => path as string)
}

/** The room that a relative import leads to. */
function roomOf(file: string, path: string): string | undefined {
  return path.startsWith('.') ? posix.join(posix.dirname(file), path).split('/')[0] : undefined
}

describe('architecture', () => {
  it('has rooms', () => expect(sources.length).to.be.greaterThan(20))

  for (const file of sources) {
    const room = file.split('/')[0] as Room
    it(`${file} follows the arrows`, () => {
      const allowed = composed.some(part => file.startsWith(part))
        ? rooms.slice(0, 4)
        : [room, ...(arrows[room] ?? rooms)]
      for (const path of importsOf(file)) {
        const to = roomOf(file, path)
        if (to) expect(allowed, `${file} imports ${path}`).to.include(to)
        if (room === 'lib') expect(path, 'lib runs in a browser').not.to.match(/^node:/)
      }
    })

    isSmall(file)
  }

  for (const file of filesIn('spec')) isSmall(file)

  function isSmall(file: string): void {
    it(`${file} is small`, () => {
      expect(readFileSync(join(root, file), 'utf8').split('\n').length - 1).to.be.at.most(250)
    })
  }
})
