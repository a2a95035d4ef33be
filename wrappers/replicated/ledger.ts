/** What is kept in the log: the versions of each object, in the order of their last changes, and how far everybody is. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { maxIdBytes, toKey } from '../../lib/id.js'
import type { Id, Store, Transaction } from '../../lib/store.js'
import type { Refusing } from './conflict.js'
import { noVersions, type Versions } from './versions.js'

/** The versions of one object, as they lie in the log and travel to peers. */
export interface Entry extends Versions, Refusing {
  readonly key: Id
  /** The number of its last change on this node. Changes are numbered as they are committed. */
  readonly at: number
  /** Are there conflicts to be listed? Absent if not. */
  readonly conflicted?: true
}

export interface Ledger {
  /** The name of this node, if it has one. */
  node(): Promise<string | undefined>
  /** What is committed about an object. */
  versions(key: Id): Promise<Versions>
  /** The number of the last change. */
  last(): Promise<number>
  /** The next entries whose last change comes after this one. */
  after(at: number): Promise<Entry[]>
  conflicted(): Promise<Entry[]>
  /** How far a replica is. */
  checkpoint(name: string): Promise<number>
  setCheckpoint(name: string, at: number): Promise<void>
}

/** The next changes: no more than are well sent at once. */
const next = (at: number) => `at>${at}&sort(at)&limit(1000)`

export function ledger(log: Pick<Store, 'get' | 'put' | 'query'>): Ledger {
  return {
    node: async () => (await log.get?.(nodeId))?.name,
    versions: async key => (await log.get?.(entryId(key))) ?? noVersions,
    last: async () => (await entries(log, 'at>0&sort(-at)&limit(1)'))[0]?.at ?? 0,
    after: at => entries(log, next(at)),
    conflicted: () => entries(log, 'conflicted=true&sort(at)'),
    checkpoint: async name => (await log.get?.(name))?.confirmed ?? 0,
    setCheckpoint: async (name, confirmed) => void (await log.put?.({ confirmed }, { id: name })),
  }
}

/** The next changes after this one in the log of a peer. */
export function later(changes: Pick<Store, 'query'>, at: number, signal: AbortSignal): Promise<Entry[]> {
  return entries(changes, next(at), signal)
}

async function entries(log: Pick<Store, 'query'>, query: string, signal?: AbortSignal): Promise<Entry[]> {
  const found: Entry[] = []
  for await (const each of log.query?.(query, { signal }) ?? []) found.push(each)
  return found
}

/** The same inside a transaction. */
export async function versionsOf(tx: Transaction, key: Id): Promise<Versions & Refusing> {
  return (await tx.get?.(entryId(key))) ?? noVersions
}

export async function putEntry(tx: Transaction, entry: Entry): Promise<void> {
  await tx.put?.(entry, { id: entryId(entry.key) })
}

export async function putNode(tx: Transaction, name: string): Promise<void> {
  await tx.put?.({ name }, { id: nodeId })
}

const nodeId = 'node'

/** Where the entry of an object lies. The ids of objects may be as long as ids can be. */
function entryId(key: Id): string {
  const id = `object ${toKey(key)}`
  if (id.length <= maxIdBytes / 3) return id
  const bytes = new TextEncoder().encode(id)
  return bytes.length <= maxIdBytes ? id : `long ${bytesToHex(sha256(bytes))}`
}
