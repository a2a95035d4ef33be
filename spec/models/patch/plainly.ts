import { isDeepStrictEqual } from 'node:util'

/** An operation of a JSON Patch. */
export interface Plain {
  readonly op: string
  readonly path: string
  readonly from: string
  readonly value: unknown
}

/** One operation, in the words of the RFC, on values that are never changed. */
export function plainly(document: unknown, { op, path, from, value }: Plain): unknown {
  const [to, source] = [steps(path), steps(from)]
  if (op === 'add') return added(document, to, value)
  if (op === 'remove') return removed(document, to)
  if (op === 'replace') return to.length === 0 ? value : added(removed(document, to), to, value)
  if (op === 'copy') return added(document, to, found(document, source))
  if (op === 'move') {
    const inside = source.length < to.length && source.every((step, position) => step === to[position])
    return inside ? fail() : added(removed(document, source), to, found(document, source))
  }
  return isDeepStrictEqual(found(document, to), value) ? document : fail()
}

const fail = (): never => {
  throw new Error('cannot be done')
}

/** The names on a path. */
export const steps = (path: string) =>
  path
    .split('/')
    .slice(1)
    .map(name => name.replaceAll('~1', '/').replaceAll('~0', '~'))

function found(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path
  if (name === undefined) return value
  if (typeof value !== 'object' || value === null || !Object.keys(value).includes(name)) return fail()
  return found((value as Record<string, unknown>)[name], rest)
}

/** The value with another in the place of the one that the first step leads to. */
function inside(value: unknown, name: string, change: (inner: unknown) => unknown): unknown {
  const inner = change(found(value, [name]))
  return Array.isArray(value) ? value.with(Number(name), inner) : { ...(value as object), [name]: inner }
}

function added(target: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value
  if (rest.length > 0) return inside(target, name, inner => added(inner, rest, value))
  if (!Array.isArray(target)) return typeof target === 'object' && target ? { ...target, [name]: value } : fail()
  if (name === '-') return [...target, value]
  return [...target.keys(), target.length].map(String).includes(name)
    ? target.toSpliced(Number(name), 0, value)
    : fail()
}

function removed(target: unknown, path: readonly string[]): unknown {
  const [name = fail(), ...rest] = path
  if (rest.length > 0) return inside(target, name, inner => removed(inner, rest))
  found(target, path)
  if (Array.isArray(target)) return target.toSpliced(Number(name), 1)
  const { [name]: _, ...others } = target as Record<string, unknown>
  return others
}
