/** What the models of a database know of each other. */
import type { Schema } from '../../lib/schema.js'
import type { Data, Id, Store } from '../../lib/store.js'
import type { TransactionLog } from '../../lib/two-phase.js'
import type { Target } from '../../lib/writes.js'
import type { Class } from '../model/access.js'
import type { Setup } from '../model/writer.js'
import type { Graph } from './graph.js'

export interface Member {
  readonly name: string
  readonly given: Class
  /** The store of the model, in which everything is written. */
  readonly store: Store<Data, Id>
  readonly setup: Setup
  /** What the store was told of its objects. */
  readonly told: Schema
}

export interface Network {
  readonly names: readonly string[]
  readonly graph: Graph
  readonly log: TransactionLog | undefined
  member(name: string): Member
}

/** The stores of the models, or the transactions on them, in one state. */
export type Targets = (model: string) => Target<Data, Id>

/** Of all models, what is committed. */
export function committed(network: Network): Targets {
  return model => network.member(model).store as Target<Data, Id>
}
