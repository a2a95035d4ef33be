import assert from 'node:assert/strict'
import { law, needs, refusedUnchanged, type Thing } from '../case.js'

const nest = (depth: number): unknown =>
  depth === 0 ? 'deep' : depth % 2 ? [nest(depth - 1)] : { in: nest(depth - 1) }
const proto = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}')

const domain: readonly [string, unknown][] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['0', 0],
  ['-1', -1],
  ['0.1', 0.1],
  ['1e300', 1e300],
  ['5e-324', 5e-324],
  ['2 ** 53', 2 ** 53],
  ['1.7976931348623157e308', Number.MAX_VALUE],
  ['0.30000000000000004', 0.1 + 0.2],
  ['the empty string', ''],
  ['a string', 'plain'],
  ['a NUL in a string', 'a\u0000b'],
  ['control characters', '\u0001\n\r\t\u007f\u0085\u2028\u2029'],
  ['quotes and backslashes', '"\\\'`$x'],
  ['an emoji', '\u{1f600}'],
  ['composed and decomposed', '\u00e9 e\u0301'],
  ['a string like a date', '2020-01-01T00:00:00.000Z'],
  ['a string like a number', '007'],
  ['64 KiB of text', 'x\u{20ac}'.repeat(2 ** 15)],
  ['a Date', new Date('2026-01-31T12:34:56.789Z')],
  ['the first Date', new Date(-8.64e15)],
  ['the last Date', new Date(8.64e15)],
  ['1970', new Date(0)],
  ['bigint 0', 0n],
  ['a small bigint', -5n],
  ['a bigint beyond 2 ** 53', 2n ** 53n + 1n],
  ['a bigint beyond 2 ** 64', 2n ** 64n + 1n],
  ['a bigint of 300 digits', 10n ** 300n],
  ['no bytes', new Uint8Array(0)],
  ['bytes', Uint8Array.of(0, 1, 127, 128, 255)],
  ['all bytes', Uint8Array.from({ length: 256 }, (_, n) => n)],
  ['an empty array', []],
  ['an array of all kinds', [null, true, 1, 1n, 'x', new Date(5), Uint8Array.of(1), [], {}]],
  ['a sorted array of 1,000', Array.from({ length: 1000 }, (_, n) => n)],
  ['an empty object', {}],
  ['__proto__ and constructor as own names', proto],
  ['the empty name', { '': 1 }],
  ['odd names', { 'a.b': 1, 'a/b': 2, $date: 3, '"': 4, ' ': 5, '\u0000': 6, toString: 7, length: 8 }],
  ['names like integers', { 10: 'ten', 9: 'nine', a: 1 }],
  ['what looks like an encoded Date', { $date: '2020-01-01T00:00:00.000Z' }],
  ['what looks like an encoded bigint', { $bigint: '5' }],
  ['what looks like encoded bytes', { $bytes: 'AAEC' }],
  ['what looks like a wrong encoding', { $date: 5 }],
  ['an escaped encoding', { $$date: '2020-01-01T00:00:00.000Z' }],
  ['an escaped escape', { $$$bytes: { $$bytes: { $bytes: '' } } }],
  ['an encoding with company', { $date: '2020-01-01T00:00:00.000Z', other: 1 }],
  ['90 levels', nest(90)],
]

const stored = needs('put', 'get')

export const values = law('law 6: what was put comes back equal', [
  ...domain.flatMap(([kind, value]) => [
    stored(`${kind}`, async ({ store }) => {
      await store.put({ id: 'a', value })
      assert.deepEqual(await store.get('a'), { id: 'a', value })
    }),
    needs('put', 'query')(`${kind}, nested, by a query`, async ({ store }) => {
      await store.put({ id: 'a', list: [value], nested: { value } })
      for await (const each of store.query()) assert.deepEqual(each, { id: 'a', list: [value], nested: { value } })
    }),
  ]),
  stored('-0 becomes 0', async ({ store }) => {
    await store.put({ id: 'a', value: -0, list: [-0] })
    const got = (await store.get('a')) as { value: number; list: number[] }
    assert.ok(Object.is(got.value, 0) && Object.is(got.list[0], 0))
  }),
  stored('the order of properties is kept', async ({ store }) => {
    await store.put({ id: 'a', z: 1, a: { y: 1, b: 2 }, m: 3 })
    const got = await store.get('a')
    assert.deepEqual(Object.keys(got ?? {}), ['id', 'z', 'a', 'm'])
    assert.deepEqual(Object.keys(got?.a as Thing), ['y', 'b'])
  }),
  stored('an own __proto__ stays own and changes no prototype', async ({ store }) => {
    await store.put(JSON.parse('{"id": "a", "__proto__": {"polluted": true}}'))
    const got = (await store.get('a')) as Thing
    assert.ok(Object.hasOwn(got, '__proto__'))
    assert.equal(got.polluted, undefined)
    assert.equal(({} as Thing).polluted, undefined)
  }),
  stored('a Buffer is bytes', async ({ store }) => {
    await store.put({ id: 'a', value: Buffer.from('xyz') })
    assert.deepEqual(await store.get('a'), { id: 'a', value: Uint8Array.of(120, 121, 122) })
  }),
  needs('put', 'get')('an object without prototype is an object', async ({ store }) => {
    const nested = Object.assign(Object.create(null), { x: 1 })
    await store.put({ id: 'a', nested })
    assert.deepEqual(await store.get('a'), { id: 'a', nested: { x: 1 } })
  }),
])

