/** For which expressions the engine of the platform, which tries one way after the other, is as fast as any. */
import type { Automaton, Position } from './automaton.js'
import type { CharacterTest } from './characters.js'

/** How far an expression may look from each place where it can begin, if it is not tied to the beginning. */
const shortest = 32

/**
 * Does it take linear time to try one way after the other? At every place no more than one way goes on with the next
 * character (it is strongly one-unambiguous: Brüggemann-Klein and Wood 1998), and it begins at the beginning or is short.
 */
export function isUnambiguous(
  { positions, first, follow, nullable }: Automaton,
  testOf: (source: string) => CharacterTest,
) {
  const isOneWay = (ways: readonly number[]) =>
    ways.every((way, index) => ways.slice(index + 1).every(other => !overlap(positions[way], positions[other])))

  function overlap(a: Position | undefined, b: Position | undefined): boolean {
    if (a?.kind !== 'character' || b?.kind !== 'character') return a === b
    const [one, other] = [testOf(a.source), testOf(b.source)]
    return (one.beyond && other.beyond) || one.ascii.some((is, code) => is && other.ascii[code])
  }

  const isAnchor = (way: number) => {
    const position = positions[way]
    return position?.kind === 'assertion' && position.which === '^'
  }
  const anchored = !nullable && first.every(isAnchor)
  const short = positions.length <= shortest && follow.every((ways, from) => ways.every(way => way > from))
  if (!anchored && !short) return false
  return (
    (anchored || isOneWay(first)) &&
    follow.every(isOneWay) &&
    positions.every((position, at) => {
      if (position.kind === 'character') return true
      if (position.kind === 'look') return false
      if (position.which === '^') return first.includes(at) && follow.every(ways => !ways.includes(at))
      return position.which === '$' && follow[at]?.length === 0
    })
  )
}
