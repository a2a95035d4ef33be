/** Finds places in JSON text, for messages: V8 does not always say where it stopped. Only used once something is wrong. */

/** Where a text stops being JSON. */
export function faultIn(text: string): number {
  return scan(text, () => false)
}

/** Where an item of the outer array begins, counted from 0. */
export function startOfItem(text: string, item: number): number {
  let left = item
  return scan(text, () => left-- === 0)
}

/** Where the value that begins at a position ends; or where it stops being JSON. */
export function endOfValue(text: string, position: number): number {
  return scan(text, () => false, position)
}

/** A position for people: both numbers from 1, a column for each UTF-16 code unit. */
export function lineAndColumn(text: string, position: number): string {
  const start = position === 0 ? 0 : text.lastIndexOf('\n', position - 1) + 1
  return `line ${1 + linesIn(text, 0, start)}, column ${position - start + 1}`
}

/** How many lines end between two positions. */
export function linesIn(text: string, start: number, end: number): number {
  let lines = 0
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) lines++
  return lines
}

const blank = /[\t\n\r ]*/y
const plain = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings may not hold them
const special = /["\\\u0000-\u001f]/g
const escaped = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y

/** What may come next; where there may be an end, the bracket that is open. */
type Expected = 'value' | 'first item' | 'name' | 'first name' | 'colon' | 'comma'

/** Reads on until the text is no JSON, or is at its end, or `stop` says so where an item of the outer array begins. */
function scan(text: string, stop: () => boolean, start = 0): number {
  const open: string[] = []
  let expected: Expected = 'value'
  let position = start

  function skip(pattern: RegExp): boolean {
    pattern.lastIndex = position
    if (!pattern.test(text)) return false
    position = pattern.lastIndex
    return true
  }

  /** Goes to the end of a string, or to what is wrong in it. */
  function skipString(): boolean {
    position++
    while (true) {
      special.lastIndex = position
      position = special.exec(text)?.index ?? text.length
      if (text[position] === '"') return ++position > 0
      if (!skip(escaped)) return false
    }
  }

  function close(): void {
    open.pop()
    expected = 'comma'
    position++
  }

  while (true) {
    skip(blank)
    const next = text[position]
    if (next === undefined || (expected === 'comma' && open.length === 0)) return position
    if (next === open.at(-1) && (expected.startsWith('first') || expected === 'comma')) close()
    else if (expected === 'comma' || expected === 'colon') {
      if (next !== (expected === 'comma' ? ',' : ':')) return position
      position++
      expected = expected === 'comma' && open.at(-1) === '}' ? 'name' : 'value'
    } else if (expected.endsWith('name')) {
      if (next !== '"' || !skipString()) return position
      expected = 'colon'
    } else {
      if (open.length === 1 && open[0] === ']' && stop()) return position
      if (next === '[' || next === '{') {
        open.push(next === '[' ? ']' : '}')
        expected = next === '[' ? 'first item' : 'first name'
        position++
      } else {
        if (!(next === '"' ? skipString() : skip(plain))) return position
        expected = 'comma'
      }
    }
  }
}
