import { compareStrings } from '../../lib/order.js'
import type { Id } from '../../lib/store.js'
import { readName } from './file-name.js'
import type { Folder } from './folder.js'
import type { Resident } from './resident.js'

/** A file that is not served. */
export interface Problem {
  /** The name of the file. */
  readonly name: string
  /** The id of the object that cannot be got, where the name tells it. */
  readonly id?: Id
  readonly error: Error
}

/** The files that are not served as far as they have been read, in the order of their names. */
export function problemsOf({ aliases, strangers }: Folder, { broken }: Pick<Resident<object>, 'broken'>): Problem[] {
  const found: Problem[] = Array.from(strangers, ([name, error]) => ({ name, error }))
  for (const [name, error] of broken) {
    const { id } = readName(name)
    found.push({ name: aliases.get(name) ?? name, ...(id !== undefined && { id }), error })
  }
  return found.sort((a, b) => compareStrings(a.name, b.name))
}
