import { StoreError } from '../../lib/errors.js'

/** A file that cannot be trusted, and where in it. It is left as it is. */
export function corrupt(path: string, where: string, cause: unknown): StoreError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new StoreError('CorruptError', `${path}, ${where}: ${reason}. Nothing was changed`, { cause })
}
