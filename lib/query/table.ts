import { StoreError } from '../errors.js'

/** A condition chooses objects, a stage works on the whole set, a reduction makes one value of it. */
export type Kind = 'condition' | 'stage' | 'reduction'

/**
 * What stands in one place of an operator: `item` is a value or a condition on the elements, `term` a condition or a
 * stage, `key` a path with an optional sign before it, `column` a path or a reduction.
 */
export type Slot =
  | 'path'
  | 'key'
  | 'column'
  | 'value'
  | 'list'
  | 'range'
  | 'pattern'
  | 'item'
  | 'flag'
  | 'count'
  | 'condition'
  | 'term'

export interface Operator {
  readonly name: string
  readonly kind: Kind
  /** What the arguments are, by their number; or what each of any number is, from `least` on. */
  readonly forms: readonly (readonly Slot[] | undefined)[]
  readonly rest?: Slot
  readonly least: number
}

type Forms = readonly (readonly Slot[])[]

const comparison: Forms = [['value'], ['path', 'value']]
const membership: Forms = [['list'], ['path', 'list']]
const elements: Forms = [['item'], ['path', 'item']]
const whole: Forms = [[]]
const wholeOrPath: Forms = [[], ['path']]

const list: readonly Operator[] = [
  ...['eq', 'ne', 'lt', 'le', 'gt', 'ge'].map(name => fixed('condition', name, comparison)),
  ...['in', 'out'].map(name => fixed('condition', name, membership)),
  ...['contains', 'excludes'].map(name => fixed('condition', name, elements)),
  fixed('condition', 'between', [['range'], ['path', 'range']]),
  fixed('condition', 'match', [['pattern'], ['path', 'pattern']]),
  fixed('condition', 'exists', [[], ['path'], ['path', 'flag']]),
  fixed('condition', 'not', [['condition']]),
  fixed('condition', 'rel', [['path'], ['path', 'condition']]),
  many('condition', 'or', 'condition', 0),
  many('condition', 'and', 'term', 0),
  many('stage', 'sort', 'key', 1),
  fixed('stage', 'limit', [['count'], ['count', 'count'], ['count', 'count', 'count']]),
  many('stage', 'select', 'path', 1),
  many('stage', 'unselect', 'path', 1),
  many('stage', 'values', 'path', 0),
  many('stage', 'aggregate', 'column', 1),
  fixed('stage', 'recurse', wholeOrPath),
  ...['distinct', 'first', 'one'].map(name => fixed('stage', name, whole)),
  fixed('reduction', 'count', whole),
  ...['sum', 'mean', 'min', 'max'].map(name => fixed('reduction', name, wholeOrPath)),
]

function fixed(kind: Kind, name: string, accepted: Forms): Operator {
  const forms: (readonly Slot[])[] = []
  for (const form of accepted) forms[form.length] = form
  return Object.freeze({ name, kind, forms, least: 0 })
}

function many(kind: Kind, name: string, rest: Slot, least: number): Operator {
  return Object.freeze({ name, kind, forms: [], rest, least })
}

/** Every operator by its name. */
export const operators: ReadonlyMap<string, Operator> = new Map(list.map(operator => [operator.name, operator]))

/** The operator of this name (`gte` and `lte` are `ge` and `le`), or a `DataError`. */
export function operatorOf(name: string): Operator {
  const operator = operators.get(name === 'gte' ? 'ge' : name === 'lte' ? 'le' : name)
  if (operator) return operator
  throw new StoreError('DataError', `there is no operator ${JSON.stringify(String(name).slice(0, 64))}`)
}

/** Refuses a number of arguments that the operator does not take. */
export function checkCount({ name, forms, rest, least }: Operator, count: number): void {
  if (rest === undefined ? forms[count] !== undefined : count >= least) return
  const numbers = rest === undefined ? Object.keys(forms).join(' or ') : `at least ${least}`
  throw new StoreError(
    'DataError',
    `${name} takes ${numbers} argument${numbers.endsWith('1') ? '' : 's'}, not ${count}`,
  )
}

/** What stands at a position among so many arguments, once their number is checked. */
export function slotAt({ forms, rest }: Operator, position: number, count: number): Slot {
  return rest ?? (forms[count]?.[position] as Slot)
}
