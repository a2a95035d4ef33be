/** Amounts of points: integers of the smallest unit, and decimals in text. Never a fraction in binary. */
import { describe } from '../../../lib/value.js'

/** Points, as a number or a decimal in text; as a bigint, in the smallest unit. */
export type Amount = number | string | bigint

/** The amount in the smallest unit. A `TypeError` for what is no amount, a `RangeError` for one with more digits than there are. */
export function toUnits(amount: Amount, decimals: number): bigint {
  if (typeof amount === 'bigint') return amount
  const [text, sign, whole = '', fraction = ''] = decimal.exec(digitsOf(amount)) ?? []
  if (text === undefined) throw new TypeError(`an amount is a number, or a decimal as '12.5', not ${describe(amount)}`)
  const significant = fraction.replace(/0+$/, '')
  if (significant.length > decimals) throw new RangeError(`${amount} has more than ${decimals} digits after the point`)
  const units = BigInt(whole + significant.padEnd(decimals, '0'))
  return sign ? -units : units
}

/** The decimal of so many of the smallest unit, without zeros at its end. */
export function toDecimal(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0')
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return `${units < 0n ? '-' : ''}${digits.slice(0, digits.length - decimals)}${fraction && `.${fraction}`}`
}

const decimal = /^(-)?(\d{1,60})(?:\.(\d{1,60}))?$/

/** A number as the shortest text that means it. What is too large to be exact is refused. */
function digitsOf(amount: unknown): string {
  if (typeof amount === 'string') return amount
  if (typeof amount !== 'number' || !(Math.abs(amount) <= Number.MAX_SAFE_INTEGER)) return ''
  const text = String(amount)
  return /e-/.test(text) ? amount.toFixed(20).replace(/0+$/, '') : text
}
