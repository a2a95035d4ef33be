import { StoreError } from '../../lib/errors.js'
import type { Change } from '../../lib/store.js'
import type { StreamEvent } from './events.js'
import { invalid } from './lost.js'
import { errorOf } from './problem.js'
import { idOf, isData, objectOf, parsed } from './trust.js'

/** The change that an event tells; `undefined` if it tells something else. */
export function changeOf({ id: position, name, data }: StreamEvent, idProperty: string): Change | undefined {
  if (name !== 'put' && name !== 'delete') return undefined
  const told = parsed(data)
  if (!isData(told)) throw invalid('an event holds no change')
  const { id, object, previous, more } = told
  if (typeof id !== 'string' && typeof id !== 'number') throw invalid('a change has no id')
  if ((object === undefined) !== (name === 'delete')) throw invalid(`a change is no ${name}`)
  const sequence = sequenceOf(position)
  const about = (value: unknown) => (value === undefined ? undefined : objectOf(value, id, idProperty))
  const now = about(object)
  const before = about(previous)
  return {
    type: name,
    // as it is stored: in a URL a number is text
    id: idOf(now ?? before ?? { [idProperty]: id }, idProperty),
    ...(now && { object: now }),
    ...(before && { previous: before }),
    ...(sequence !== undefined && { sequence }),
    ...(more === true && { more }),
  }
}

/** The number in the history, if the position is one. */
export function sequenceOf(position: string | undefined): number | undefined {
  if (position === undefined || !/^\d{1,16}$/.test(position)) return undefined
  const sequence = Number(position)
  return Number.isSafeInteger(sequence) ? sequence : undefined
}

/** The error that an event tells, if it holds one. */
export function toldBy({ data }: StreamEvent): StoreError | undefined {
  if (data === '') return undefined
  const problem = parsed(data)
  return isData(problem) ? errorOf(problem) : undefined
}

/** Whoever follows has to begin anew: he knows it by this name, as of one who has fallen behind. */
export function missed(reason: string, cause?: unknown): StoreError {
  return new StoreError('QuotaExceededError', `changes may have been missed, ${reason}: read again, and follow again`, {
    cause,
  })
}
