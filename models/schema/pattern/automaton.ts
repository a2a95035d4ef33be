/** A regular expression as an automaton of positions (Glushkov 1961), which reads each character once. */
import type { Assertion, Node } from './parse.js'

/** A place in the expression: a character that is read there, or what must hold there. */
export type Position =
  | { readonly kind: 'character'; readonly source: string }
  | { readonly kind: 'assertion'; readonly which: Assertion }
  | { readonly kind: 'look'; readonly ahead: boolean; readonly negative: boolean; readonly body: Automaton }

export interface Automaton {
  readonly positions: readonly Position[]
  /** Which may come first, and which after each: twice, where there are two ways. */
  readonly first: readonly number[]
  readonly follow: readonly (readonly number[])[]
  readonly last: ReadonlySet<number>
  /** Does it match nothing at all? */
  readonly nullable: boolean
}

/** Positions that one expression may have when its repetitions are written out. */
const maxPositions = 2000

interface Part {
  readonly nullable: boolean
  readonly first: readonly number[]
  readonly last: readonly number[]
}

/** Makes the automaton, of the reversed expression if it is to read backwards. Throws a `RangeError` if it is too large. */
export function automaton(node: Node, backwards = false): Automaton {
  const positions: Position[] = []
  const follow: number[][] = []

  function place(position: Position): Part {
    const at = positions.push(position) - 1
    if (at >= maxPositions)
      throw new RangeError(`it repeats more than ${maxPositions} characters; maxLength may say it`)
    follow.push([])
    return { nullable: false, first: [at], last: [at] }
  }

  function link(from: readonly number[], to: readonly number[]): void {
    for (const each of from) (follow[each] as number[]).push(...to)
  }

  function then(before: Part, after: Part): Part {
    link(before.last, after.first)
    return {
      nullable: before.nullable && after.nullable,
      first: before.nullable ? [...before.first, ...after.first] : before.first,
      last: after.nullable ? [...before.last, ...after.last] : after.last,
    }
  }

  function repeat(body: Node, min: number, max: number): Part {
    let all = empty
    for (let copies = 1; copies < min; copies++) all = then(all, part(body))
    if (max === Infinity) {
      const loop = part(body)
      link(loop.last, loop.first)
      return then(all, { ...loop, nullable: min === 0 || loop.nullable })
    }
    // x(x(x)?)? in place of x?x?x?, where it would not be clear which is left out
    let rest = empty
    for (let copies = Math.max(min, 1); copies < max; copies++) rest = { ...then(part(body), rest), nullable: true }
    if (max === 0) return all
    const tail = then(part(body), rest)
    return then(all, min === 0 ? { ...tail, nullable: true } : tail)
  }

  function part(node: Node): Part {
    switch (node.kind) {
      case 'sequence':
        return (backwards ? [...node.parts].reverse() : node.parts).map(part).reduce(then, empty)
      case 'choice':
        return node.options.map(part).reduce((a, b) => ({
          nullable: a.nullable || b.nullable,
          first: [...a.first, ...b.first],
          last: [...a.last, ...b.last],
        }))
      case 'repeat':
        return repeat(node.body, node.min, node.max)
      case 'look':
        // what lies ahead is found by reading backwards from the end: all its beginnings at once
        return place({ ...node, body: automaton(node.body, node.ahead) })
      default:
        return place(node)
    }
  }

  const { nullable, first, last } = part(node)
  return { positions, first, follow, last: new Set(last), nullable }
}

const empty: Part = { nullable: true, first: [], last: [] }
