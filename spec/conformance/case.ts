/** What a case of the suite is made of, and the few words in which the cases are written. */
import assert from 'node:assert/strict'
import type { ErrorName } from '../../lib/errors.js'
import type { Change, Id, MaybePromise, Method, Query, QueryOptions, Store } from '../../lib/store.js'

/** What a store may offer besides its methods: unique keys by `setSchema`, lasting beyond `close`, and earlier changes. */
export type Offer = Method | 'unique' | 'lasting' | 'since'

/** Objects as the cases know them. */
export type Thing = Record<string, unknown>

/** What a case is given: the store, and where it runs, inside a transaction of it. All methods that the case needs are there. */
export interface Subject {
  readonly store: Required<Store<Thing, Id>>
  /** Closes the store and opens it again. */
  reopen(): Promise<Required<Store<Thing, Id>>>
}

export interface Case {
  readonly title: string
  readonly needs: readonly Offer[]
  run(subject: Subject): Promise<void>
}

/** A law, as a chapter of cases. */
export interface Law {
  readonly title: string
  /** Do the cases make sense inside a transaction too? */
  readonly inside: boolean
  readonly cases: readonly Case[]
}

export function law(title: string, cases: readonly Case[], { inside = true } = {}): Law {
  return { title, inside, cases }
}

export function needs(...offers: Offer[]) {
  return (title: string, run: Case['run']): Case => ({ title, needs: offers, run })
}

/** All that a query gives. */
export async function all(store: Pick<Store, 'query'>, query?: Query, options?: QueryOptions): Promise<Thing[]> {
  const found: Thing[] = []
  for await (const each of store.query?.(query, options) ?? []) found.push(each)
  return found
}

export async function ids(store: Pick<Store, 'query'>, query?: Query, options?: QueryOptions): Promise<unknown[]> {
  return (await all(store, query, options)).map(each => each.id)
}

/** The work is refused with an error of this name, thrown now or later. */
export async function refused(work: () => unknown, name: ErrorName | 'TypeError'): Promise<Error> {
  let given: unknown
  try {
    given = await work()
  } catch (error) {
    assert.ok(error instanceof Error, `what was thrown is no Error: ${String(error)}`)
    assert.equal(error.name, name, `${error.name}: ${error.message}`)
    assert.ok(error.message.length > 0, 'the error says nothing')
    return error
  }
  return assert.fail(`expected a ${name}, but got ${String(given)}`)
}

/** The work is refused, and the store holds the same as before. */
export async function refusedUnchanged(
  store: Pick<Store, 'query'>,
  work: () => unknown,
  name: ErrorName | 'TypeError',
): Promise<void> {
  const before = store.query && (await all(store))
  await refused(work, name)
  if (before) assert.deepEqual(await all(store), before)
}

/** The next changes of a subscription, as many as asked for. */
export async function take(changes: AsyncIterator<Change>, count: number): Promise<Change[]> {
  const taken: Change[] = []
  while (taken.length < count) {
    const { value, done } = await changes.next()
    if (done) break
    taken.push(value)
  }
  return taken
}

/** Puts objects one after the other. */
export async function fill(store: Pick<Store, 'put'>, objects: readonly Thing[]): Promise<void> {
  for (const object of objects) await store.put?.(object)
}

/** What is given now or later, or thrown now or later, as a promise. */
export async function settled(work: () => MaybePromise<unknown>): Promise<unknown> {
  return work()
}
