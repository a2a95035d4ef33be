/** The methods of the objects that a facet gives. */
import { StoreError } from '../../../lib/errors.js'
import type { Data, Id, MaybePromise, Options } from '../../../lib/store.js'
import { when } from '../../../lib/when.js'
import type { Authority, WriteOptions } from '../authority.js'
import { type Seen, seenOf, show } from '../held.js'
import { takeObject, takeOptions } from '../take.js'
import type { Guard } from './guard.js'

export interface InstanceOptions {
  readonly idProperty: string
  /** What holds the objects: they work with their own facet, or transaction, and no other. */
  readonly source: object
  /** What of the store's methods is open. */
  open(method: string): boolean
}

const conditions = ['ifMatch', 'signal', 'reason'] as const

/** Defines the methods on a prototype; those that are open. */
export function addInstanceMethods(
  prototype: object,
  authority: Authority,
  { method }: Guard,
  { idProperty, source, open }: InstanceOptions,
): void {
  const known = (object: unknown) => seenOf(object, source)
  const idOf = ({ data }: Seen) => data[idProperty] as Id

  function add(
    name: string,
    work: (self: object, seen: Seen, options: WriteOptions) => () => MaybePromise<unknown>,
  ): void {
    const call = method(name, (self: object, more: unknown) =>
      work(self, known(self), takeOptions(more, conditions) as WriteOptions),
    )
    const own = {
      [name](this: object, options?: unknown) {
        return call(this as never, options as never)
      },
    }[name]
    Object.defineProperty(prototype, name, { value: Object.freeze(own) })
  }

  /** The object becomes what is seen now. */
  function become(object: object, seen: Seen, data: Data): object {
    seen.data = data
    return show(object, data)
  }

  if (open('put')) {
    add('save', (self, seen, options) => {
      const object = takeObject(self)
      const { ifMatch = seen.data } = options
      return () =>
        when(authority.put(object, { ...options, id: idOf(seen), ifMatch }), data => become(self, seen, data))
    })
  }
  if (open('get')) {
    add(
      'load',
      (self, seen, { signal }: Options) =>
        () =>
          when(authority.get(idOf(seen), { signal }), data => {
            if (!data) throw new StoreError('NotFoundError', 'there is no such object')
            return become(self, seen, data)
          }),
    )
  }
  if (open('delete')) {
    add('delete', (_, seen, options) => {
      const { ifMatch = seen.data } = options
      return () => authority.delete(idOf(seen), { ...options, ifMatch })
    })
  }
}