class Money {
  amount = 5
}
const cycle: Thing = { id: 'a' }
cycle.self = { deeper: [cycle] }

const outside: readonly [string, unknown, 'DataCloneError' | 'DataError'][] = [
  ['a function', () => 1, 'DataCloneError'],
  ['a symbol', Symbol('x'), 'DataCloneError'],
  ['NaN', Number.NaN, 'DataCloneError'],
  ['infinity', Number.NEGATIVE_INFINITY, 'DataCloneError'],
  ['a lone surrogate', 'a\ud800b', 'DataCloneError'],
  ['a name with a lone surrogate', { '\udc00': 1 }, 'DataCloneError'],
  ['an instance of a class', new Money(), 'DataCloneError'],
  ['a Map', new Map([[1, 2]]), 'DataCloneError'],
  ['a Set', new Set([1]), 'DataCloneError'],
  ['a RegExp', /x/, 'DataCloneError'],
  ['an Error', new Error('x'), 'DataCloneError'],
  ['a promise', Promise.resolve(1), 'DataCloneError'],
  ['an invalid Date', new Date(Number.NaN), 'DataCloneError'],
  ['an ArrayBuffer', new ArrayBuffer(4), 'DataCloneError'],
  ['other typed arrays', new Float64Array(2), 'DataCloneError'],
  ['a boxed string', Object('x'), 'DataCloneError'],
  ['undefined in an array', [1, undefined], 'DataCloneError'],
  // biome-ignore lint/suspicious/noSparseArray: it is what must be refused
  ['a hole in an array', [1, , 2], 'DataCloneError'],
  ['a cycle', cycle, 'DataCloneError'],
  ['150 levels', nest(150), 'DataError'],
  ['20,001 properties', Object.fromEntries(Array.from({ length: 20_001 }, (_, n) => [`p${n}`, n])), 'DataError'],
  ['a name of 1,025 characters', { ['x'.repeat(1025)]: 1 }, 'DataError'],
  ['17 MiB of text', 'x'.repeat(17 * 2 ** 20), 'DataError'],
  ['17 MiB in parts', Array.from({ length: 17 }, () => 'x'.repeat(2 ** 20)), 'DataError'],
]

export const refusedValues = law('law 6: what is outside the domain is refused, and nothing is stored', [
  ...outside.flatMap(([kind, value, name]) => [
    needs('put', 'query')(`${kind}`, async ({ store }) => {
      await store.put({ id: 'a', value: 'before' })
      await refusedUnchanged(store, () => store.put({ id: 'a', value }), name)
    }),
    needs('add', 'query')(`${kind}, nested, by add`, async ({ store }) => {
      await refusedUnchanged(store, () => store.add({ id: 'b', nested: { list: [value] } }), name)
    }),
  ]),
  ...[null, undefined, 5, 'text', true].map(given =>
    needs('put', 'query')(`${String(given)} is no object`, async ({ store }) => {
      await refusedUnchanged(store, () => store.put(given as never), 'TypeError')
    }),
  ),
  ...[[[1, 2]], [new Date(0)], [new Money()], [() => 1]].map(([given]) =>
    needs('put', 'query')(`${Object.prototype.toString.call(given)} is no plain object`, async ({ store }) => {
      const name = typeof given === 'function' ? 'TypeError' : 'DataCloneError'
      await refusedUnchanged(store, () => store.put(given as never), name)
    }),
  ),
  needs('put', 'query')('the message says where', async ({ store }) => {
    await assert.rejects(
      async () => store.put({ id: 'a', outer: [{ inner: () => 1 }] }),
      (error: Error) => /outer\/0\/inner/.test(error.message),
    )
  }),
])
