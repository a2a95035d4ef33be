/** What a logger is told. */
import type { MaybePromise } from '../../lib/store.js'

export interface LogEvent {
  /** `CREATE_OBJECT`, `TRANSFER`, `LOGIN`, … */
  readonly type: string
  /** Whom it concerns: their logs have it, too. */
  readonly users?: readonly string[] | undefined
  /** What there is to say about it: values of the value domain. */
  readonly data?: object | undefined
  /** The number of the entry of the journal that it records. */
  readonly entry?: number | undefined
}

/** Keeps what happened; `audit({ path })` is one. What it has resolved for is sure to be kept. */
export interface Logger {
  record(event: LogEvent): MaybePromise<unknown>
  /** The number of the last entry of the journal that was recorded. Without it, a crash can keep entries from the logger. */
  lastEntry?(): MaybePromise<number>
  /** What concerns a user. */
  getUserLogs?(user: string): MaybePromise<readonly unknown[]>
  close?(): MaybePromise<void>
}
