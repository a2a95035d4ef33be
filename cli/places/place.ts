/** Where a store is, as a person writes it: `file:users.json`, `dir:./data`, `sqlite:app.db#users`, `https://host/users`. */
import { statSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { address as addressOfStore } from '../../stores/remote/address.js'
import { usage } from '../failure.js'
import type { World } from '../world.js'

export type Place =
  | { readonly kind: 'memory' }
  | { readonly kind: 'file' | 'dir'; readonly path: string }
  | { readonly kind: 'sqlite'; readonly path: string; readonly table: string | undefined }
  | { readonly kind: 'remote'; readonly url: string }
  | { readonly kind: 'package'; readonly name: string }

const known = 'memory:, file:data.json, dir:./data, sqlite:app.db#users, https://host/users, package:name'

/** Reads an address. A path alone is taken for what is there, or for what its ending says. */
export function placeOf(world: Pick<World, 'cwd'>, address: string): Place {
  const [, scheme = '', rest = ''] = /^([a-z]{2,}):(.*)$/s.exec(address) ?? []
  const path = () => {
    if (rest === '') throw usage(`${address} names no path`, `write it as one of ${known}`)
    return resolve(world.cwd, rest)
  }
  switch (scheme) {
    case 'memory':
      return { kind: 'memory' }
    case 'file':
    case 'dir':
      return { kind: scheme, path: path() }
    case 'sqlite':
      return sqliteAt(world, rest, path)
    case 'http':
    case 'https':
      return { kind: 'remote', url: checked(address) }
    case 'package':
      return { kind: 'package', name: rest }
    default:
      return guessed(world, address)
  }
}

function checked(url: string): string {
  try {
    addressOfStore(url)
    return url
  } catch (error) {
    throw usage(`${url}: ${(error as Error).message}`, 'write it as https://host/users')
  }
}

function sqliteAt(world: Pick<World, 'cwd'>, rest: string, path: () => string): Place {
  path()
  const [file = '', table] = split(rest)
  return { kind: 'sqlite', path: resolve(world.cwd, file), table }
}

/** The path, and the table behind the last `#`. */
function split(text: string): [path: string, table?: string] {
  const at = text.lastIndexOf('#')
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

function guessed(world: Pick<World, 'cwd'>, address: string): Place {
  const [file, table] = split(address)
  const path = resolve(world.cwd, address)
  if (address !== '' && statSync(path, { throwIfNoEntry: false })?.isDirectory()) return { kind: 'dir', path }
  if (sqliteEndings.has(extname(file))) return { kind: 'sqlite', path: resolve(world.cwd, file), table }
  if (extname(address) === '.json') return { kind: 'file', path }
  throw usage(`${address || 'an empty address'} does not say which kind of store it is`, `write it as one of ${known}`)
}

const sqliteEndings = new Set(['.db', '.sqlite', '.sqlite3'])

/** The place as it would be typed. */
export function addressOf(place: Place): string {
  switch (place.kind) {
    case 'memory':
      return 'memory:'
    case 'remote':
      return place.url
    case 'package':
      return `package:${place.name}`
    case 'sqlite':
      return `sqlite:${place.path}${place.table === undefined ? '' : `#${place.table}`}`
    default:
      return `${place.kind}:${place.path}`
  }
}
