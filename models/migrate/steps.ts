/** How objects of earlier versions are brought up: the `version` and `migrate` of a definition. */
import type { Issue } from '../../lib/errors.js'
import type { Data, Id, MaybePromise } from '../../lib/store.js'
import { checkedCopy, equal } from '../../lib/value.js'
import { plainObject, refuse } from '../schema/plain.js'

/** Makes of an object of the version before one of its own. `undefined`: it cannot be brought up. */
export type MigrationStep = (object: Data) => MaybePromise<object | undefined>

/** A step for each version that changes objects, or one function for all: it gets the version the object has. */
export type Migration =
  | { readonly [version: number]: MigrationStep }
  | ((object: Data, from: number) => MaybePromise<object | undefined>)

/** What comes of an object of an earlier version: one of this version, or why not. */
export type Brought = { readonly next: Data } | { readonly issues: readonly Issue[] }

/** Brings an object up from a version. It must be a copy. */
export type BringUp = (object: Data, from: number) => Promise<Brought>

/** Checks the version of a definition: `undefined` if it has none. */
export function checkedVersion({ version, migrate }: Readonly<Record<string, unknown>>): number | undefined {
  if (version === undefined)
    return migrate === undefined ? undefined : refuse(['migrate'], 'says nothing without version')
  if (!Number.isSafeInteger(version) || (version as number) < 1) refuse(['version'], 'must be an integer from 1 on')
  if (migrate === undefined || typeof migrate === 'function') return version as number
  for (const [name, step] of Object.entries(plainObject(migrate, ['migrate']))) {
    const to = Number(name)
    if (!(Number.isInteger(to) && to >= 1 && to <= (version as number) && String(to) === name)) {
      refuse(['migrate', name], `must be a version from 1 to ${version}`)
    }
    if (typeof step !== 'function') refuse(['migrate', name], 'must be a function')
  }
  return version as number
}

/** The way up to a version, of a definition that was checked. Where there is no step, objects stay as they are. */
export function bringingUp(version: number, migrate: Migration | undefined, idProperty: string): BringUp {
  return async (object, from) => {
    const id = object[idProperty] as Id
    let next: Data = object
    let at = from
    try {
      if (typeof migrate === 'function') {
        at = version
        const made = await migrate(next, from)
        if (made === undefined) return given(version)
        next = checkedCopy(made as Data)
      } else {
        while (at < version) {
          at++
          const step = migrate?.[at]
          if (!step) continue
          const made = await step(next)
          if (made === undefined) return given(at)
          next = checkedCopy(made as Data)
        }
      }
    } catch (error) {
      return failed(`the step to version ${at} failed: ${error instanceof Error ? error.message : String(error)}`)
    }
    if (next[idProperty] === undefined) return { next: { [idProperty]: id, ...next, [idProperty]: id } }
    if (equal(next[idProperty], id)) return { next }
    return { issues: [{ path: [idProperty], keyword: 'migrate', message: 'must stay the id that it was' }] }
  }
}

const given = (version: number) => failed(`the step to version ${version} says that it cannot be brought up`)

function failed(message: string): Brought {
  return { issues: [{ path: [], keyword: 'migrate', message }] }
}
