/** What keeps a node going: who is sent what, who is asked, who waits for whom. */
import { checkedClock } from '../../lib/clock.js'
import { type Issue, StoreError } from '../../lib/errors.js'
import { idPropertyOf } from '../../lib/id-property.js'
import type { Judge } from '../../lib/schema.js'
import { can, type Id, type Store, type Transaction, type TransactionOptions } from '../../lib/store.js'
import { arrivals } from './arrivals.js'
import { objectOf, shown } from './conflict.js'
import { ledger } from './ledger.js'
import type { ReplicatedOptions } from './options.js'
import { receiving } from './receiving.js'
import { isPeer, type Peer, toPeer, toStore } from './replica.js'
import { inTime, within } from './rounds.js'
import { type Lag, type Sending, sending } from './sending.js'
import { writing } from './writing.js'

export interface Node<T extends object, K extends Id> {
  /** Does work that must not come into the transaction with which the node begins: now, or before the first write. */
  whenOpen(work: () => void): void
  begin(options?: TransactionOptions): Promise<Transaction<T, K>>
  apply(given: object): Promise<K>
  /** Looks again at the versions that were refused: it may be that they are valid now. */
  reconsider(): void
  settled(): Promise<void>
  lag(): Readonly<Record<string, Lag>>
  conflicts(): Promise<readonly Conflict<T, K>[]>
  drop(conflict: Pick<Conflict<T, K>, 'id' | 'version'>): Promise<boolean>
  /** Sends and fetches nothing more. */
  stop(): void
}

/** A write that lost: against another, where whoever made one of them had not seen the other, or as it is not valid here. */
export interface Conflict<T extends object, K extends Id> {
  readonly id: K
  /** Which version lost. */
  readonly version: string
  /** What it stored; `undefined` if it was a delete. */
  readonly object: T | undefined
  /** What won, or stays as the other is not valid; `undefined` if that was a delete. */
  readonly winner: T | undefined
  /** Why the version was not taken in, if it is one that no model of this node would write. */
  readonly issues?: readonly Issue[]
}

export function node<T extends object, K extends Id>(
  primary: Store<T, K>,
  replicas: readonly (readonly [name: string, replica: Store<T, K> | Peer])[],
  options: ReplicatedOptions<T, K>,
  valid: Pick<Judge, 'issues'>,
): Node<T, K> {
  const { mode = 'async', conflict, log, timeout = 5000, random = Math.random, schedule = inTime } = options
  const clock = checkedClock(options.clock ?? Date.now)
  const book = ledger(log)
  const tools = { ledger: book, clock, random, schedule }
  /** The number of the last change that is committed. */
  let last = 0

  const { begin, apply, drop, reconsider, start } = writing<T, K>({
    primary,
    log,
    ledger: book,
    coordinator: options.coordinator,
    conflict,
    clock,
    idProperty: idPropertyOf(primary, options.idProperty),
    isValid: object => valid.issues(object).length === 0,
    committed,
    acknowledged,
  })

  const senders = new Map<string, Sending>()
  const receivers = new Map<string, ReturnType<typeof receiving>>()
  const arrived = arrivals(() => [...senders.values()].map(each => each.confirmed))

  for (const [name, replica] of replicas) {
    const way = { ...tools, name, arrived: arrived.check }
    if (!isPeer(replica)) {
      const deliver = toStore<T, K>(replica, entry => {
        const { text, versions } = shown(entry, entry.key as K, conflict)
        return versions.length > 0 ? objectOf<T>(text) : primary.get?.(entry.key as K)
      })
      senders.set(name, sending({ ...way, deliver }))
      continue
    }
    const { changes } = replica
    if (can(changes, 'put')) senders.set(name, sending({ ...way, deliver: toPeer(changes, timeout, schedule) }))
    if (can(changes, 'query')) receivers.set(name, receiving({ ...way, changes, apply }))
  }

  function committed(at: number): void {
    last = Math.max(last, at)
    for (const each of senders.values()) each.wake(last)
  }

  /** How many replicas must have a write. */
  const needed = { async: 0, quorum: Math.floor((senders.size + 1) / 2), sync: senders.size }[mode]

  function acknowledged(at: number): Promise<void> | undefined {
    if (needed === 0) return undefined
    const late = () => unknown(`${needed} replicas had not confirmed it within ${timeout} ms`)
    return within(timeout, schedule, arrived.wait(at, needed), late)
  }

  async function open(): Promise<void> {
    const before = await book.node()
    committed(await book.last())
    await start({ name: options.node ?? before ?? drawn(random), before, last })
    for (const [name, each] of senders) each.start(await book.checkpoint(`to ${name}`))
    for (const [name, each] of receivers) each.start(await book.checkpoint(`from ${name}`))
    for (const work of waiting) await work()
    waiting = []
    isOpen = true
  }

  let isOpen = false
  /** What is to be done before the first write. */
  let waiting: (() => unknown)[] = []
  let opening: Promise<void> | undefined
  // who writes is told
  opened().catch(() => {})

  /** Comes when the node is open. If that has failed, it is tried again. */
  function opened(): Promise<void> {
    opening ??= open().catch(error => {
      opening = undefined
      throw error
    })
    return opening
  }

  return {
    whenOpen(work) {
      if (isOpen) work()
      else waiting.push(work)
    },
    async begin(options) {
      options?.signal?.throwIfAborted()
      await opened()
      return begin(options)
    },
    async apply(given) {
      await opened()
      return apply(given)
    },
    reconsider() {
      // who writes need not mind that it fails: it is done again when a model speaks up
      const work = () => reconsider().catch(() => {})
      if (!isOpen) {
        waiting.push(work)
        return
      }
      opening = opened().then(work)
      opening.catch(() => {})
    },
    async settled() {
      await opened()
      await arrived.wait(last, senders.size)
    },
    lag: () => Object.fromEntries(Array.from(senders, ([name, each]) => [name, each.lag()])),
    async conflicts() {
      await opened()
      const entries = await book.conflicted()
      const found = entries.map(async (entry): Promise<Conflict<T, K>[]> => {
        const id = entry.key as K
        const { text, versions } = shown(entry, id, conflict)
        const winner = versions.length > 0 ? objectOf<T>(text) : await primary.get?.(id)
        const others = entry.heads.filter(head => !versions.includes(head))
        return others.map(({ stamp, text }) => {
          const object = objectOf<T>(text)
          const issues = object && entry.refused?.includes(stamp) ? valid.issues(object) : []
          return { id, version: stamp, object, winner, ...(issues.length > 0 && { issues }) }
        })
      })
      return (await Promise.all(found)).flat()
    },
    async drop({ id, version }) {
      await opened()
      return drop(id, version)
    },
    stop() {
      isOpen = true
      for (const each of [...senders.values(), ...receivers.values()]) each.stop()
      arrived.end(unknown('the store was closed before enough replicas had confirmed it'))
    },
  }
}

/** What is committed on the primary, but not known to be where it was to be acknowledged from. */
function unknown(reason: string): StoreError {
  return new StoreError('OutcomeUnknownError', `the primary has the write and will go on sending it, but ${reason}`)
}

/** A name that no other node has. */
function drawn(random: () => number): string {
  return Array.from({ length: 3 }, () => Math.floor(random() * 36 ** 6).toString(36)).join('')
}
