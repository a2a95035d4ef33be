/** How objects get their ids. */

/** Makes the id of a new object; `next()` gives the next number of what the id is for, reserved for good. */
export interface IdGenerator {
  (type: string, next: () => number | Promise<number>): string | Promise<string>
  /** What all ids of the type begin with, if that tells them from others. */
  readonly prefix?: (type: string) => string
}

/** How often an id may be taken already, before that is an error. */
export const tries = 100

/** `user.a`: the type as it is written, and a counter in base 36. The default. */
export const counted: IdGenerator = withPrefix(type => `${type}.`)

/** `USER.A`: the same in upper case, as the first Persisto had it, but never cut. */
export const upperCase: IdGenerator = withPrefix(
  type => `${type.toUpperCase()}.`,
  number => number.toUpperCase(),
)

/** `AXXXXXX1`: the first letter of the type, and seven characters that stand for a number. The default of assets. */
export const accountNumber: IdGenerator = async (type, next) => toAccountNumber(type, await next())

/** A UUID, of which nothing can be told. */
export const uuid: IdGenerator = () => crypto.randomUUID()

function withPrefix(prefix: (type: string) => string, print = (number: string) => number): IdGenerator {
  const generate: IdGenerator = (type, next) => {
    const number = next()
    const idOf = (given: number) => prefix(type) + print(given.toString(36))
    return typeof number === 'number' ? idOf(number) : number.then(idOf)
  }
  return Object.assign(generate, { prefix })
}

/** The digits of account numbers, in the order of their values from 0. */
const digits = 'X1234567890VURKLSTWEJCZIDMBNQOYFAGHP'
const places = 7

/** The account number of a number, from 0 to 36⁷ − 1. A `RangeError` beyond. */
export function toAccountNumber(type: string, number: number): string {
  if (!Number.isSafeInteger(number) || number < 0 || number >= digits.length ** places) {
    throw new RangeError(`${number} has no account number of ${places} characters`)
  }
  let text = ''
  for (let rest = number; text.length < places; rest = Math.floor(rest / digits.length)) {
    text = digits.charAt(rest % digits.length) + text
  }
  return type.slice(0, 1).toUpperCase() + text
}

/** The number of an account number. A `RangeError` for what is none. */
export function fromAccountNumber(account: string): number {
  const values = [...account.slice(1)].map(each => digits.indexOf(each))
  if (values.length !== places || values.includes(-1)) throw new RangeError(`${account} is no account number`)
  return values.reduce((number, value) => number * digits.length + value, 0)
}
