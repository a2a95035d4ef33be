/** The version by which an object was written: a mark in the inner store that nobody sees. */
import { StoreError } from '../../lib/errors.js'
import { hiddenMark, type Meaning } from '../../lib/marked.js'
import { node } from '../../lib/query/expression.js'
import type { Data, Id } from '../../lib/store.js'

const mark = hiddenMark('$version')

/** The property of the inner store's objects that holds the version. */
export const versionProperty = mark.name

/** 0 for what was written before the model had versions. */
export function versionOf(stored: Data): number {
  const found = mark.of(stored)
  return Number.isSafeInteger(found) && (found as number) > 0 ? (found as number) : 0
}

/** The object without its mark. What has none is as it was written: nothing in it made room for a mark. */
export function contentOf(stored: Data): Data {
  return versionOf(stored) === 0 ? { ...stored } : mark.seen(stored)
}

/** The object as the inner store is to have it. */
export function markedAs(version: number, content: Data): Data {
  return mark.set(mark.own(content), version)
}

/** The name by which the inner store knows a property of the objects. */
export function innerName(name: string): string {
  return mark.knows(name) ? name : `$${name}`
}

/** Only what is of this version is seen; the id of anything else is taken. */
export function meaningOf(version: number, idProperty: string): Meaning<Data, Id> {
  return {
    mark,
    idProperty,
    sees: found => found === version,
    condition: () => node('eq', [mark.name, version]),
    wish: () => undefined,
    next(stored, _, id) {
      if (!stored || mark.of(stored) === version) return version
      const found = versionOf(stored)
      const hint = found < version ? 'migrate() brings it up' : 'a later version of this program wrote it'
      throw new StoreError('ConstraintError', `${id} is taken by an object of version ${found}: ${hint}`, { id })
    },
  }
}

/** The same, to put an object in place of one that is not seen: unless a later version wrote that. */
export function mendingOf(version: number, idProperty: string): Meaning<Data, Id> {
  return {
    ...meaningOf(version, idProperty),
    sees: found => versionOf({ [mark.name]: found }) <= version,
    next: () => version,
  }
}
