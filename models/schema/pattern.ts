/** Regular expressions that take linear time, whatever the text: those of schemas are trusted, the texts are not. */
import { spend } from './limits.js'
import { type Automaton, automaton, type Position } from './pattern/automaton.js'
import { type CharacterTest, characterTest } from './pattern/characters.js'
import { parse } from './pattern/parse.js'
import { isUnambiguous } from './pattern/unambiguous.js'

export interface Pattern {
  /** Does it match anywhere in the text? Counts its work. */
  test(text: string): boolean
  /** The expression, by which ajv tells one from the other. */
  toString(): string
}

const known = new Map<string, Pattern>()

/**
 * Makes the test of a regular expression (ECMA-262, with the flag `u`). Its time is at most the length of the text times that
 * of the expression. Throws a `SyntaxError` or a `RangeError` for one that is none, or cannot be tested so.
 */
export function pattern(source: string): Pattern {
  const before = known.get(source)
  if (before) return before
  const expression = new RegExp(source, 'u')
  const tests = new Map<string, CharacterTest>()
  const testOf = (character: string) => {
    const made = tests.get(character) ?? characterTest(character)
    tests.set(character, made)
    return made
  }
  const read = automaton(parse(source))
  const made: Pattern = isUnambiguous(read, testOf)
    ? {
        test(text) {
          spend(1 + text.length / 4)
          return expression.test(text)
        },
        toString: () => source,
      }
    : { test: text => run(read, Array.from(text, codeOf), testOf, false).includes(1), toString: () => source }
  if (known.size < 1000) known.set(source, made)
  return made
}

/** Marks the places in a text where a match ends; read backwards, where it begins. The places are between the characters. */
function run(
  { positions, first, follow, last, nullable }: Automaton,
  codes: readonly number[],
  testOf: (character: string) => CharacterTest,
  backwards: boolean,
): Uint8Array {
  const { length } = codes
  const marks = new Uint8Array(length + 1)
  if (nullable) return marks.fill(1)
  const holds = positions.map(position => holding(position, codes, testOf))
  const tests = positions.map(position => (position.kind === 'character' ? testOf(position.source) : undefined))
  let active = new Set<number>()

  /** Those that can come next; more of them come as assertions hold. */
  function nextAt(place: number): Set<number> {
    const next = new Set(first)
    for (const each of active) for (const way of follow[each] as number[]) next.add(way)
    for (const way of next) {
      if (!holds[way]?.(place)) continue
      active.add(way)
      for (const further of follow[way] as number[]) next.add(further)
    }
    spend(1 + next.size * 5)
    return next
  }

  for (let step = 0; step <= length; step++) {
    const place = backwards ? length - step : step
    const next = nextAt(place)
    for (const each of active) if (last.has(each)) marks[place] = 1
    if (step === length) break
    const code = codes[backwards ? place - 1 : place] as number
    active = new Set()
    for (const way of next) if (tests[way]?.accepts(code)) active.add(way)
  }
  return marks
}

const codeOf = (character: string) => character.codePointAt(0) as number
const wordTest = characterTest('\\w')

/** Whether an assertion holds at a place; nothing for a character. */
function holding(
  position: Position,
  codes: readonly number[],
  testOf: (character: string) => CharacterTest,
): ((place: number) => boolean) | undefined {
  if (position.kind === 'character') return undefined
  if (position.kind === 'look') {
    const { ahead, negative, body } = position
    const marks = run(body, codes, testOf, ahead)
    return place => (marks[place] === 1) !== negative
  }
  const isWord = (place: number) => wordTest.accepts(codes[place] ?? 0)
  const boundary = (place: number) => isWord(place - 1) !== isWord(place)
  const tests = {
    '^': (place: number) => place === 0,
    $: (place: number) => place === codes.length,
    b: boundary,
    B: (place: number) => !boundary(place),
  }
  return tests[position.which]
}
