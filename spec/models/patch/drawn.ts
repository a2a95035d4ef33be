import type { Random } from '../../oracle/random.js'
import { type Plain, steps } from './plainly.js'

const names = ['a', 'b', 'c~d', 'e/f'] as const

function randomValue(draw: Random, depth: number): unknown {
  if (depth > 0 && draw.chance(0.5))
    return draw.chance(0.5) ? randomObject(draw, depth - 1) : randomArray(draw, depth - 1)
  return draw.pick([null, true, 0, 1, 'x', ''])
}

/** An object with some of a few names. */
export function randomObject(draw: Random, depth: number): Record<string, unknown> {
  return Object.fromEntries(names.filter(() => draw.chance(0.6)).map(name => [name, randomValue(draw, depth)]))
}

function randomArray(draw: Random, depth: number): unknown[] {
  return Array.from({ length: draw.below(4) }, () => randomValue(draw, depth))
}

/** Mostly to somewhere that is there. */
function randomPath(draw: Random, document: unknown): string {
  let path = ''
  let value = document
  while (typeof value === 'object' && value !== null && (path === '' || draw.chance(0.7))) {
    const name = draw.chance(0.15) ? draw.pick([...names, '-', '0', '1']) : draw.pick([...Object.keys(value), 'a'])
    path += `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    value = (value as Record<string, unknown>)[name]
  }
  return path
}

/** An operation that can often be done with the document. */
export function randomOperation(draw: Random, document: unknown): Plain {
  const op = draw.pick(['add', 'remove', 'replace', 'move', 'copy', 'test'])
  const path = randomPath(draw, document)
  const at = steps(path).reduce<unknown>((value, name) => (value as never)?.[name], document)
  const value = op === 'test' && at !== undefined && draw.chance(0.7) ? at : randomValue(draw, 2)
  return { op, path, from: randomPath(draw, document), value }
}
