/** What is wrong with a store, found by reading all of it. */
import { isStoreError } from '../../lib/errors.js'
import { checkedCopy } from '../../lib/value.js'
import type { Given } from '../command.js'
import { type Opened, open } from '../places/open.js'
import type { Place } from '../places/place.js'
import type { World } from '../world.js'

export interface Ill {
  readonly where: string
  readonly problem: string
  /** What to do about it. */
  readonly remedy: string
}

type Options = Given['options']

/** `seen` is called for each object that can be read. */
export async function* ills(
  world: World,
  address: string,
  place: Place,
  options: Options,
  seen: () => void,
): AsyncGenerator<Ill> {
  const remedy = `holdfast recover ${address} ${savedAs(address, place)} saves the rest`
  let opened: Opened
  try {
    opened = await open(world, address, { options })
  } catch (error) {
    if (!isStoreError(error, 'CorruptError')) throw error
    yield { where: address, problem: error.message, remedy }
    return
  }
  try {
    if (place.kind === 'dir') yield* inFolder(world, opened, seen)
    else {
      if (place.kind === 'sqlite') yield* inDatabase(place.path, remedy)
      yield* inObjects(world, opened, address, remedy, seen)
    }
  } finally {
    await opened.close()
  }
}

/** A name for the new store, beside the old one. */
function savedAs(address: string, { kind }: Place): string {
  if (kind === 'dir') return `${address.replace(/\/$/, '')}-saved`
  return address.replace(/(\.\w+)?(#.*)?$/, '-saved$1$2')
}

/** Each file for itself. */
async function* inFolder(world: World, { store, place }: Opened, seen: () => void): AsyncGenerator<Ill> {
  const { path } = place as Extract<Place, { kind: 'dir' }>
  const { problems } = store as unknown as { problems(options: object): Promise<{ name: string; error: Error }[]> }
  const found = await problems({ signal: world.signal })
  const count = Number(await store.count?.(''))
  for (let left = count; left > 0; left--) seen()
  for (const { name, error } of found) {
    yield { where: `${path}/${name}`, problem: error.message, remedy: 'mend the file with an editor, or delete it' }
  }
}

/** By SQLite itself. */
async function* inDatabase(path: string, remedy: string): AsyncGenerator<Ill> {
  const { looking } = await import('../places/table.js')
  const found = looking(path, connection => connection.all('PRAGMA integrity_check(20)')) as string[]
  for (const problem of found) if (problem !== 'ok') yield { where: path, problem, remedy }
}

async function* inObjects(
  world: World,
  { all }: Opened,
  address: string,
  remedy: string,
  seen: () => void,
): AsyncGenerator<Ill> {
  try {
    for await (const object of all()) {
      world.signal.throwIfAborted()
      checkedCopy(object)
      seen()
    }
  } catch (error) {
    if (!isStoreError(error) || world.signal.aborted) throw error
    yield { where: address, problem: error.message, remedy }
  }
}
