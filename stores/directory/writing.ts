/**
 * One write at a time. Changes of single files are put in place one by one, and one sync of the directory makes them all last;
 * where several belong together, an intent is there, lasting, before the first of them is touched, and goes after the last.
 * It is gone before anything newer is acknowledged: every acknowledgement waits for a sync of the directory, which makes the
 * going last too. So an intent that comes back after a power cut never undoes what somebody was told.
 */
import { join } from 'node:path'
import { StoreError } from '../../lib/errors.js'
import type { Coordinator, MaybePromise } from '../../lib/store.js'
import { equal } from '../../lib/value.js'
import { stage } from '../files/durable-replace.js'
import { fileError, ifExists } from '../files/file-error.js'
import { isUntouched, momentOf } from '../files/file-system.js'
import type { Prepared } from '../table/transaction.js'
import type { Decided } from '../table/write.js'
import { nameOf } from './file-name.js'
import type { Folder } from './folder.js'
import { inParallel } from './in-parallel.js'
import { type Fate, type Intent, intentName, printIntent } from './intent.js'
import { netChanges } from './net-changes.js'
import { type Placing, type PlacingOptions, placing, type Ready, type Step } from './placing.js'
import type { Resident } from './resident.js'

export interface WritingOptions<T extends object> extends PlacingOptions {
  readonly folder: Folder
  readonly resident: Resident<T>
  /** Called before the first file is touched. */
  announce?(): Promise<void>
}

export interface Writing<T extends object> {
  persist(sets: readonly (readonly Decided<T>[])[]): Promise<void>
  prepare(set: readonly Decided<T>[], coordinator: Coordinator): Promise<Prepared>
  /** Makes all that was done in the directory last. */
  settle(): Promise<void>
  /** Makes the changes of an intent that lies there, again or for the first time. */
  redo(fates: readonly Fate[]): Promise<void>
  /** Removes an intent that is not to be. */
  drop(): Promise<void>
  /** Finishes what a failed write left undone. Nothing is read or written before. */
  settled(): MaybePromise<void>
  /** Leaves to others what is unfinished. */
  reset(): void
  /** Does work while nothing is written. */
  alone<R>(work: () => Promise<R>): Promise<R>
}

