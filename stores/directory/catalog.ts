import { StoreError } from '../../lib/errors.js'
import { isDocument, isOurs, type Named, readName } from './file-name.js'

/** The files of a directory, by their names. */
export interface Catalog {
  /** The names of the files that hold objects, as a store gives them … */
  readonly names: readonly string[]
  /** … and under which name each lies, where that is another. */
  readonly aliases: Map<string, string>
  /** The files that are not served, whatever is in them, and why. */
  readonly strangers: Map<string, StoreError>
}

/** Sorts the names of a directory. Reads no file; names that others gave are taken where they are those of an id. */
export function catalog(listed: readonly string[], path: string): Catalog {
  const names: string[] = []
  const others: string[] = []
  for (const name of listed) {
    if (!isDocument(name)) continue
    if (isOurs(name)) names.push(name)
    else others.push(name)
  }
  return { names, ...sorted(others, names, path) }
}

function sorted(others: readonly string[], names: string[], path: string): Omit<Catalog, 'names'> {
  const aliases = new Map<string, string>()
  const strangers = new Map<string, StoreError>()
  const foreign: [string, Named][] = []
  for (const name of others) {
    try {
      const named = readName(name)
      if (named.name === name) names.push(name)
      else foreign.push([name, named])
    } catch (cause) {
      strangers.set(
        name,
        new StoreError('CorruptError', `${path}/${name} has not the name of an id: ${cause}`, { cause }),
      )
    }
  }
  if (foreign.length === 0) return { aliases, strangers }
  const taken = new Set(names)
  for (const [lies, { name }] of foreign.sort()) {
    if (taken.has(name)) strangers.set(lies, double(path, lies, aliases.get(name) ?? name))
    else {
      taken.add(name)
      names.push(name)
      aliases.set(name, lies)
    }
  }
  return { aliases, strangers }
}

function double(path: string, name: string, other: string): StoreError {
  return new StoreError(
    'CorruptError',
    `${path}/${name} is for the same id as ${other}, which is the one that is served`,
  )
}
