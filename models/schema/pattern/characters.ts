/** What one character of a regular expression accepts. */
export interface CharacterTest {
  accepts(code: number): boolean
  /** For each of the first 128 codes. */
  readonly ascii: readonly boolean[]
  /** Can it accept any other code? */
  readonly beyond: boolean
}

/** A literal, or a class that names what it accepts, of ASCII characters alone. */
const asciiOnly = /^(?:[ -~]|\\[dwtnvfr^$\\.*+?()[\]{}|/-]|\[(?!\^)(?:[ -[\]-~]|\\[dwtnvfr^$\\.*+?()[\]{}|/-])*\])$/

export function characterTest(source: string): CharacterTest {
  const expression = new RegExp(`^(?:${source})$`, 'u')
  const is = (code: number) => expression.test(String.fromCodePoint(code))
  const ascii = Array.from({ length: 128 }, (_, code) => is(code))
  const beyond = source === '.' || !asciiOnly.test(source)
  return { ascii, beyond, accepts: code => (code < 128 ? (ascii[code] as boolean) : beyond && is(code)) }
}