export function writing<T extends object>({ announce, ...options }: WritingOptions<T>): Writing<T> {
  const { folder, resident, sync, random } = options
  const { fileSystem } = folder
  const intentPath = join(folder.path, intentName)
  const files: Placing = placing(options)
  let last: Promise<unknown> = Promise.resolve()
  /** What has to be done before anything else. */
  let unfinished: (() => Promise<void>) | undefined

  function alone<R>(work: () => Promise<R>): Promise<R> {
    const done = last.then(work).catch(cause => {
      throw fileError(`${folder.path} cannot be written`, cause)
    })
    last = done.catch(() => {})
    return done
  }

  async function finish(): Promise<void> {
    const work = unfinished
    if (!work) return
    try {
      await work()
    } catch (cause) {
      throw fileError(`${folder.path} is not what it should be since a write failed, and cannot be mended`, cause)
    }
    if (unfinished === work) unfinished = undefined
  }

  /** Does this now, or before anything else. */
  function sooner(work: () => Promise<void>): Promise<void> {
    unfinished = work
    return finish()
  }

  async function persist(sets: readonly (readonly Decided<T>[])[]): Promise<void> {
    await finish()
    const changes = netChanges(sets)
    const steps = await inParallel(changes, check)
    const ready = await files.stage(steps)
    const together = steps.some(({ alias }) => alias !== undefined) || sets.some(({ length }) => length > 1)
    const whole = together && (ready.length > 1 || steps[0]?.alias !== undefined)
    try {
      await announce?.()
      if (whole) await propose({ fates: changes })
    } catch (error) {
      await files.discard(ready)
      throw error
    }
    await make(ready, changes, whole)
    if (whole) await sooner(removeIntent).catch(() => {})
  }

  /** Puts the files in place. On an error it is as if nothing had been done, or unknown, and then finished by whoever is next. */
  async function make(ready: readonly Ready[], fates: readonly Fate[], whole: boolean): Promise<void> {
    const release = pin(fates as readonly Decided<T>[])
    let moved = 0
    try {
      const outcomes = await Promise.allSettled(
        ready.map(async each => {
          await files.place(each)
          moved++
        }),
      )
      for (const each of outcomes) if (each.status === 'rejected') throw each.reason
      await files.settle()
      ready.forEach(note)
    } catch (cause) {
      await files.discard(ready)
      if (moved === 0 && !ready.some(({ alias }) => alias !== undefined)) {
        if (whole) await withdraw(fates)
        throw cause
      }
      unfinished = whole ? () => redo(fates) : files.settle
      throw unknown(fates, cause)
    } finally {
      release()
    }
  }

  /** Others see the old objects until the new ones last, so these are kept in memory. */
  function pin(changes: readonly Decided<T>[]): () => void {
    for (const { key, previous } of changes) {
      resident.pinned.add(key)
      if (previous && !resident.peek(key)) resident.set(key, previous)
    }
    return () => {
      for (const { key } of changes) resident.pinned.delete(key)
    }
  }

  function note({ name, fate: { key }, staged }: Ready): void {
    folder.aliases.delete(name)
    if (staged) resident.known.set(name, { key, stat: momentOf(staged.stat) })
    else resident.known.delete(name)
  }

  /** The file as it is, which must be as it was when the change was decided. */
  async function check(change: Decided<T>): Promise<Step> {
    const step = await files.look(change)
    const { name, before } = step
    if (before && (!before.isFile() || before.nlink > 1)) {
      throw new StoreError('NotSupportedError', `${folder.pathOf(name)} is no regular file with one name`, change)
    }
    const held = resident.peek(change.key)
    const known = resident.known.get(name)?.stat
    const same = held === undefined || held === change.previous || equal(held, change.previous)
    if (same && (known !== undefined) === (change.previous !== undefined) && isUntouched(known, before)) return step
    resident.forget(name, change.key)
    throw new StoreError(
      'InvalidStateError',
      `${folder.pathOf(name)} was changed by somebody else. Nothing was written; try again`,
      change,
    )
  }

  async function propose(intent: Intent): Promise<void> {
    const staged = await stage(fileSystem, intentPath, [printIntent(intent)], { sync, random })
    try {
      await staged.replace()
    } catch (cause) {
      await staged.discard()
      throw cause
    }
    try {
      await files.settle()
    } catch (cause) {
      await withdraw(intent.fates)
      throw cause
    }
  }

  /** Removes an intent of which nothing has been done, so that nothing ever will. */
  async function withdraw(fates: readonly Fate[]): Promise<void> {
    try {
      await sooner(drop)
    } catch (cause) {
      throw unknown(fates, cause)
    }
  }

  /** What is in memory of these counts no more: whoever needs it reads it, after what is unfinished has been finished. */
  function unknown(fates: readonly Fate[], cause: unknown): StoreError {
    for (const { key } of fates) resident.forget(nameOf(key), key)
    return new StoreError(
      'OutcomeUnknownError',
      `${folder.path} failed while files were being replaced: whether the write lasts is known when they are read again`,
      { cause },
    )
  }

  async function drop(): Promise<void> {
    await removeIntent()
    await files.settle()
  }

  async function removeIntent(): Promise<void> {
    await ifExists(fileSystem.unlink(intentPath))
  }

  async function redo(fates: readonly Fate[]): Promise<void> {
    const ready = await files.stage(await inParallel(fates, files.look))
    try {
      await announce?.()
      await inParallel(ready, files.place)
      await files.settle()
    } catch (error) {
      await files.discard(ready)
      throw error
    }
    ready.forEach(note)
    await removeIntent()
  }

  async function prepare(set: readonly Decided<T>[], coordinator: Coordinator): Promise<Prepared> {
    await finish()
    await inParallel(set, check)
    await announce?.()
    await propose({ coordinator, fates: set })
    const release = pin(set)
    return {
      commit: () => alone(() => sooner(() => redo(set).then(release))),
      abort: () => alone(() => sooner(() => drop().then(release))),
    }
  }

  return {
    alone,
    settle: files.settle,
    redo,
    drop,
    reset() {
      unfinished = undefined
    },
    persist: sets => alone(() => persist(sets)),
    prepare: (set, coordinator) => alone(() => prepare(set, coordinator)),
    settled: () => (unfinished ? alone(finish) : undefined),
  }
}
