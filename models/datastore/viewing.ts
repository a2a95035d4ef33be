import { derive, forward } from '../../lib/derive.js'
import { holding, lock } from '../../lib/lock.js'
import type { Id, MaybePromise, Store } from '../../lib/store.js'
import { viewsOf } from '../../wrappers/views/views.js'
import { type Page, type ViewDefinition, type ViewOptions, views } from '../../wrappers/views.js'
import { documentOf, type Stored } from './document.js'
import { assertion } from './error.js'
import type { Base } from './loading.js'
import type { View } from './types.js'

/** A row of any kind. */
export interface AnyRow {
  readonly key: unknown
  readonly value: unknown
  readonly id: Id
  readonly object?: Stored
}

type Viewed = Store<Stored, Id> & { view(name: string, options: ViewOptions): MaybePromise<Page<AnyRow>> }

/** The views of a datastore over one store, `inner`, which may come one by one. The one without a name is that of the keys. */
export interface Viewing {
  set(name: string, definition: View): void
  has(name: string): boolean
  view(inner: Base, name: string, options: ViewOptions): Promise<Page<AnyRow>>
  /** Writes by what keeps the views right. */
  write<R>(inner: Base, work: (store: Base) => MaybePromise<R>): MaybePromise<R>
}

/** Nothing is mapped before somebody asks for a view; then all that were set since are made together. */
export function viewing(): Viewing {
  const definitions = new Map<string, ViewDefinition<Stored>>([['', keys]])
  /** What the views were made of last, if nothing has been set since. */
  let made: Viewed | undefined
  let version = 0
  let leave = new AbortController()
  let current: Viewed | undefined
  let making: Promise<void> | undefined
  /** Who uses the views reads; who makes them anew writes. */
  const using = lock()

  async function make(inner: Store<Stored, Id>): Promise<void> {
    while (!made) {
      const release = await using.write()
      try {
        const next = new AbortController()
        const before = version
        const store = leavable(inner, next.signal)
        const viewed = (await views(store, Object.fromEntries(definitions))) as unknown as Viewed
        leave.abort()
        leave = next
        current = viewed
        if (version === before) made = viewed
      } finally {
        release()
      }
    }
  }

  return {
    set(name, definition) {
      if (typeof name !== 'string' || name === '') throw assertion('a view has a name')
      const { map, reduce } = definition ?? {}
      viewsOf({ [name]: definition as ViewDefinition }, 'id')
      definitions.set(name, {
        map: (stored, emit) => map.call(definition, documentOf(stored), emit),
        reduce: typeof reduce === 'function' ? reduce.bind(definition) : reduce,
      })
      version++
      made = undefined
    },
    has: name => name !== '' && definitions.has(name),
    async view(inner, name, options) {
      if (name !== '' && !definitions.has(name)) throw assertion(`there is no view ${String(name)}`)
      while (!made) {
        making ??= make(inner).finally(() => {
          making = undefined
        })
        await making
      }
      // there may be newer ones when it is our turn
      return holding(using.read(), () => (current as Viewed).view(name, options))
    },
    write: (inner, work) => holding(using.read(), () => work((current ?? inner) as Base)),
  }
}

const keys: ViewDefinition<Stored> = { map: ({ id }, emit) => emit(String(id)) }

/** The store as it is until the signal: what follows it then follows it no more. */
function leavable(inner: Store<Stored, Id>, signal: AbortSignal): Store<Stored, Id> {
  return derive<Stored, Id>(inner, {
    get: forward,
    put: forward,
    add: forward,
    delete: forward,
    query(...given) {
      signal.throwIfAborted()
      return (inner as Required<typeof inner>).query(...given)
    },
    count: forward,
    subscribe: (query, options) => (inner as Required<typeof inner>).subscribe(query, { ...options, signal }),
    transaction: forward,
    setSchema: forward,
    close: forward,
  })
}
