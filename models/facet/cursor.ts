/** A cursor for holders: each step is asked in a realm that is whole, with what was taken of what they gave. */
import { type Answer, answer, type Count, Cursor, type Execute, cursor as plainCursor } from '../../lib/cursor.js'
import { Conditions } from '../../lib/query/conditions.js'
import { type Expression, node } from '../../lib/query/expression.js'
import { checkRealm } from './realm.js'
import { mistake } from './refusal.js'
import { grown, take } from './take.js'

type Plain = Cursor<unknown> | Conditions<unknown>

let plainOf: (given: unknown) => Plain | undefined

/** Has the methods of a cursor, each in the place of that. */
class Asked {
  readonly #plain: Plain

  constructor(plain: Plain) {
    this.#plain = plain
    Object.freeze(this)
  }

  static {
    plainOf = given => (typeof given === 'object' && given !== null && #plain in given ? given.#plain : undefined)
  }
}

/** Makes a cursor over what a facet answers. */
export function facetCursor(execute: Execute<unknown>, count: Count, query: Expression, options: object): object {
  return new Asked(plainCursor(execute, count, query, options))
}

const inner = new Set<PropertyKey>(['constructor', 'append', 'add'])
for (const { prototype } of [Conditions, Cursor]) {
  for (const name of Reflect.ownKeys(prototype)) {
    if (inner.has(name) || !(Reflect.getOwnPropertyDescriptor(prototype, name)?.value instanceof Function)) continue
    Object.defineProperty(Asked.prototype, name, { value: guarded(name) })
  }
}
Object.defineProperty(Asked.prototype, 'constructor', { value: undefined })
Object.freeze(Asked.prototype)

function guarded(name: PropertyKey) {
  const step = {
    [name](this: unknown, ...given: unknown[]): unknown {
      checkRealm()
      const taken = given.map(part)
      checkRealm()
      const plain = plainOf(this)
      const method = plain?.[name as never] as unknown
      if (typeof method !== 'function') mistake('this is not a query')
      // a generator has a prototype that all share who iterate
      if (name === Symbol.asyncIterator) return iterated(answer(plain as Cursor<unknown>))
      return wrapped(Reflect.apply(method, plain, taken.map(grown)))
    },
  }[name as string]
  return Object.freeze(step)
}

const iterated = (items: Answer<unknown>) => (items as AsyncIterable<unknown>)[Symbol.asyncIterator]()

/** A part of a question: another, or a function that asks it, which runs now, with a question as empty as those. */
function part(given: unknown): unknown {
  if (typeof given !== 'function') return plainOf(given)?.expression ?? take(given)
  return plainOf(given(new Asked(new Conditions(node('and', [])))))?.expression
}

function wrapped(result: unknown): unknown {
  return result instanceof Conditions ? new Asked(result) : result
}
