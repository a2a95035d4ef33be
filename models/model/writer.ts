/** How a model writes to its store, or inside a transaction: what is prepared, under conditions that hold. */
import { type Issue, isStoreError, StoreError } from '../../lib/errors.js'
import { checkPrecondition } from '../../lib/etag.js'
import type { Data, Id, MaybePromise, Precondition, PutOptions } from '../../lib/store.js'
import { settle, when } from '../../lib/when.js'
import type { Target } from '../../lib/writes.js'
import { validationError } from '../schema/issues.js'
import type { ObjectSchema } from '../schema.js'
import type { Coerce } from './coerce.js'
import type { Hooks } from './hooks.js'
import { assign, assignCopy, type Instance } from './instance.js'
import type { Examine, Prepare, Prepared } from './prepare.js'
import { hides, own, see } from './view.js'

/** What is the same for a model's store and its transactions. */
export interface Setup {
  readonly schema: ObjectSchema
  readonly prepare: Prepare
  readonly examine: Examine
  readonly idProperty: string
  /** Handlers may store something else than they are given: what they stored is read again. */
  readonly handled: { readonly put: boolean; readonly add: boolean }
  readonly hooks: Hooks
  readonly coerce: Coerce | undefined
  /** The schema of another library that stands in place of ours. */
  readonly standard: unknown
  /** A write needs to know what is stored already. */
  readonly carries: boolean
  /** What is stored may be other than what was given, so that instances have to be shown it. */
  readonly alters: boolean
}

/** How often a write is tried that others come before. */
export const manyTries = 100

export type Writer = ReturnType<typeof writer>

export function writer(given: Target<Data, Id>, { schema, idProperty, handled }: Setup) {
  const target = given as Required<typeof given>
  const { rules } = schema
  const declaresId = Object.hasOwn((schema.plain.properties as object | undefined) ?? {}, idProperty)
  const seen = hides(rules)

  /** What is seen of what is stored; not to be changed. */
  function visible(stored: Data): Data {
    return seen ? see(stored, rules) : stored
  }

  /** Gives an instance the data of what is stored. */
  function show(instance: Instance, stored: Data): void {
    if (seen) assign(instance, see(stored, rules))
    else assignCopy(instance, stored)
  }

  function idOf(object: object): Id | undefined {
    return own(object as Data, idProperty) as Id | undefined
  }

  /** Writes, and says what is stored now. */
  function send(method: 'put' | 'add', prepared: Prepared, options: PutOptions | undefined): MaybePromise<Prepared> {
    return when(target[method](prepared.stored, options), id => {
      const { stored } = prepared
      const named = Object.hasOwn(stored, idProperty)
      const done = named ? prepared : { ...prepared, stored: { [idProperty]: id, ...stored } }
      if (!named && declaresId) {
        const issues = schema.validate(done.stored).filter(({ path }) => path[0] === idProperty)
        if (issues.length > 0) return takeBack(method, id, issues)
      }
      if (!handled[method] || !given.get) return done
      return when(target.get(id), found => (found ? { ...done, stored: found } : done))
    })
  }

  /** The store has made an id that the schema forbids, which only then can be seen. */
  function takeBack(method: string, id: Id, issues: readonly Issue[]): MaybePromise<never> {
    return when(given.delete?.(id), () => {
      throw validationError(issues, String(schema.plain.title ?? 'Model'), method, id)
    })
  }

  /** Writes a new object by the best that the store has. */
  function create(prepared: Prepared, { ifMatch, ...options }: PutOptions): MaybePromise<Prepared> {
    if (ifMatch !== undefined) checkPrecondition(undefined, { ifMatch }, idOf(prepared.stored) ?? 'a new object')
    if (given.add) return send('add', prepared, options)
    if (given.put) return send('put', prepared, { ...options, ifNoneMatch: '*' })
    throw new StoreError('NotSupportedError', 'the store has neither add nor put', { method: 'save' })
  }

  /**
   * Writes what has to be put together with what is stored: reads that, and writes only if it is still there. If others
   * came in between, does it again, so that only the caller's own conditions can fail.
   */
  function replace(
    id: Id,
    options: PutOptions,
    prepareOver: (current: Data | undefined) => MaybePromise<Prepared>,
    tries = manyTries,
  ): MaybePromise<Prepared> {
    return over(id, options, tries, prepareOver, (prepared, unchanged) =>
      send('put', prepared, { ...options, id, ...unchanged }),
    )
  }

  /** Reads, gets ready, and writes on the condition that what was read is still there; from the start, if it is not. */
  function over<P, R>(
    id: Id,
    options: PutOptions,
    tries: number,
    ready: (current: Data | undefined) => MaybePromise<P>,
    write: (prepared: P, unchanged: Precondition) => MaybePromise<R>,
  ): MaybePromise<R> {
    return when(target.get(id, { signal: options.signal }), current => {
      // the caller knows the ETag of what is seen: that of what is stored may be another
      checkPrecondition(current && visible(current), options, id)
      const unchanged: Precondition = current
        ? { ifMatch: current, ifNoneMatch: undefined }
        : { ifMatch: undefined, ifNoneMatch: '*' }
      return when(ready(current), prepared =>
        settle(
          () => write(prepared, unchanged),
          done => done,
          error => {
            if (tries <= 1 || !isStoreError(error, 'PreconditionFailedError')) throw error
            return over(id, options, tries - 1, ready, write)
          },
        ),
      )
    })
  }

  return { idOf, visible, show, send, create, replace, over }
}
