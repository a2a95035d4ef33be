/** What may be done with a facet by one that is made over it: what is open, by the methods that are in the place of others. */
import { checkPrecondition } from '../../lib/etag.js'
import type { Data, Id } from '../../lib/store.js'
import { isPromise, settle, when } from '../../lib/when.js'
import { type Authority, endsOf, type WriteOptions } from './authority.js'
import { referenceTo } from './held.js'
import type { Items } from './items.js'
import { type About, refuse, shown } from './refusal.js'
import type { OwnMethod, Shell } from './shell.js'

export interface Methods {
  readonly own: Readonly<Record<string, OwnMethod>>
  readonly prototype: Readonly<Record<string, OwnMethod>>
  readonly idProperty: string
  readonly about: Omit<About, 'method'>
}

const overridable = ['get', 'put', 'add', 'delete'] as const

/** `over` makes the same for a transaction. */
export function narrowed(made: Shell, methods: Methods, over: (authority: Authority) => Shell): Authority {
  return sealed(open(made, methods, over), methods.about)
}

/** What fails underneath is told as this facet tells it: who made another over it is not its owner. */
function sealed(authority: Authority, about: Methods['about']): Authority {
  const failed = (method: string) => (error: unknown) => {
    throw shown(error, { ...about, method })
  }
  const telling = <A extends unknown[], R>(method: string, work: (...args: A) => R) => {
    const fail = failed(method)
    return (...args: A) =>
      settle<unknown, unknown>(
        () => work(...args),
        result => result,
        fail,
      ) as R
  }
  return {
    ...authority,
    get: telling('get', authority.get),
    put: telling('put', authority.put),
    add: telling('add', authority.add),
    delete: telling('delete', authority.delete),
    count: telling('count', authority.count),
    below: telling('query', authority.below),
    transaction: telling('transaction', authority.transaction),
    callOn: (id, method, args, admits) => telling(method, authority.callOn)(id, method, args, admits),
    call: (method, args) => telling(method, authority.call)(method, args),
    see: telling('get', authority.see),
    query: (query, options) => toldOf(telling('query', authority.query)(query, options), failed('query')),
    subscribe(query, options) {
      const changes = telling('subscribe', authority.subscribe)(query, options)
      return { next: telling('subscribe', () => changes.next()), return: () => end(changes) }
    },
  }
}

function toldOf(items: Items, fail: (error: unknown) => never): Items {
  return Symbol.iterator in items ? now(items, fail) : later(items, fail)
}

function* now(items: Iterable<unknown>, fail: (error: unknown) => never): Generator<unknown, undefined> {
  try {
    yield* items
  } catch (error) {
    fail(error)
  }
}

async function* later(
  items: AsyncIterable<unknown>,
  fail: (error: unknown) => never,
): AsyncGenerator<unknown, undefined> {
  try {
    yield* items
  } catch (error) {
    fail(error)
  }
}

async function end(changes: AsyncIterator<unknown>): Promise<IteratorReturnResult<undefined>> {
  await changes.return?.()
  return { value: undefined, done: true }
}

function open(made: Shell, methods: Methods, over: (authority: Authority) => Shell): Authority {
  const { own, prototype, idProperty } = methods
  const { facet, authority } = made
  const overriding: Partial<Authority> = {}
  for (const name of overridable) {
    const call = own[name]
    if (!call) continue
    overriding[name] = (first: never, options: WriteOptions) => {
      const { ifMatch, ifNoneMatch, check: _, ...others } = options
      const given = name === 'get' || name === 'delete' ? first : Object(first)[idProperty]
      const id: Id | undefined = options.id ?? given
      // it knows nothing of what is seen here, which the conditions are about
      const expected = id !== undefined && (ifMatch ?? ifNoneMatch) !== undefined
      return when(expected ? authority.get(id, {}) : undefined, current => {
        if (expected) checkPrecondition(current, { ifMatch, ifNoneMatch }, id)
        return when(made.fresh(call(made, facet, [first, others])), dataOf) as never
      })
    }
  }

  /** The facet's own objects do not pass: what is made over it gives what is seen there. */
  function referred(result: unknown): unknown {
    if (typeof result !== 'object' || result === null) return result
    if (isPromise(result)) return result.then(referred)
    return Array.isArray(result) ? result.map(referred) : referenceTo(result, made.source, idProperty)
  }

  return {
    ...authority,
    ...overriding,
    // what stands in the place of get says what is seen
    see: object => (overriding.get ? overriding.get(object[idProperty] as Id, {}) : authority.see(object)),
    has: name => Object.hasOwn(facet, name) && !(Object.hasOwn(own, name) && !(name in overriding)),
    names: kind => Object.keys(kind === 'static' ? own : prototype).filter(name => !(name in overriding)),
    transaction: options =>
      when(authority.transaction(options), tx => ({
        ...narrowed(over(tx), methods, over),
        ...endsOf(tx),
      })),
    call: (name, args) => referred((own[name] ?? closed())(made, facet, args)),
    callOn: (id, name, args, admits = () => true) =>
      when(authority.get(id, {}), found =>
        when(found !== undefined && admits(found), admitted => {
          if (!found || !admitted) return refuse('NotFoundError', 'there is no such object')
          return referred((prototype[name] ?? closed())(made, made.hold(found), args, admits))
        }),
      ),
  }
}

function closed(): never {
  return refuse('NotAllowedError', 'this method is not open here')
}

const dataOf = (result: unknown): unknown =>
  typeof result === 'object' && result !== null ? ({ ...result } as Data) : result
