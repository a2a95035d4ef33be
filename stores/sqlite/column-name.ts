/**
 * The name of a side column says which property it holds, so that a table can be read without any other record: a
 * JSON Pointer (RFC 6901), percent-encoded where a name could not stand, as `/age` or `/address/city`.
 */
import type { Path } from '../../lib/query/expression.js'

/**
 * What is encoded: as little as can be, or capitals too, or all letters, as SQLite does not tell capitals from small
 * ones.
 */
const encoded = [/[%\p{Cc}]/gu, /[%\p{Cc}A-Z]/gu, /[%\p{Cc}A-Za-z]/gu]

/** A name for the column of a property, unlike any that is taken. */
export function columnName(path: Path, taken: Iterable<string>): string {
  const others = new Set(Array.from(taken, folded))
  const names = encoded.map(characters =>
    [path]
      .flat()
      .map(name => `/${escaped(name, characters)}`)
      .join(''),
  )
  return names.find(name => !others.has(folded(name))) as string
}

/** The property that a column of this name holds; `undefined` if it is no name of ours. */
export function pathOfColumn(name: string): Path | undefined {
  if (!name.startsWith('/')) return undefined
  try {
    const names = name.slice(1).split('/').map(unescaped)
    return names.length === 1 ? (names[0] as string) : names
  } catch {
    return undefined
  }
}

function escaped(name: string, characters: RegExp): string {
  return name.replace(characters, percent).replaceAll('~', '~0').replaceAll('/', '~1')
}

function unescaped(name: string): string {
  return decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~')
}

function percent(character: string): string {
  const bytes = new TextEncoder().encode(character)
  return Array.from(bytes, byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}

const folded = (name: string) => name.replace(/[A-Z]/g, letter => letter.toLowerCase())
