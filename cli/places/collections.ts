/** What a server is to serve: the stores that were named, a database with all its tables, a JSON file that holds several lists. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Data } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import type { Given } from '../command.js'
import { codes, Failure, usage } from '../failure.js'
import { alive } from '../moving/alive.js'
import type { World } from '../world.js'
import { type Opened, open } from './open.js'
import { addressOf, type Place, placeOf } from './place.js'
import { openRecorded } from './recorded.js'

export type Collections = Map<string, Opened>

export interface CollectOptions {
  readonly write: boolean
  readonly options: Given['options']
}

/** Opens all of them; where one cannot be opened, those before it are closed again. */
export async function collections(
  world: World,
  words: readonly string[],
  options: CollectOptions,
): Promise<Collections> {
  const found: Collections = new Map()
  try {
    for (const word of words) await collect(world, word, options, found)
    return found
  } catch (error) {
    for (const { close } of found.values()) await close()
    throw error
  }
}

async function collect(
  world: World,
  word: string,
  { write, options }: CollectOptions,
  found: Collections,
): Promise<void> {
  const [, given, address = word] = /^([\w-]+)=(.+)$/s.exec(word) ?? []
  const place = placeOf(world, address)
  const add = (name: string, opened: Opened) => {
    if (name === '' || name.startsWith('$') || name === 'openapi.json') {
      throw usage(`${JSON.stringify(name)} in ${address} is no name that can be served`, 'rename it')
    }
    if (found.has(name)) throw usage(`two stores are named ${name}`, 'name one of them: name=store')
    found.set(name, opened)
  }
  const opening = { follow: true, options }
  const begin = (at: string) => (write ? openRecorded(world, at, opening) : open(world, at, opening))
  if (place.kind === 'sqlite' && place.table === undefined) {
    const { tablesToShow } = await import('./table.js')
    for (const table of tablesToShow(place.path)) {
      add(given === undefined ? table : `${given}-${table}`, await begin(addressOf({ ...place, table })))
    }
    return
  }
  const lists = place.kind === 'file' ? listsIn(place.path) : undefined
  if (!lists) return add(given ?? nameOf(place), await begin(address))
  if (write)
    throw new Failure(
      2,
      `${address} holds several lists, which can only be read`,
      'import each into a store of its own',
    )
  if (lists.length === 0) throw new Failure(codes.refused, `${address} holds no list of objects`, 'give a store')
  const idProperty = (options.idProperty as string | undefined) ?? 'id'
  for (const [name, objects] of lists) {
    const store = memory({ objects: numbered(objects, idProperty), idProperty, readonly: true })
    add(name, {
      place,
      store,
      idProperty,
      all: () => alive(store.query(''), world.signal),
      total: async () => objects.length,
      close: async () => store.close(),
    })
  }
}

function nameOf(place: Place): string {
  const text = place.kind === 'sqlite' ? place.table : place.kind === 'package' ? place.name : undefined
  const path =
    text ?? ('path' in place ? place.path : place.kind === 'remote' ? new URL(place.url).pathname : 'objects')
  return (
    basename(path)
      .replace(/\.json$/, '')
      .replace(/[^\w-]/g, '-') || 'objects'
  )
}

/** A JSON file as json-server takes it: an object of lists. */
function listsIn(path: string): [name: string, objects: Data[]][] | undefined {
  const text = readText(path)
  if (!/^\s*\{/.test(text)) return undefined
  const entries = Object.entries(objectIn(text, path))
  const isList = (value: unknown) =>
    Array.isArray(value) && value.every(each => typeof each === 'object' && each !== null)
  return entries.filter((entry): entry is [string, Data[]] => isList(entry[1]))
}

function objectIn(text: string, path: string): object {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Failure(codes.damaged, `${path}: ${(error as Error).message}`, 'mend it with an editor')
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Objects without an id are numbered. */
export function numbered(objects: readonly Data[], idProperty: string): Data[] {
  return objects.map((object, at) => (object[idProperty] === undefined ? { [idProperty]: at + 1, ...object } : object))
}
