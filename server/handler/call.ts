/** What is asked, as far as everybody needs it. */
import type { Limits } from '../limits.js'

export interface Call {
  readonly method: string
  /** The path as it came, from the place where the handler is mounted; it begins with a slash. */
  readonly path: string
  /** What stands after the `?`, as it came. */
  readonly query: string
  header(name: string): string | null
  /** Ends when the client has gone. */
  signal(): AbortSignal | undefined
  readonly source: Source
  readonly limits: Limits
  /** Tells the owner of what fails when the answer has begun. */
  failed(error: unknown): void
  /** An entry of a batch: what it reads are conditions, too, and is not cut into pages. */
  readonly inBatch?: true
}

/** Where the body comes from: a request, or text that has been read. */
export type Source =
  | { request(): Request }
  | { readonly bytes: Uint8Array }
  | { readonly value: unknown; readonly exact: boolean }

/** The same call, whose body has been read. */
export function withBytes(call: Call, bytes: Uint8Array): Call {
  return {
    method: call.method,
    path: call.path,
    query: call.query,
    header: name => (name === 'content-encoding' ? null : call.header(name)),
    signal: call.signal,
    source: { bytes },
    limits: call.limits,
    failed: call.failed,
  }
}
