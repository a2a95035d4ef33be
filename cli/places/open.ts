/** Opens what an address leads to, and loads no more than that needs. */
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { StoreError } from '../../lib/errors.js'
import type { Data, Store } from '../../lib/store.js'
import type { Given } from '../command.js'
import { Failure } from '../failure.js'
import { alive } from '../moving/alive.js'
import type { World } from '../world.js'
import { type Place, placeOf } from './place.js'

export interface Opened {
  readonly place: Place
  readonly store: Store
  readonly idProperty: string
  /** All objects in the order of their ids, one after the other, whatever their number. */
  all(): AsyncIterable<Data>
  /** How many that are, or nearly so, without reading them; `undefined` where nobody knows. */
  total(): Promise<number | undefined>
  /** Adds new objects at once, where that is faster than to write each. */
  addAll?: ((objects: readonly Data[], signal: AbortSignal) => Promise<void>) | undefined
  close(): Promise<void>
}

export interface OpenOptions {
  /** To write: takes the lock of the store. Else it is opened to be read, beside whoever writes. */
  readonly write?: boolean
  /** May it be made where it is not there? */
  readonly create?: boolean
  /** Tells of changes that other programs make, as far as the store can. */
  readonly follow?: boolean
  /** What was typed: the options that every command on a store has. */
  readonly options?: Given['options']
}

export async function open(world: World, address: string, options: OpenOptions = {}): Promise<Opened> {
  const place = placeOf(world, address)
  const { write = false, create = false } = options
  if ('path' in place && !create && !isThere(place)) {
    throw new StoreError('NotFoundError', `there is nothing at ${place.path}`)
  }
  const opened = await opener(world, place, { ...options, write })
  const { idProperty = idPropertyOf(options), store } = opened
  const all = opened.all ?? (() => store.query?.('', { signal: world.signal }) ?? lacking(address, 'query'))
  return {
    place,
    idProperty,
    total: async () => store.count?.('', { signal: world.signal }),
    ...opened,
    all: () => alive(all(), world.signal),
    close: async () => store.close?.(),
  }
}

/** A JSON file of which only the journal is there has been made, but not yet written. */
const isThere = (place: { kind: string; path: string }) =>
  existsSync(place.path) || (place.kind === 'file' && existsSync(`${place.path}.journal`))

type Found = Pick<Opened, 'store'> &
  Partial<Pick<Opened, 'idProperty' | 'place' | 'total' | 'addAll'>> & { all?(): AsyncIterable<Data> }

const idPropertyOf = ({ options }: OpenOptions) => (options?.idProperty as string | undefined) ?? 'id'

async function opener(world: World, place: Place, options: OpenOptions & { write: boolean }): Promise<Found> {
  const idProperty = idPropertyOf(options)
  switch (place.kind) {
    case 'memory': {
      const { memory } = await import('../../stores/memory.js')
      return { store: memory({ idProperty }) }
    }
    case 'file': {
      const { openFile } = await import('./file.js')
      return { store: await openFile(place.path, { ...options, idProperty }) }
    }
    case 'dir': {
      const { openFolder } = await import('./folder.js')
      return openFolder(world, place.path, { ...options, idProperty })
    }
    case 'sqlite': {
      const { openTable } = await import('./table.js')
      return openTable(place, options)
    }
    case 'remote': {
      const { remote } = await import('../../stores/remote.js')
      const { adding } = await import('./far.js')
      const headers = headersFrom(world, options)
      return { store: remote(place.url, { headers, idProperty }), addAll: adding(place.url, headers) }
    }
    case 'package': {
      const { openPackage } = await import('./package.js')
      return { store: await openPackage(world, place.name, options.options?.idProperty as string | undefined) }
    }
  }
}

function headersFrom(world: World, { options }: OpenOptions): Record<string, string> {
  const token = tokenFrom(world, options)
  return token === undefined ? {} : { authorization: `Bearer ${token}` }
}

/** The token that was given: in a file, where no list of processes shows it. */
export function tokenFrom({ cwd }: World, options: Given['options'] = {}): string | undefined {
  if (typeof options.tokenFile !== 'string') return undefined
  const token = readFileSync(resolve(cwd, options.tokenFile), 'utf8').trim()
  if (token === '') throw new Failure(2, `${options.tokenFile} is empty`, 'write the token into it')
  return token
}

/** Does the work with a store, and closes it, whatever comes of it. */
export async function withStore<R>(
  world: World,
  address: string,
  options: OpenOptions,
  work: (opened: Opened) => Promise<R>,
): Promise<R> {
  const opened = await open(world, address, options)
  try {
    return await work(opened)
  } finally {
    await opened.close()
  }
}

export function lacking(address: string, method: string): never {
  throw new Failure(2, `${address} cannot ${method}`, 'holdfast explain tells what it is')
}
