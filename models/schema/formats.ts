/** The formats of texts and numbers, with tests that take no longer than they should. */
import { fullFormats } from 'ajv-formats/dist/formats.js'
import { spend } from './limits.js'

export interface Format {
  /** What it speaks about. */
  readonly type: 'string' | 'number'
  /** The longest text that can be valid. */
  readonly max: number
  test(value: string | number): boolean
}

/** The test of a `url` takes time that grows with the square of the length. */
const maxUrl = 2000

const { email, ipv4, ipv6 } = fullFormats as unknown as Readonly<Record<string, RegExp>>
const quoted = /^"(?:[ !#-[\]-~\u0080-\uffff]|\\[ -~])*"$/

/** An address as mail has them (RFC 5321): in quotes it may have any character, and its host may be an IP address. */
function isEmail(value: string): boolean {
  if (email?.test(value)) return true
  const at = value.lastIndexOf('@')
  const [local, host] = [value.slice(0, at), value.slice(at + 1)]
  const [, v6, v4 = ''] = /^\[(?:IPv6:(.*)|(.*))\]$/s.exec(host) ?? []
  const isHost = v6 === undefined ? ipv4?.test(v4) || email?.test(`a@${host}`) : ipv6?.test(v6)
  return isHost === true && (quoted.test(local) || email?.test(`${local}@a.a`) === true)
}

/** By their names. */
export const formats: ReadonlyMap<string, Format> = new Map(
  Object.entries(fullFormats).map(([name, format]) => [name, made(name, format)]),
)

function made(name: string, format: (typeof fullFormats)[keyof typeof fullFormats]): Format {
  if (format === true) return { type: 'string', max: Infinity, test: () => true }
  const { type = 'string', validate } = (
    typeof format === 'object' && 'validate' in format ? format : { validate: format }
  ) as { type?: Format['type']; validate: RegExp | ((value: unknown) => boolean) }
  const test =
    name === 'email'
      ? (isEmail as (value: unknown) => boolean)
      : validate instanceof RegExp
        ? (value: unknown) => validate.test(value as string)
        : validate
  if (type === 'number') return { type, max: Infinity, test }
  const max = name === 'url' ? maxUrl : Infinity
  return {
    type,
    max,
    test(value) {
      const { length } = value as string
      spend(1 + (name === 'url' ? (length * length) / 20 : length))
      return length <= max && test(value)
    },
  }
}
