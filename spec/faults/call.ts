/** A call that a file system was asked to do. */
export interface Call {
  /** From 1, in the order in which they are made. */
  readonly number: number
  /** The name of the method; `create` for an `open` that may make the file. */
  readonly name: string
  readonly path: string
}

/** The error by which an operating system refuses a call. */
export function errno(code: string, about = 'injected'): Error {
  const { stackTraceLimit } = Error
  // hundreds of thousands of them are made, and nobody looks at where
  Error.stackTraceLimit = 0
  const error = Object.assign(new Error(`${code}: ${about}`), { code })
  Error.stackTraceLimit = stackTraceLimit
  return error
}
