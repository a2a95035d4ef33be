import type { Recorded } from './recorder.js'

/** Lists by their ids. None is empty: a list is there from its first element on. */
export type Lists = ReadonlyMap<string, readonly number[]>

/** What was done to a list: it was read, or a new element was put at its end. No element is appended twice, anywhere. */
export type Step =
  | { readonly read: string; readonly list: readonly number[] }
  | { readonly append: string; readonly element: number }

/** Steps that are to happen as one, in the order in which they were done. Filled while the call goes on. */
export type Transacted = Recorded<readonly Step[]>

export interface Anomaly {
  readonly name: string
  readonly message: string
}

/** What a transaction saw of others, and what it did. */
export interface Effects {
  /** The lists as they were without its own elements. */
  readonly reads: Lists
  readonly appends: Lists
}

export function print({ request, called, returned, outcome }: Transacted): string {
  const steps = request.map(step => ('read' in step ? `${step.read}=[${step.list}]` : `${step.append}+${step.element}`))
  return `${called}–${returned} ${outcome}: ${steps.join(' ')}`
}
