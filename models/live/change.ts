/** What happened to a live object: one change of one property, or its coming and going. */
import type { Id } from '../../lib/store.js'

/** The way from an object to one of its properties: names, and positions in arrays. */
export type Path = readonly (string | number)[]

/** One change, as it is kept and told; always the oldest first. */
export interface LiveChange {
  /** Its number in the order of the changes: each is greater than the one before. */
  readonly sequence: number
  readonly kind: 'add' | 'update' | 'delete'
  /** The key of the object before the change. */
  readonly key: Id
  /** The property that changed; empty where the object came or went. */
  readonly path: Path
  /** What was there; absent where nothing was. The whole object, where that went. */
  readonly previous?: unknown
  /** What is there now; absent where nothing is. The whole object, where that came. */
  readonly next?: unknown
  readonly date: Date
  readonly actor?: string
  /** The first sequence of the changes that were made together, and are undone together. */
  readonly transaction?: number
  /** It takes back the change with this sequence. */
  readonly undoes?: number
  /** It makes the change with this sequence again. */
  readonly redoes?: number
  /** It was made outside of this program: in an editor, by a script, by the store. */
  readonly external?: true
  /** The key of the object after the change, where that is another. */
  readonly renamed?: Id
}

/** What is known of a change besides what it changes. */
export type Mark = { -readonly [P in 'undoes' | 'redoes' | 'external' | 'renamed']?: LiveChange[P] & {} }

/** When, and by whom: the same for all that is done at a stretch. */
export interface Moment {
  readonly time: number
  readonly actor: string | undefined
}

/** A change in memory: small, as there may be very many. */
export class Step {
  transaction: number | undefined

  constructor(
    readonly sequence: number,
    readonly kind: LiveChange['kind'],
    readonly key: Id,
    readonly path: Path,
    /** `undefined` where nothing was. */
    readonly previous: unknown,
    readonly next: unknown,
    readonly moment: Moment,
    readonly mark: Mark | undefined,
  ) {
    this.transaction = undefined
  }
}

export const whole: Path = Object.freeze([])

export function toChange(step: Step): LiveChange {
  const { sequence, kind, key, path, previous, next, moment, mark, transaction } = step
  const { time, actor } = moment
  return {
    sequence,
    kind,
    key,
    path,
    ...(previous !== undefined && { previous }),
    ...(next !== undefined && { next }),
    date: new Date(time),
    ...(actor !== undefined && { actor }),
    ...(transaction !== undefined && { transaction }),
    ...mark,
  }
}

export function toStep(change: LiveChange): Step {
  const { sequence, kind, key, path, previous, next, date, actor, transaction, undoes, redoes, external, renamed } =
    change
  const mark: Mark = {
    ...(undoes !== undefined && { undoes }),
    ...(redoes !== undefined && { redoes }),
    ...(external && { external }),
    ...(renamed !== undefined && { renamed }),
  }
  const marked = Object.keys(mark).length > 0 ? mark : undefined
  const step = new Step(sequence, kind, key, path, previous, next, { time: date.getTime(), actor }, marked)
  step.transaction = transaction
  return step
}

/** The key of an object after a change. */
export function keyAfter({ key, mark }: Step): Id {
  return mark?.renamed ?? key
}
