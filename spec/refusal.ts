import { expect } from 'chai'
import type { StoreError } from '../lib/errors.js'

/** What the work throws, now or later, if it throws. */
export async function thrownBy(work: () => unknown): Promise<StoreError | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    return error as StoreError
  }
}

/** What the work throws, now or later. */
export async function refusal(work: () => unknown): Promise<StoreError> {
  return (await thrownBy(work)) ?? expect.fail('nothing was thrown')
}

/** The work is refused with an error of this name, whose message has this in it. */
export async function refused(work: () => unknown, name: string, says: string | RegExp = ''): Promise<StoreError> {
  const error = await refusal(work)
  expect(error.name, String(error)).to.equal(name)
  if (typeof says === 'string') expect(error.message).to.include(says)
  else expect(error.message).to.match(says)
  return error
}
