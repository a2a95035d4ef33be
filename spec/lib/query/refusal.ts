import { expect } from 'chai'
import { type ErrorName, isStoreError, type StoreError } from '../../../lib/errors.js'

/** The call throws a `StoreError` of this name, whose message has the text in it. */
export function refused(call: () => unknown, message: string | RegExp = '', name: ErrorName = 'DataError'): StoreError {
  let error: unknown
  try {
    call()
  } catch (thrown) {
    error = thrown
  }
  if (!isStoreError(error, name)) expect.fail(`a ${name} was expected, not ${String(error)}`)
  expect(error.message).to.match(typeof message === 'string' ? new RegExp(quote(message)) : message)
  return error
}

const quote = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
