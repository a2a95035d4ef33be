/** What the lines of a journal say. */
import type { Coordinator, Id } from '../../lib/store.js'
import type { Decided } from '../table/write.js'
import type { Fingerprint } from './fingerprint.js'

/** One change, as it is written. A change set is an array of them. */
export type Entry = { readonly put: object } | { readonly delete: Id }

/** The first line: the format, and the content of the file when the journal was begun; `null` if there was no file. */
export interface Header {
  readonly journal: 1
  readonly file: Fingerprint | null
}

/** All lines before this one are in the file too, once it has this content. */
export interface Note {
  readonly file: Fingerprint
}

/** A change set that is to last once the coordinator says so. */
export interface Prepare {
  readonly prepare: Coordinator
  readonly set: readonly Entry[]
}

/** What was decided about the change set that was prepared last. */
export interface Decision {
  readonly commit: boolean
}

export type Content = Header | Note | Prepare | Decision | readonly Entry[]

export function entryOf({ object, key }: Decided<object>): Entry {
  return object ? { put: object } : { delete: key }
}
