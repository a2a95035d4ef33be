/** The parts of a live store, connected: what is changed, saved, told, and taken over. */
import { StoreError } from '../../lib/errors.js'
import { feed } from '../../lib/feed.js'
import type { Id, Options, Query } from '../../lib/store.js'
import { atExit } from '../../wrappers/write-behind/at-exit.js'
import { look } from './acts.js'
import { type LiveChange, type Moment, type Step, toChange } from './change.js'
import { changing } from './changing.js'
import { liveMethods } from './handle.js'
import type { Lineage } from './log.js'
import { modelMethods } from './model-methods.js'
import { outside } from './outside.js'
import { prototypeOver } from './prototypes.js'
import { register } from './register.js'
import { Root } from './root.js'
import { saving } from './saving.js'
import type { Saved, Setting } from './setting.js'
import type { Source } from './source.js'
import type { LiveOptions } from './types.js'

type Hook = (object: never, changes: readonly LiveChange[]) => void

export type System = ReturnType<typeof system>

export function system(source: Source, options: LiveOptions<never>, last: number) {
  const { undoLimit = Infinity, saveOnExit = true, history = true, clock = Date.now, actor } = options
  const { lookEvery = 1000 } = options
  let { saveOnChange = true } = options
  const { roots, all, add, rekey, moved, stored } = register()
  const hooks = new Set<Hook>()
  const told = feed<LiveChange, number>()
  let sequence = last
  let now: Moment | undefined
  let open = true
  let closing: Promise<void> | undefined

  const exit = atExit(() => void saveAll().catch(() => {}))
  const saves = saving({
    source,
    report: (error, root) => (options.onError ? options.onError(error, root.object as never) : warn(error, root)),
    absorb: root => others.absorb(root),
    stirred,
    stored,
  })
  const changes = changing({
    keeps: history !== false,
    stirred,
    released: saves.released,
    listened: () => hooks.size > 0 || told.followed,
    touched(root) {
      if (!root.isDirty) {
        saves.touch(root)
        if (saveOnExit) exit.needed()
      }
      if (saveOnChange && !root.isDue) saves.soon(root)
    },
    tell,
  })
  const setting: Setting = {
    keyProperty: source.keyProperty,
    undoLimit,
    prototype: prototypeOver(source.prototype, methodsFor(source)),
    sequence: () => ++sequence,
    moment,
    epoch: 1,
    admit(root) {
      if (!open) throw closed()
      changes.admit(root)
    },
    unseen: changes.unseen,
    made: changes.made,
    together: changes.together,
    rekey,
    moved,
    settled: saves.settled,
    commit: root => commit([root]),
  }
  const others = outside({
    source,
    find: stored,
    make,
    all: () => roots.values(),
    alone: saves.alone,
  })
  const looking = lookEvery > 0 ? setInterval(lookAll, lookEvery).unref() : undefined
  if (saveOnExit) exit.needed()

  function stirred(): void {
    setting.epoch++
  }

  /** Asked once for all that is done at a stretch, as to ask takes longer than the rest of a change. */
  function moment(): Moment {
    if (now === undefined) {
      now = { time: clock(), actor: undefined }
      queueMicrotask(() => {
        now = undefined
      })
    }
    const who = actor?.()
    return who === undefined ? now : { time: now.time, actor: who }
  }

  function make(key: Id, lineage?: Lineage): Root {
    const root = new Root(setting, key, lineage?.steps)
    root.origin = lineage?.origin
    sequence = Math.max(sequence, lineage?.steps.at(-1)?.sequence ?? 0)
    add(root)
    return root
  }

  /** What is stored, with what is known of its past. */
  function load(saved: Saved, lineage?: Lineage): Root {
    const root = make(saved.key, lineage)
    root.load(saved)
    return root
  }

  function tell(root: Root, steps: readonly Step[]): void {
    if (hooks.size === 0 && !told.followed) return
    const made = steps.map(toChange)
    for (const hook of hooks) {
      try {
        hook(root.object as never, made)
      } catch (error) {
        warn(error, root)
      }
    }
    told.publish(made.map(change => ({ type: 'put', id: change.sequence, object: change })))
  }

  function lookAll(): void {
    for (const root of roots.values()) if (root.holder === undefined) look(root)
  }

  async function commit(which: Iterable<Root>): Promise<void> {
    const own = [...which]
    for (const root of own) saves.due(root)
    await saves.save().catch(() => {})
    for (const { problem } of own) if (problem !== undefined) throw problem
  }

  function saveAll(): Promise<void> {
    lookAll()
    return commit(saves.dirty)
  }

  async function flush(): Promise<void> {
    lookAll()
    for (const root of saves.dirty) if (saveOnChange || root.problem !== undefined) saves.due(root)
    while (saves.waiting) await saves.save()
    await saves.alone(async () => {})
  }

  async function end(): Promise<void> {
    clearInterval(looking)
    try {
      await (saveOnExit ? saveAll() : flush())
    } finally {
      open = false
      stirred()
      exit.leave()
      others.end()
      told.close()
      await source.close()
    }
  }

  return {
    source,
    roots,
    all,
    stored,
    owns: (root: Root) => root.setting === setting,
    make,
    load,
    commit,
    saveAll,
    flush,
    together: changes.together,
    dirty: saves.dirty,
    follow: () => void others.follow(),
    absorb: others.absorb,
    alone: saves.alone,
    check(): void {
      if (!open) throw closed()
    },
    get saveOnChange() {
      return saveOnChange
    },
    set saveOnChange(is: boolean) {
      stirred()
      saveOnChange = is
    },
    async transaction<R>(work: () => R | Promise<R>): Promise<R> {
      return changes.transaction(work, roots => (saveOnChange ? commit(roots) : undefined))
    },
    onChange(hook: Hook): () => void {
      stirred()
      hooks.add(hook)
      return () => void hooks.delete(hook)
    },
    subscribe(query?: Query, { signal }: Options = {}): AsyncIterable<LiveChange> {
      stirred()
      const changes = told.subscribe(query, { signal })
      return {
        async *[Symbol.asyncIterator]() {
          for await (const { object } of changes) if (object) yield object
        },
      }
    },
    problems: () => all().filter(({ problem }) => problem !== undefined),
    close(): Promise<void> {
      closing ??= end()
      return closing
    },
  }
}

/** Names that the class has methods for are left to it. */
function methodsFor({ isModel, target, prototype }: Source): Record<string, unknown> {
  const free = Object.entries(liveMethods).filter(([name]) => !(name in prototype))
  return { ...Object.fromEntries(free), ...(isModel && modelMethods({ target, prototype })) }
}

function closed(): StoreError {
  return new StoreError('InvalidStateError', 'the live store is closed')
}

function warn(error: unknown, { key }: Root): void {
  const reason = error instanceof Error ? error.message : String(error)
  process.emitWarning(`what was changed in ${key} is not saved: ${reason}`, 'HoldfastWarning')
}
