import { type Expression, isExpression, type Path } from './expression.js'
import { itemReader, pathKey, reader } from './path.js'
import { equals, not, type Test, valueTest } from './value-test.js'

/**
 * A test for objects, compiled to closures once. `undefined` is everything. The objects are plain, as a store holds
 * them; only own properties count.
 */
export function match(condition: Expression | undefined): (object: object) => boolean {
  return condition === undefined ? () => true : compile(condition, reader as Read)
}

type Read = typeof itemReader

function compile(condition: Expression, read: Read): Test {
  const { name, args } = condition
  switch (name) {
    case 'and':
      return every(compileAll(args as readonly Expression[], read, every))
    case 'or':
      return some(compileAll(args as readonly Expression[], read, some))
    case 'not':
      return not(compile(args[0] as Expression, read))
    default:
      return property(pathOf(condition), testOf(condition), read)
  }
}

/** What compares the same property comes together, so that the property is read once. */
function compileAll(terms: readonly Expression[], read: Read, join: (tests: Test[]) => Test): Test[] {
  const compiled: Test[] = []
  const byPath = new Map<string, { path: Path; tests: Test[] }>()
  for (const term of terms) {
    const path = pathOf(term)
    if (path === undefined) {
      compiled.push(compile(term, read))
      continue
    }
    const group = byPath.get(pathKey(path))
    if (group) group.tests.push(testOf(term))
    else byPath.set(pathKey(path), { path, tests: [testOf(term)] })
  }
  return [...Array.from(byPath.values(), ({ path, tests }) => property(path, join(tests), read)), ...compiled]
}

/** The property that a condition is about. Without one it is about the item itself. */
function pathOf({ name, args }: Expression): Path | undefined {
  const first = name === 'exists' ? 1 : 2
  return name !== 'and' && name !== 'or' && args.length >= first ? (args[0] as Path) : undefined
}

function property(path: Path | undefined, test: Test, read: Read): Test {
  if (path === undefined) return test
  if (read === reader && typeof path === 'string' && !(path in Object.prototype)) return direct(path, test)
  const get = read(path)
  return item => test(get(item))
}

function direct(name: string, test: Test): Test {
  let place = name.length
  for (let at = 0; at < name.length; at++) place += name.charCodeAt(at)
  return (sites[place % sites.length] as (typeof sites)[number])(name as never, test) as Test
}

// the engine remembers shapes by the place in the code: with one place for all names it forgets them, and a scan takes
// up to twice as long
const sites: readonly ((name: never, test: Test) => (object: object) => boolean)[] = [
  (name, test) => object => test(object[name]),
  (name, test) => object => test(object[name]),
  (name, test) => object => test(object[name]),
  (name, test) => object => test(object[name]),
  (name, test) => object => test(object[name]),
  (name, test) => object => test(object[name]),
  (name, test) => object => test(object[name]),
  (name, test) => object => test(object[name]),
  (name, test) => object => test(object[name]),
  (name, test) => object => test(object[name]),
  (name, test) => object => test(object[name]),
  (name, test) => object => test(object[name]),
  (name, test) => object => test(object[name]),
  (name, test) => object => test(object[name]),
  (name, test) => object => test(object[name]),
  (name, test) => object => test(object[name]),
]

/** The test of the value, without its property. */
function testOf({ name, args }: Expression): Test {
  if (name === 'exists') return valueTest(name, args[1])
  const constant = args[args.length - 1]
  if (name === 'contains') return contains(constant)
  return name === 'excludes' ? not(contains(constant)) : valueTest(name, constant)
}

/** An element that is equal, or fulfils the condition; in a string, the text. */
function contains(item: unknown): Test {
  const test = isExpression(item) ? compile(item, itemReader) : equals(item)
  return value => {
    if (Array.isArray(value)) return value.some(test)
    return typeof value === 'string' && typeof item === 'string' && value.includes(item)
  }
}

function every(tests: readonly Test[]): Test {
  const [first, second, third] = tests
  if (first === undefined) return () => true
  if (second === undefined) return first
  if (third === undefined) return item => first(item) && second(item)
  return item => tests.every(test => test(item))
}

function some(tests: readonly Test[]): Test {
  const [first, second, third] = tests
  if (first === undefined) return () => false
  if (second === undefined) return first
  if (third === undefined) return item => first(item) || second(item)
  return item => tests.some(test => test(item))
}
