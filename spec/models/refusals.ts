import type { Issue, StoreError } from '../../lib/errors.js'

/** The error that the work throws, now or later. */
export async function refusal(work: () => unknown): Promise<StoreError> {
  try {
    await work()
  } catch (error) {
    return error as StoreError
  }
  throw new Error('nothing was thrown')
}

/** The issues of the ValidationError that the work throws. */
export async function issues(work: () => unknown): Promise<readonly Issue[]> {
  const error = await refusal(work)
  if (error.name === 'ValidationError' && error.issues) return error.issues
  throw error
}

/** Where, and by which keyword. */
export async function keywords(work: () => unknown): Promise<unknown[][]> {
  return (await issues(work)).map(({ path, keyword }) => [...path, keyword])
}
