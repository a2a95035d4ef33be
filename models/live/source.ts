/** Where the objects of a live store are kept, and what they are like. */
import type { Data, Id, Store } from '../../lib/store.js'
import type { TransactionLog } from '../../lib/two-phase.js'
import type { Inline } from './inline.js'
import type { Saved } from './setting.js'

export interface Source {
  /** A model or a store. */
  readonly target: Required<Pick<Store<Data, Id>, 'get' | 'put' | 'delete' | 'query'>> & Store<Data, Id>
  /** Does the target judge what is put, and may it change it? */
  readonly isModel: boolean
  readonly prototype: object
  /** The property that holds the key, if one does. */
  readonly keyProperty: string | undefined
  /** The property of what is stored that holds the key. */
  readonly idProperty: string
  /** The data of what a caller gives, with what is missing, and its key; or the error that says what is wrong with it. */
  prepare(given: object): Saved
  readonly log: Store | undefined
  readonly coordinator: TransactionLog | undefined
  /** There if the history is kept in the stored objects themselves. */
  readonly inline: Inline | undefined
  close(): Promise<void>
}

export function toStored({ keyProperty, idProperty }: Pick<Source, 'keyProperty' | 'idProperty'>, saved: Saved): Data {
  return keyProperty === idProperty ? saved.data : { ...saved.data, [idProperty]: saved.key }
}

export function fromStored(
  { keyProperty, idProperty }: Pick<Source, 'keyProperty' | 'idProperty'>,
  object: Data,
): Saved {
  const key = object[idProperty] as Id
  if (keyProperty === idProperty) return { key, data: { ...object } }
  const { [idProperty]: _, ...data } = object
  return { key, data }
}
