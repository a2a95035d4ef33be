/** Writes to the server, one object at a time. */
import { StoreError } from '../../lib/errors.js'
import { checkPrecondition, etag } from '../../lib/etag.js'
import { checkId } from '../../lib/id.js'
import { identity } from '../../lib/identity.js'
import { stringify } from '../../lib/json.js'
import type { DeleteOptions, Id, Precondition, PutOptions } from '../../lib/store.js'
import { checkedCopy } from '../../lib/value.js'
import { type Address, isThe } from './address.js'
import type { Answer } from './answer.js'
import { invalid } from './lost.js'
import { exactJson } from './media-types.js'
import type { Settings } from './options.js'
import { refusalOf } from './problem.js'
import { contentOf, isNothing } from './reading.js'
import type { Outgoing } from './sending.js'
import type { Transport } from './transport.js'
import { idOf, isData } from './trust.js'

/** A write that is ready to be sent: what the caller may change is copied, what is wrong is refused. */
export type Ready<R> = () => Promise<R>

export interface Writing {
  put(object: object, options: PutOptions): Ready<Id>
  add(object: object, options: PutOptions): Ready<Id>
  delete(id: Id, options: DeleteOptions): Ready<boolean>
}

export interface WritingOptions {
  readonly to: Address
  readonly transport: Transport
  readonly settings: Settings
}

export function writing({ to, transport, settings: { idProperty } }: WritingOptions): Writing {
  const identify = identity({ idProperty })

  /** Objects without an id get one from the server. */
  function create(given: object, id: Id | undefined, options: PutOptions): Ready<Id> {
    const { [idProperty as never]: _, ...bare } = given
    const request = {
      ...outgoing('POST', to.path, `add${id === undefined ? '' : ` ${id}`}`, options),
      body: stringify(id === undefined ? bare : given),
      repeatable: true,
    }
    return () =>
      transport.exchange(request, options, answer => {
        const made = contentOf(answer, id)
        if (id === undefined) return idOf(made, idProperty)
        checkAbout(id, made)
        return id
      })
  }

  function replace(object: object, id: Id, options: PutOptions): Ready<Id> {
    const request = { ...outgoing('PUT', to.object(id), `put ${id}`, options), body: stringify(object) }
    return () =>
      transport.exchange(request, options, answer => {
        checkDone(id, answer)
        return id
      })
  }

  function outgoing(method: Outgoing['method'], path: string, what: string, options: Precondition): Outgoing {
    const conditions = conditionsOf(options)
    const type = method === 'DELETE' ? {} : { 'content-type': exactJson }
    const prefer = `return=${method === 'DELETE' ? 'representation' : 'minimal'}`
    const headers = { accept: exactJson, prefer, ...type, ...conditions }
    return { method, url: to.root + path, headers, what, changes: true, repeatable: Object.keys(conditions).length > 0 }
  }

  return {
    put(given, options) {
      const { id, object, generated } = identify(given, options)
      checkConditions(options, id)
      return generated ? create(object, undefined, options) : replace(object, id, options)
    },
    add(given, options) {
      const { id, object, generated } = identify(given, options)
      checkConditions(options, id)
      return create(object, generated ? undefined : id, options)
    },
    delete(id, options) {
      const { ifMatch } = options
      checkId(id)
      checkConditions({ ifMatch }, id)
      const request = outgoing('DELETE', to.object(id), `delete ${id}`, { ifMatch })
      return () =>
        transport.exchange(request, options, answer => {
          if (isNothing(answer, id)) return false
          checkDone(id, answer)
          return true
        })
    },
  }

  /** That it was done must be said by a store: whatever stands between says yes to everything. */
  function checkDone(id: Id, answer: Answer): void {
    if (answer.status >= 400) throw refusalOf(answer, id)
    if (answer.text !== '') checkAbout(id, contentOf(answer, id))
    else if (answer.header('idempotency-key') === undefined && answer.header('etag') === undefined) {
      throw invalid('the answer does not come from a store')
    }
  }

  function checkAbout(id: Id, value: unknown): void {
    const given = isData(value) ? (value[idProperty] ?? value.id) : undefined
    if (!isThe(id, given)) throw invalid(`the answer is not about ${id}, which was sent`)
  }
}

/** What HTTP calls an ETag. Nothing that is stored has any other. */
const tag = /^"[\x21\x23-\x7e]*"$/

function checkConditions({ ifMatch, ifNoneMatch }: Precondition, id: Id): void {
  checkPrecondition(undefined, { ifNoneMatch }, id)
  if (typeof ifMatch !== 'string' || ifMatch === '*' || tag.test(ifMatch)) return
  throw new StoreError('PreconditionFailedError', `${id} has no such ETag as ${JSON.stringify(ifMatch.slice(0, 64))}`, {
    id,
  })
}

function conditionsOf({ ifMatch, ifNoneMatch }: Precondition): Record<string, string> {
  const expected = typeof ifMatch === 'object' ? etag(checkedCopy({ ...ifMatch })) : ifMatch
  return {
    ...(expected !== undefined && { 'if-match': expected }),
    ...(ifNoneMatch && { 'if-none-match': ifNoneMatch }),
  }
}
