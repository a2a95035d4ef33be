/** The items of a JSON array, of which one at a time is in memory, however it is laid out. */
import type { Piece } from './lines.js'

type Await = 'array' | 'first' | 'item' | 'comma' | 'end'

/** Takes the lines of the file; gives the text of each item, and the line where it begins. Ends where it is no array any more. */
export async function* items(source: AsyncIterable<Piece<string>>): AsyncGenerator<Piece<string>, undefined> {
  let expected: Await = 'array'
  let item: string[] = []
  let began = 0
  let depth = 0
  let quoted = false
  let last = 1

  /** Where the item that is open ends in this text, from a position on; -1 if it goes on. */
  function endIn(text: string, from: number): number {
    for (let at = from; at < text.length; at++) {
      const character = text[at]
      if (quoted) {
        if (character === '\\') at++
        else if (character === '"') quoted = false
      } else if (character === '"') quoted = true
      else if (character === '{' || character === '[') depth++
      else if (character === '}' || character === ']') {
        if (depth === 0) return at
        depth--
      } else if (character === ',' && depth === 0) return at
    }
    return -1
  }

  for await (const { line, value: text, problem } of source) {
    last = line
    if (text === undefined) return yield { line, problem: problem as string }
    let at = 0
    while (at < text.length) {
      if (item.length > 0 || began > 0) {
        const end = endIn(text, at)
        item.push(text.slice(at, end === -1 ? undefined : end))
        if (end === -1) break
        yield { line: began, value: item.join('\n') }
        item = []
        began = 0
        expected = 'comma'
        at = end
        continue
      }
      const character = text[at] as string
      if (/\s/.test(character)) at++
      else if (expected === 'array' && character === '[') {
        expected = 'first'
        at++
      } else if ((expected === 'first' || expected === 'comma') && character === ']') {
        expected = 'end'
        at++
      } else if (expected === 'comma' && character === ',') {
        expected = 'item'
        at++
      } else if ((expected === 'first' || expected === 'item') && !/[,\]}]/.test(character)) began = line
      else return yield { line, problem: `${JSON.stringify(character)} stands where ${wanted[expected]} is expected` }
    }
  }
  if (expected !== 'end')
    yield { line: last, problem: `the file ends where ${wanted[began > 0 ? 'comma' : expected]} is expected` }
}

const wanted: Record<Await, string> = {
  array: 'an array of objects, [ …,',
  first: 'an object or ]',
  item: 'an object',
  comma: ', or ]',
  end: 'nothing more',
}
