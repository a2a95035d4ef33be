/** Arguments that are not what they seem. */
import type { Random } from '../../oracle/random.js'

/** What was called by those who should not have; and what they were called with. */
export const ran: { readonly by: string; readonly given: unknown[]; readonly stack: string }[] = []

const told = (by: string) =>
  function (this: unknown, ...given: unknown[]): never {
    ran.push({ by, given: [this, ...given], stack: String(new Error().stack) })
    throw new Error('hostile')
  }

/** A Proxy that says something else each time it is asked. */
function changing(): object {
  let asked = 0
  const answers = [{ name: 'x' }, { id: 'm1', name: 'y' }, { owner: 'me' }]
  const target = () => answers[asked++ % answers.length] as object
  return new Proxy(
    {},
    {
      ownKeys: () => Reflect.ownKeys(target()),
      getOwnPropertyDescriptor: (_, name) => ({
        value: `${String(name)}${asked++}`,
        enumerable: true,
        configurable: true,
      }),
      getPrototypeOf: () => (asked++ % 2 ? Object.prototype : null),
      get: told('get of a Proxy'),
      has: told('has of a Proxy'),
    },
  )
}

function endless(): object {
  return new Proxy(
    {},
    {
      ownKeys: () => ['more'],
      getOwnPropertyDescriptor: () => ({ value: endless(), enumerable: true, configurable: true }),
    },
  )
}

function cyclic(): object {
  const made: Record<string, unknown> = { id: 'm1' }
  made.self = made
  return made
}

class Told {
  id = 'm1'
  get name() {
    return told('a getter')()
  }
  toString = told('toString')
  toJSON = told('toJSON')
}

const makers: readonly (() => unknown)[] = [
  changing,
  endless,
  cyclic,
  () =>
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Proxy(new Error('trap'), { get: told('get of an error') })
        },
      },
    ),
  () => new Proxy([], { get: told('get of an array') }),
  () => new Told(),
  () => ({ id: 'm1', toJSON: told('toJSON') }),
  () => Object.defineProperty({ id: 'm1' }, 'name', { get: told('a getter'), enumerable: true }),
  () => Object.fromEntries([['then', told('then')]]),
  () => ({ id: { toString: told('toString'), [Symbol.toPrimitive]: told('toPrimitive') } }),
  () =>
    (function (..._: unknown[]) {
      // biome-ignore lint/complexity/noArguments: it is what is wanted
      return arguments
    })('id', 'm1'),
  () => Object.assign(Object.create(null), { id: 'm1', name: 'null' }),
  () => Symbol('hostile'),
  () => told('a function of his'),
  () =>
    JSON.parse('{ "__proto__": { "owner": "x", "admin": true }, "constructor": { "prototype": { "admin": true } } }'),
  () => ({
    signal: { aborted: false, addEventListener: told('addEventListener'), throwIfAborted: told('throwIfAborted') },
  }),
  () => ({ signal: new Proxy(new AbortController().signal, {}) }),
  () => ({ name: 'eq', args: ['name', { toString: told('toString') }] }),
  () => ({ expression: { name: 'and', args: [] } }),
  () => Object.create({ id: 'm1', owner: 'me' }),
  () => new Map([['id', 'm1']]),
  () => Object.assign(new Array(2), { 1: 1 }),
  () => Object.assign(new Date(Number.NaN), { getTime: told('getTime') }),
  () => NaN,
  () => -0,
  () => 10n,
  () => '\ud800',
  () => Object.defineProperty([], 'length', { value: 3, writable: true }),
]

export function hostile({ pick }: Random): unknown {
  return pick(makers)()
}
export const hostiles = makers
