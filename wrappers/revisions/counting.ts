import { StoreError } from '../../lib/errors.js'
import { hiddenMark, type Meaning, shownMark } from '../../lib/marked.js'
import { node } from '../../lib/query/expression.js'
import type { Id } from '../../lib/store.js'

/** Of a put, an add or a delete. */
export interface RevisionOptions {
  /** Only if this is the revision of what is stored now; else it is a `PreconditionFailedError`. */
  readonly ifRevision?: number | undefined
}

/** What a write says of the revision that is stored. */
interface Wish extends RevisionOptions {
  /** What the object says itself, which counts only where there was one before. */
  readonly shown: number | undefined
}

export interface Counting<T extends object, K extends Id> {
  readonly meaning: Meaning<T, K, Wish | undefined>
  /** The revision of what is stored, seen or not. */
  of(stored: T): number
  /** The revision of what is stored, if that is seen. */
  seen(stored: T | undefined): number | undefined
}

/** The revision is the mark. Of what was deleted one less than its negative stays behind. */
export function counting<T extends object, K extends Id>(
  property: string | undefined,
  idProperty: string,
): Counting<T, K> {
  const mark = property === undefined ? hiddenMark('$revision') : shownMark(property)
  // also true of what has no revision yet
  const live = node('not', [node('lt', [mark.name, 0])])
  const sees = (count: unknown) => !(typeof count === 'number' && count < 0)

  function of(stored: T): number {
    const count = mark.of(stored)
    if (typeof count !== 'number') return 0
    return count < 0 ? -1 - count : count
  }

  const seen = (stored: T | undefined) => (stored && sees(mark.of(stored)) ? of(stored) : undefined)

  function check(stored: T | undefined, wish: Wish | undefined, id: K): void {
    if (!wish) return
    const { ifRevision, shown } = wish
    const now = seen(stored)
    if (ifRevision !== undefined && ifRevision !== now) throw stale(ifRevision, now, id)
    if (shown !== undefined && shown !== now && stored) throw stale(shown, now, id)
  }

  return {
    of,
    seen,
    meaning: {
      mark,
      idProperty,
      sees,
      condition: () => live,
      option: 'ifRevision',
      wish({ ifRevision }: RevisionOptions, object) {
        const shown = object && mark.shown ? mark.of(object) : undefined
        if (ifRevision === undefined && shown === undefined) return undefined
        if (ifRevision !== undefined && !isRevision(ifRevision)) {
          throw new TypeError(`ifRevision is a whole number from 0, not ${String(ifRevision)}`)
        }
        if (shown === undefined) return { ifRevision, shown }
        if (isRevision(shown)) return { ifRevision, shown }
        throw new StoreError('DataError', `the object's ${property} is no revision, which is a whole number from 0`)
      },
      next(stored, wish, id) {
        check(stored, wish, id)
        return stored ? of(stored) + 1 : 0
      },
      checkDelete: check,
      left: stored => -1 - of(stored),
    },
  }
}

function isRevision(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function stale(expected: number, now: number | undefined, id: Id): StoreError {
  const found = now === undefined ? 'nothing is stored' : `it is at ${now}`
  return new StoreError('PreconditionFailedError', `${id} is not at revision ${expected}: ${found}`, { id })
}
