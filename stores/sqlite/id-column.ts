/** The ids of a table that was made elsewhere: what its column makes of them, and in which order they are. */
import { toKey } from '../../lib/id.js'
import type { Id } from '../../lib/store.js'
import type { Affinity } from './affinity.js'
import { type Encoding, type Place, quoted } from './column.js'
import type { Cell } from './driver.js'
import { nativeEncoding, nativePlace } from './native.js'

export interface IdColumn {
  /** The cell of an id; `undefined` if the column cannot hold such an id. */
  key(id: Id): Cell | undefined
  /** The id that a cell stands for. */
  idOf(cell: Cell): Id
  /** The order of ids as SQL. */
  readonly order: string
  readonly encoding: Encoding
}

export function idColumn(name: string, affinity: Affinity): IdColumn {
  const id = quoted(name)
  const idOf = (cell: Cell) => (typeof cell === 'bigint' ? idOfInteger(cell) : (cell as Id))
  const encoding = nativeEncoding(affinity, idOf)
  if (affinity === 'text') return { key: String, idOf, order: keyOrder(id), encoding }
  const order = `${id} COLLATE BINARY`
  const integer = (key: Id) => (typeof key === 'number' ? BigInt(key) : undefined)
  if (affinity === 'none') return { key: each => integer(toKey(each)) ?? each, idOf, order, encoding }
  return {
    key: each => integer(toKey(each)) ?? largeInteger(each as string),
    idOf,
    order,
    encoding: {
      place: integerPlace,
      orders: () => true,
      sorts: (a, b) => isSafe(a) && isSafe(b),
      value: idOf,
      always: () => false,
    },
  }
}

/** Of integers only the safe ones are numbers; as strings, the others are out of order. */
function integerPlace(value: unknown): Place | undefined {
  if (typeof value === 'string') return { exact: false }
  const place = nativePlace(value, 'number')
  const isNumber = typeof value === 'number' || typeof value === 'bigint'
  return isNumber && place ? { ...place, from: '-9007199254740991', to: '9007199254740992' } : place
}

const isSafe = (cell: Cell) => typeof cell === 'bigint' && Number.isSafeInteger(Number(cell))

/** Integers beyond the safe ones are named by their decimal strings. */
function idOfInteger(cell: bigint): Id {
  const number = Number(cell)
  return Number.isSafeInteger(number) ? number : `${cell}`
}

function largeInteger(id: string): bigint | undefined {
  if (!/^-?[1-9]\d{15,18}$/.test(id)) return undefined
  const integer = BigInt(id)
  return BigInt.asIntN(64, integer) === integer ? integer : undefined
}

/** Text that is an integer's comes by its value, before all other text. */
function keyOrder(id: string): string {
  const integer = `CAST(${id} AS INTEGER)`
  const isInteger = `${id} = CAST(${integer} AS TEXT) AND ${integer} BETWEEN -9007199254740991 AND 9007199254740991`
  return `CASE WHEN ${isInteger} THEN ${integer} ELSE ${id} END`
}
