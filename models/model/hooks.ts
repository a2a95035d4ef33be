/** What a definition does before objects are written or deleted, and afterwards. */
import { StoreError } from '../../lib/errors.js'
import type { Data, Id, MaybePromise } from '../../lib/store.js'
import { settle, when } from '../../lib/when.js'
import { refuse } from '../schema/plain.js'

/** What a hook is told besides the object. */
export interface HookContext<P = Data> {
  /** What was stored before, as it is seen through the model. Absent where nothing was. */
  readonly previous?: P | undefined
  /** The method that was called. */
  readonly method: string
}

export interface Hooks {
  beforeSave?(object: Data, context: HookContext): MaybePromise<object | undefined>
  afterSave?(instance: object, context: HookContext): unknown
  beforeDelete?(instance: object, context: HookContext): unknown
  afterDelete?(instance: object, context: HookContext): unknown
}

export const hookNames = ['beforeSave', 'afterSave', 'beforeDelete', 'afterDelete'] as const

/** The hooks of a definition. */
export function hooksIn(definition: Readonly<Record<string, unknown>>): Hooks {
  const found = hookNames.filter(name => definition[name] !== undefined)
  for (const name of found) if (typeof definition[name] !== 'function') refuse([name], 'must be a function')
  return Object.fromEntries(found.map(name => [name, definition[name]]))
}

/** Those of a definition after those of what it extends. */
export function joinHooks(parent: Hooks, child: Hooks): Hooks {
  return Object.fromEntries(
    hookNames.flatMap(name => {
      const [first, then] = [parent[name], child[name]] as Partial<readonly Hook[]>
      const joined = first && then ? inTurn(first, then, name === 'beforeSave') : (first ?? then)
      return joined ? [[name, joined]] : []
    }),
  )
}

type Hook = (object: object, context: HookContext) => unknown

/** What the first gives in place of the object, the second gets, if it is one that `replaces` it. */
function inTurn(first: Hook, then: Hook, replaces: boolean): Hook {
  return (object, context) =>
    when(first(object, context), made => {
      const given = replaces ? ((made as object | undefined) ?? object) : object
      return when(then(given, context), result => result ?? given)
    })
}

/** When that is done which follows a write: at once, or after the commit. */
export type Later = (work: () => MaybePromise<void>) => MaybePromise<void>

export const atOnce: Later = work => work()

/** Keeps what follows the writes of a transaction until it has been committed; then does it in their order. */
export function afterCommit() {
  const works: (() => MaybePromise<void>)[] = []
  async function run(): Promise<void> {
    // stores that commit together with this one do so in the same turn
    await undefined
    const errors: unknown[] = []
    for (const work of works.splice(0)) await settle(work, nothing, error => void errors.push(error))
    if (errors.length > 0) throw errors[0]
  }
  return {
    later: (work: () => MaybePromise<void>) => void works.push(work),
    run: () => (works.length > 0 ? run() : undefined),
    drop: () => void works.splice(0),
  }
}

/** Does what follows a write. That it fails cannot undo the write, and is said so. */
export function followUp(
  name: 'afterSave' | 'afterDelete',
  work: () => unknown,
  { method, id }: { readonly method: string; readonly id: Id | undefined },
): MaybePromise<void> {
  return settle(work, nothing, cause => {
    const done = name === 'afterSave' ? 'is stored' : 'is deleted'
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new StoreError('UnknownError', `${id} ${done}, but ${name} failed: ${reason}`, { method, id, cause })
  })
}

function nothing(): void {}
