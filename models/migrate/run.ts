/** Brings all objects of a store up, or says what that would do. */
import { StoreError } from '../../lib/errors.js'
import { node } from '../../lib/query/expression.js'
import { can, type Data, type Id, type Options, type Store } from '../../lib/store.js'
import type { Assess, Assessed } from './assess.js'
import { difference } from './diff.js'
import { type Found, type MigrationReport, withText } from './report.js'
import { tally } from './tally.js'
import type { Unique } from './unique.js'
import { versionProperty } from './version.js'
import { type Rising, type WriteBatch, writingNowhere, writingTo } from './writing.js'

export interface MigrationProgress {
  readonly done: number
  readonly total: number
}

export interface MigrateOptions extends Options {
  /** Writes nothing, and says what would be done. Keeps the unique values of all objects in memory. */
  readonly dryRun?: boolean | undefined
  /** How many objects are written in one transaction: 100 by default. */
  readonly batch?: number | undefined
  /** How many objects the report shows the changes of: 10 by default. */
  readonly examples?: number | undefined
  /** Called after each batch. */
  readonly progress?: ((progress: MigrationProgress) => void) | undefined
}

/** Where objects are, and how they come up. */
export interface Migrating {
  readonly store: Store<Data, Id>
  /** 0 for a model without. */
  readonly version: number
  readonly idProperty: string
  readonly assess: Assess
  readonly unique: Unique
  readonly names: { readonly unique: readonly string[]; readonly blocked: readonly string[] }
}

/** How often what could not be written is tried again, as long as that helps. */
const maxRounds = 100

export async function migrate(migrating: Migrating, options: MigrateOptions = {}): Promise<MigrationReport> {
  const { store, version, assess, unique, names } = migrating
  const { dryRun = false, batch = 100, examples = 10, signal, progress } = options
  if (!(Number.isSafeInteger(batch) && batch > 0)) throw new TypeError('batch must be an integer from 1 on')
  if (!dryRun && version > 0 && !can(store, 'put')) throw new StoreError('NotSupportedError', 'the store has no put')
  const ids = await idsOf(migrating, signal)
  const write = dryRun ? await rehearsal(migrating, ids, options) : writingTo(store, unique, signal)
  const changed = tally(examples, names.blocked)
  const quarantined: Found[] = []
  const invalid: Found[] = []
  let migrated = 0
  let unchanged = 0

  /** What could not be written as yet, and why. */
  let waiting = new Map<Id, { readonly assessed: Assessed; readonly issues: Found['issues'] }>()

  function settle({ id, assessed: { content, version, next } }: Rising): void {
    migrated++
    changed.add({ id, version, changes: difference(content, next.content) })
  }

  async function bring(batch: readonly Id[]): Promise<void> {
    const rising: Rising[] = []
    for (const id of batch) {
      signal?.throwIfAborted()
      const stored = await store.get?.(id, { signal })
      // others may have deleted it since
      if (!stored) continue
      const assessed = await assess(stored)
      const { next, issues } = assessed
      if (next) rising.push({ id, assessed: { ...assessed, next } })
      else if (issues.length === 0) unchanged++
      else (assessed.version === version ? invalid : quarantined).push({ id, version: assessed.version, issues })
    }
    const written = await write(rising)
    for (const [at, each] of rising.entries()) {
      const issues = written[at] ?? []
      if (issues === 'again') waiting.set(each.id, { assessed: each.assessed, issues: [othersCame] })
      else if (issues.length > 0) waiting.set(each.id, { assessed: each.assessed, issues })
      else settle(each)
    }
  }

  async function bringAll(ids: readonly Id[], told?: typeof progress): Promise<void> {
    for (let at = 0; at < ids.length; at += batch) {
      await bring(ids.slice(at, at + batch))
      told?.({ done: Math.min(at + batch, ids.length), total: ids.length })
    }
  }

  await bringAll(ids, progress)
  // an object may have had to wait for another to give its unique value away
  for (let round = 1, before = Infinity; waiting.size > 0 && waiting.size < before && round < maxRounds; round++) {
    const contested = [...waiting.values()].some(({ issues }) => issues.includes(othersCame))
    before = contested ? Infinity : waiting.size
    const again = [...waiting.keys()]
    waiting = new Map()
    await bringAll(again)
  }
  for (const [id, { assessed, issues }] of waiting) quarantined.push({ id, version: assessed.version, issues })
  if (!dryRun) unique.tellAgain()
  const checked = migrated + unchanged + quarantined.length + invalid.length
  return withText({ version, dryRun, checked, migrated, unchanged, quarantined, invalid, ...changed.result() })
}

const othersCame = { path: [], keyword: 'again', message: 'others wrote to it all the time: migrate once more' }

/** The ids of all objects, at this moment. */
export async function idsOf({ store, idProperty }: Migrating, signal: AbortSignal | undefined): Promise<Id[]> {
  const ids: Id[] = []
  const found = (store as Required<typeof store>).query(node('values', [idProperty]), { signal })
  for await (const id of found as AsyncIterable<unknown>) ids.push(id as Id)
  return ids
}

/** What writes nothing, but knows what unique values there are. */
async function rehearsal(migrating: Migrating, ids: readonly Id[], { signal }: Options): Promise<WriteBatch> {
  const { store, version, unique, names } = migrating
  const ledger = writingNowhere(names.unique, unique)
  if (names.unique.length === 0 || version === 0) return ledger.write
  for (const id of ids) {
    signal?.throwIfAborted()
    const stored = await store.get?.(id, { signal })
    if (stored) ledger.enter(stored, stored[versionProperty] === version)
  }
  return ledger.write
}
