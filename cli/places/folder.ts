/** A directory as the command needs it: one object in memory at a time, and told of what others write without locking them out. */
import { readdir } from 'node:fs/promises'
import { introduce } from '../../lib/explain.js'
import { feed } from '../../lib/feed.js'
import { compareKeys } from '../../lib/id.js'
import type { Data, Id, Store } from '../../lib/store.js'
import { beginDirectory } from '../../stores/directory/begin.js'
import { catalog } from '../../stores/directory/catalog.js'
import { isDocument, readName } from '../../stores/directory/file-name.js'
import { folder } from '../../stores/directory/folder.js'
import { intentName } from '../../stores/directory/intent.js'
import { directory } from '../../stores/directory.js'
import { nodeFileSystem } from '../../stores/files/file-system.js'
import { realPath } from '../../stores/files/real-path.js'
import type { World } from '../world.js'
import type { OpenOptions } from './open.js'

export interface FolderOptions extends Pick<OpenOptions, 'follow'> {
  readonly write: boolean
  readonly idProperty: string
}

export async function openFolder(world: World, path: string, options: FolderOptions) {
  const { write, follow = false, idProperty } = options
  const store: Store = write
    ? await directory({ path, idProperty, keep: follow ? 'all' : 'none', watch: follow })
    : await (follow ? followed(path, idProperty) : directory({ path, idProperty, keep: 'none', readonly: true }))
  return {
    store,
    all: () => inOrder(world, path, idProperty, store),
    total: async () => (await readdir(path)).filter(isDocument).length,
  }
}

const largest = 2 ** 29 - 24

/** Only read, so that nobody is kept out, and nevertheless followed: by what is seen of the files. */
async function followed(path: string, idProperty: string): Promise<Store> {
  const changes = feed<Data, Id>()
  const real = await realPath(nodeFileSystem, path)
  const store = await beginDirectory<Data, Id>({
    fileSystem: nodeFileSystem,
    path: real,
    idProperty,
    maxFile: largest,
    max: Number.POSITIVE_INFINITY,
    load: 'all',
    readonly: true,
    watch: true,
    changes,
  })
  const following: Store = {
    ...store,
    subscribe: changes.subscribe,
    async close() {
      changes.close()
      await store.close?.()
    },
  }
  return introduce(following, { name: 'directory', options: { path: real, readonly: true, watch: true } })
}

/** How many files are read at the same time. */
const ahead = 32

/**
 * Lists the names, and then reads one file after the other: a query would hold all objects. A file that is damaged ends it. What a
 * crash left half done is known to the store alone.
 */
async function* inOrder(world: World, path: string, idProperty: string, store: Store): AsyncGenerator<Data> {
  const files = folder({ fileSystem: nodeFileSystem, path, idProperty, maxFile: largest })
  const listed = await readdir(path)
  const { names, strangers, aliases } = catalog(listed, path)
  const [stranger] = strangers.values()
  if (stranger) throw stranger
  for (const [name, lies] of aliases) files.aliases.set(name, lies)
  const found: [id: Id, name: string][] = []
  for (const name of names) {
    const id = readName(name).id ?? (await files.read(name))?.key
    if (id !== undefined) found.push([id, name])
  }
  found.sort(([a], [b]) => compareKeys(a, b))
  const read = listed.includes(intentName)
    ? async ([id]: [Id, string]) => store.get?.(id)
    : async ([, name]: [Id, string]) => (await files.read<Data>(name))?.object
  const coming: Promise<Data | undefined>[] = []
  for (let at = 0; at < found.length + ahead; at++) {
    world.signal.throwIfAborted()
    const next = found[at]
    if (next) coming.push(read(next))
    coming.at(-1)?.catch(() => {})
    const object = at < ahead ? undefined : await coming.shift()
    if (object) yield object
  }
}
