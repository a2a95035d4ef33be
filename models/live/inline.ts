/** The history of an object in the object itself, as `__changes__`: a store that shows the objects without it. */
import { derive, forward } from '../../lib/derive.js'
import { toKey } from '../../lib/id.js'
import type { Data, Id, MaybePromise, PutOptions, Store } from '../../lib/store.js'
import { equal } from '../../lib/value.js'
import { when } from '../../lib/when.js'
import { perform, type Target, type Write, writes } from '../../lib/writes.js'
import type { LiveChange, Path, Step } from './change.js'
import { toChange, toStep } from './change.js'

export interface Inline {
  readonly store: Store<Data, Id>
  /** The next object that is put under this key has these records. */
  write(key: Id, steps: readonly Step[]): void
  /** The records that were read with the object of this key. */
  read(key: Id): readonly Step[]
}

export const changesProperty = '__changes__'
export const keyProperty = '__key__'

export function inlined(inner: Store<Data, Id>): Inline {
  const records = new Map<Id, readonly object[]>()

  function strip(object: Data): Data {
    const { [changesProperty]: changes, ...data } = object
    if (Array.isArray(changes)) records.set(toKey(data[keyProperty] as Id), changes)
    return data
  }

  function* stripped(found: Iterable<Data>): Generator<Data> {
    for (const each of found) yield strip(each)
  }

  async function* strippedLater(found: AsyncIterable<Data>): AsyncGenerator<Data> {
    for await (const each of found) yield strip(each)
  }

  function handle(write: Write<Data, Id>, target: Target<Data, Id>): MaybePromise<Id | boolean> {
    const { ifMatch } = write.options ?? {}
    const id = write.method === 'delete' ? write.id : (write.object[keyProperty] as Id)
    const changed = (options: PutOptions<Id> | undefined) =>
      write.method === 'delete'
        ? perform({ ...write, options }, target)
        : perform(
            { ...write, object: { ...write.object, [changesProperty]: records.get(toKey(id)) ?? [] }, options },
            target,
          )
    if (typeof ifMatch !== 'object') return changed(write.options)
    // the condition is on the object as it is seen
    const pending = records.get(toKey(id)) ?? []
    return when((target as Required<typeof target>).get(id), current => {
      const isSame = current !== undefined && equal(strip(current), ifMatch)
      records.set(toKey(id), pending)
      return changed({ ...write.options, ifMatch: isSame ? current : ifMatch })
    })
  }

  const reading = (tx: Target<Data, Id>) => ({
    get: (id: Id) => when((tx as Required<typeof tx>).get(id), found => found && strip(found)),
  })
  const store = derive<Data, Id>(inner, {
    ...writes(inner, handle, reading),
    get: (id, options) => when((inner as Required<typeof inner>).get(id, options), found => found && strip(found)),
    query(query, options) {
      const found = (inner as Required<typeof inner>).query(query, options)
      return Symbol.iterator in found ? stripped(found) : strippedLater(found)
    },
    count: forward,
    subscribe: forward,
    setSchema: forward,
    close: forward,
  })
  return {
    store,
    write: (key, steps) => void records.set(toKey(key), steps.map(print)),
    read: key => (records.get(toKey(key)) ?? []).map((each, at) => toStep(take(each as Printed, at + 1))),
  }
}

/** A record as it stands in a file. */
export interface Printed {
  readonly __key__: Id
  readonly kind?: 'ADD' | 'UPDATE' | 'DELETE'
  /** The name of the property; the way to it, where it is deeper. */
  readonly prop_name?: string | Path
  readonly prev_val?: unknown
  readonly new_val?: unknown
  readonly date?: string
  readonly sequence?: number
  readonly [more: string]: unknown
}

function print(step: Step): object {
  const { key, kind, path, previous, next, date, ...more } = toChange(step)
  return {
    [keyProperty]: key,
    kind: kind.toUpperCase(),
    ...(path.length > 0 && { prop_name: path.length === 1 ? path[0] : path }),
    ...(previous !== undefined && { prev_val: previous }),
    ...(next !== undefined && { new_val: next }),
    date: date.toISOString(),
    ...more,
  }
}

/** What a person, or the original, may have written. */
export function take(printed: Printed, at: number): LiveChange {
  const { __key__, kind = 'UPDATE', prop_name = [], prev_val, new_val, date = 0, sequence = at, ...more } = printed
  return {
    ...more,
    sequence,
    key: __key__,
    kind: kind.toLowerCase() as LiveChange['kind'],
    path: Array.isArray(prop_name) ? (prop_name as Path) : [prop_name as string],
    previous: prev_val,
    next: new_val,
    date: new Date(date),
  }
}
