/** What a server sends is looked at before it is believed. */
import { checkId } from '../../lib/id.js'
import { parse } from '../../lib/json.js'
import type { Id } from '../../lib/store.js'
import { checkedCopy } from '../../lib/value.js'
import { isThe } from './address.js'
import { invalid } from './lost.js'

/** The bytes as text. What is not UTF-8 is not replaced by something else. */
export function textOf(bytes: Uint8Array): string {
  return believed(() => decoder.decode(bytes), 'is not UTF-8')
}
const decoder = new TextDecoder('utf-8', { fatal: true })

/** The value of a text in extended JSON, which may hold values of the domain and nothing else. */
export function parsed(text: string): unknown {
  return believed(() => parse(text), 'is not in extended JSON')
}

/** A value that may be stored, or be the result of a query. */
export function inDomain(value: unknown): unknown {
  return believed(
    () => (isData(value) ? checkedCopy(value) : checkedCopy({ value }).value),
    'holds no value of a store',
  )
}

export function isData(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  return !Array.isArray(value) && !(value instanceof Date) && !(value instanceof Uint8Array)
}

/** An object that carries the id that was asked for. */
export function objectOf(value: unknown, id: Id, idProperty: string): object {
  if (!isData(value)) throw invalid('the answer holds no object')
  if (Object.hasOwn(value, idProperty) && isThe(id, value[idProperty])) return inDomain(value) as object
  throw invalid(`the answer is not about ${id}, which was asked for`)
}

/** The id that a server has made. */
export function idOf(value: unknown, idProperty: string): Id {
  const id = isData(value) && Object.hasOwn(value, idProperty) ? value[idProperty] : undefined
  return believed(() => checkId(id as Id), 'holds no id')
}

function believed<R>(work: () => R, problem: string): R {
  try {
    return work()
  } catch (cause) {
    throw invalid(`the answer ${problem}: ${(cause as Error).message}`, cause)
  }
}
