import type { Issue } from '../../lib/errors.js'
import { refusal } from '../refusal.js'

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
