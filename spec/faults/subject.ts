/** What the machine is given to prove, and how it looks at it. */
import { can, type MaybePromise, type Store, type Transaction } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import type { FileSystem } from '../../stores/files/file-system.js'

type Tx = Pick<Transaction, 'put' | 'delete'>

/** One store, or several that were opened together. */
export interface Opened {
  readonly stores: readonly Store[]
  /** Does the work in one transaction on all of them. Without it, one store is asked for its own, and several have none. */
  transact?(work: (txs: readonly Tx[]) => Promise<void>): Promise<unknown>
  /** Called when all of them were closed. */
  close?(): MaybePromise<void>
}

export interface Subject {
  /** Opens what lies in the directory `/disk` of this file system, and touches no other disk. */
  open(fileSystem: FileSystem): MaybePromise<Opened | Store>
  /** Opens the same to be read. It must give the same, and change nothing. */
  openReadonly?(fileSystem: FileSystem): MaybePromise<Opened | Store>
  /**
   * When a write is acknowledged: `'strict'` (the default), when a power cut cannot take it back; `'relaxed'`, when a killed
   * process cannot: then a power cut may take back the last ones.
   */
  readonly durability?: 'strict' | 'relaxed' | undefined
  /** May these files be left when all is closed? By default, those that are left where the same objects were put and nothing failed. */
  leaves?(names: readonly string[]): boolean
}

export async function openOn(open: Subject['open'], fileSystem: FileSystem): Promise<Opened> {
  const opened = await open(fileSystem)
  return 'stores' in opened ? opened : { stores: [opened] }
}

/** Closes all, whatever fails on the way, and throws what failed first. */
export async function closeAll({ stores, close }: Opened): Promise<void> {
  const closed = await Promise.allSettled(stores.map(async store => store.close?.()))
  await close?.()
  for (const each of closed) if (each.status === 'rejected') throw each.reason
}

export function transactOf({ stores, transact }: Opened): Opened['transact'] {
  const [store, ...others] = stores
  if (transact || !store || others.length > 0 || !can(store, 'transaction')) return transact
  return work => transaction(store, async tx => work([tx as Tx]))
}

/** All objects of all stores, as text. */
export async function contentOf({ stores }: Opened): Promise<string> {
  const content: object[][] = []
  for (const store of stores) {
    const objects: object[] = []
    for await (const object of store.query?.() ?? []) objects.push(object)
    content.push(objects)
  }
  return JSON.stringify(content)
}
