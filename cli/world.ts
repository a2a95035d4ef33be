/** All that a command may touch of the process that it runs in, so that it can run anywhere else as well. */
export interface World {
  /** The folder that paths begin at. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: AsyncIterable<Uint8Array>
  readonly stdout: Output
  readonly stderr: Output
  /** Ends the command: what was begun is finished or undone, never half. */
  readonly signal: AbortSignal
  /** The time in milliseconds since 1970. */
  now(): number
}

export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }

/** The reason of an end that nobody has to be told of: who was reading has read enough. */
export const enough = Symbol('enough')
