/** The structure of a regular expression (ECMA-262, with the flag `u`), as far as it decides how long a test takes. */

export type Node =
  /** One character, as the regular expression of it says. */
  | { readonly kind: 'character'; readonly source: string }
  | { readonly kind: 'assertion'; readonly which: Assertion }
  | { readonly kind: 'look'; readonly ahead: boolean; readonly negative: boolean; readonly body: Node }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | { readonly kind: 'repeat'; readonly body: Node; readonly min: number; readonly max: number }

export type Assertion = '^' | '$' | 'b' | 'B'

const look = /\(\?(<?)([=!])/y
const group = /\((?:\?(?:<[^>]*>|:))?/y
const quantifier = /(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/y
const characterClass = /\[(?:\\.|[^\\\]])*\]/suy
const surrogates = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}/y
const escapes = /\\(?:[pP]\{[^}]*\}|u\{[\da-fA-F]+\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[a-zA-Z]|.)/suy

/** Parses what `new RegExp(source, 'u')` accepts. Throws a `SyntaxError` for a reference back: no test of it is linear. */
export function parse(source: string): Node {
  let at = 0

  function taken(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = at
    const found = pattern.exec(source) ?? undefined
    if (found) at += found[0].length
    return found
  }

  function choice(): Node {
    const options = [sequence()]
    while (source[at] === '|') {
      at++
      options.push(sequence())
    }
    return options.length === 1 ? (options[0] as Node) : { kind: 'choice', options }
  }

  function sequence(): Node {
    const parts: Node[] = []
    while (at < source.length && source[at] !== '|' && source[at] !== ')') parts.push(repeated(term()))
    return { kind: 'sequence', parts }
  }

  function repeated(body: Node): Node {
    const [whole, sign, least, comma, most] = taken(quantifier) ?? []
    if (whole === undefined) return body
    if (sign) return { kind: 'repeat', body, min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Infinity }
    const min = Number(least)
    return { kind: 'repeat', body, min, max: most ? Number(most) : comma ? Infinity : min }
  }

  function enclosed(): Node {
    const body = choice()
    at++
    return body
  }

  function term(): Node {
    const looks = taken(look)
    if (looks) return { kind: 'look', ahead: looks[1] === '', negative: looks[2] === '!', body: enclosed() }
    if (taken(group)) return enclosed()
    const found = taken(characterClass) ?? taken(surrogates) ?? taken(escapes)
    if (found) return escaped(found[0])
    const source1 = String.fromCodePoint(source.codePointAt(at) as number)
    at += source1.length
    if (source1 === '^' || source1 === '$') return { kind: 'assertion', which: source1 }
    return { kind: 'character', source: source1 }
  }

  return choice()
}

function escaped(source: string): Node {
  if (source === '\\b' || source === '\\B') return { kind: 'assertion', which: source[1] as 'b' | 'B' }
  if (/^\\[1-9k]/.test(source))
    throw new SyntaxError('it refers back to what it has matched, which takes too long to test')
  return { kind: 'character', source }
}
