import type { Feed } from '../../lib/feed.js'
import type { Change, Id } from '../../lib/store.js'
import { equal } from '../../lib/value.js'
import { fileError, ifExists } from '../files/file-error.js'
import { isUntouched } from '../files/file-system.js'
import { isDocument, readName } from './file-name.js'
import { type Folder, isFault, type ReadDocument } from './folder.js'
import type { Past, Resident } from './resident.js'
import type { Writing } from './writing.js'

export interface WatchingOptions<T extends object> {
  readonly folder: Folder
  readonly resident: Resident<T>
  readonly writing: Writing<T>
  readonly changes: Feed<T, Id>
}

/** Notices what other programs do to the files. */
export interface Watching {
  /** To be called before the directory is listed. */
  begin(): void
  /** What has been noticed is looked at from now on, each file in the course of `reading`. */
  look(reading: <R>(work: () => Promise<R>) => Promise<R>): void
  end(): Promise<void>
}

export function watching<T extends object>({ folder, resident, writing, changes }: WatchingOptions<T>): Watching {
  const { fileSystem, path, aliases, idProperty } = folder
  /** The names of the files that something was done to. */
  const noticed = new Set<string>()
  let overlooked = false
  let unwatch = () => {}
  let reading: (<R>(work: () => Promise<R>) => Promise<R>) | undefined
  let looking: Promise<void> | undefined

  function notice(name: string | undefined): void {
    if (name === undefined) overlooked = true
    else if (isDocument(name)) noticed.add(name)
    else return
    start()
  }

  function start(): void {
    if (!reading || looking || (noticed.size === 0 && !overlooked)) return
    looking = reading(lookAtAll)
      // who cannot be read now is read when it is needed
      .catch(() => {})
      .finally(() => {
        looking = undefined
        start()
      })
  }

  async function lookAtAll(): Promise<void> {
    if (overlooked) {
      overlooked = false
      const listed = await fileSystem.readdir(path)
      for (const name of [...listed.filter(isDocument), ...resident.known.keys(), ...resident.unread.keys()])
        noticed.add(name)
    }
    for (const name of noticed) {
      noticed.delete(name)
      await writing.alone(() => lookAt(name))
    }
  }

  async function lookAt(lies: string): Promise<void> {
    const name = await nameFor(lies)
    if (name === undefined) return
    const before: Past<T> | undefined = resident.past(name)
    const now = await ifExists(fileSystem.lstat(folder.pathOf(name)))
    if (before ? isUntouched(before.stat, now) : !now) return
    if (now && !before && !changes.followed) return resident.forget(name)
    const found = now && (await read(name, before))
    if (found === 'unreadable') return
    if (found) tell(name, before, found)
    else if (before) {
      aliases.delete(name)
      resident.drop(name, before.key)
      publish('delete', before.key, undefined, before.object)
    }
  }

  /** The name that the store gives a file, if the file is the one that is served under it. */
  async function nameFor(lies: string): Promise<string | undefined> {
    // to ask is to know the aliases too
    const { known, unread } = resident
    try {
      const { name } = readName(lies)
      if (name === lies || aliases.get(name) === lies) return name
      if (known.has(name) || unread.has(name)) return undefined
      aliases.set(name, lies)
      return name
    } catch {
      return undefined
    }
  }

  /** Somebody who writes a file in place leaves it unreadable for a moment: then the old object stays until the next look. */
  async function read(name: string, before: Past<T> | undefined): Promise<ReadDocument<T> | 'unreadable' | undefined> {
    try {
      return await folder.read<T>(name)
    } catch (error) {
      if (!before || !isFault(error)) resident.forget(name)
      return 'unreadable'
    }
  }

  function tell(name: string, before: Past<T> | undefined, { key, object, stat }: ReadDocument<T>): void {
    resident.renew(name, key, object, stat)
    if (!before?.object || !equal(before.object, object)) publish('put', key, object, before?.object)
  }

  function publish(type: Change['type'], key: Id, object: T | undefined, previous: T | undefined): void {
    const id = (object ?? previous)?.[idProperty as never] ?? key
    changes.publish([{ type, id, ...(object && { object }), ...(previous && { previous }) }])
  }

  return {
    begin() {
      try {
        unwatch = fileSystem.watch(path, notice)
      } catch (cause) {
        throw fileError(`${path} cannot be watched`, cause)
      }
    },
    look(given) {
      reading = given
      start()
    },
    async end() {
      unwatch()
      reading = undefined
      await looking
    },
  }
}
