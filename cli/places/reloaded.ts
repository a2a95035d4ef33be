/** A JSON file that is only read, and read again whenever somebody has written to it. */
import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import { introduce } from '../../lib/explain.js'
import { feed } from '../../lib/feed.js'
import { toKey } from '../../lib/id.js'
import type { Change, Data, Id, Store } from '../../lib/store.js'
import { equal } from '../../lib/value.js'
import { jsonFile } from '../../stores/json-file.js'

type Read = Required<Pick<Store<Data, Id>, 'get' | 'query' | 'count'>> & { close(): unknown }

/** Who follows is told what is different. A file that cannot be read for a moment stays as it was. */
export async function reloaded(path: string, idProperty: string): Promise<Store> {
  const read = () => jsonFile<Data, Id>({ path, idProperty, readonly: true }) as Promise<Read>
  const changes = feed<Data, Id>()
  let current = await read()
  let reading: Promise<void> | undefined
  let again = false

  async function reload(): Promise<void> {
    const next = await read()
    const before = current
    current = next
    const found = differences(before, next, idProperty)
    if (found.length > 0) changes.publish(found)
    await before.close()
  }

  function notice(): void {
    if (reading) {
      again = true
      return
    }
    reading = reload()
      // half written: the rest will be noticed as well
      .catch(() => {})
      .finally(() => {
        reading = undefined
        if (again) {
          again = false
          notice()
        }
      })
  }

  const name = basename(path)
  const watcher = watch(dirname(path), { persistent: false }, (_, changed) => {
    if (changed === null || changed === name || changed === `${name}.journal`) notice()
  })
  watcher.on('error', () => {})

  const store: Store<Data, Id> = Object.freeze({
    get: (id: Id, options?: object) => current.get(id, options),
    query: (query?: never, options?: object) => current.query(query, options),
    count: (query?: never, options?: object) => current.count(query, options),
    subscribe: changes.subscribe,
    async close() {
      watcher.close()
      await reading
      changes.close()
      await current.close()
    },
  })
  return introduce(store, { name: 'jsonFile', options: { path, readonly: true, watch: true } })
}

function differences(before: Read, after: Read, idProperty: string): Change<Data, Id>[] {
  const old = new Map(objectsOf(before).map(object => [toKey(object[idProperty] as Id), object]))
  const found: Change<Data, Id>[] = []
  for (const object of objectsOf(after)) {
    const id = object[idProperty] as Id
    const previous = old.get(toKey(id))
    old.delete(toKey(id))
    if (!equal(previous, object)) found.push({ type: 'put', id, object, ...(previous && { previous }) })
  }
  for (const previous of old.values()) found.push({ type: 'delete', id: previous[idProperty] as Id, previous })
  return found
}

const objectsOf = (store: Read) => [...(store.query('') as Iterable<Data>)]
